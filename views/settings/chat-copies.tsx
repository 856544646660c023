import type { Translate } from '../../src/platform/lib/i18n.ts'
import { Icon } from '../ui/icon.tsx'
import type { ChatFormShown } from './chat-form.ts'
import { Answer, OwnOrNot } from './own-answer.tsx'
import { FieldError, Question } from './question.tsx'

const most = { addresses: 20, minutes: 1440 }

/** Who gets the messages by mail, how often, and which. */
export function ChatCopies({ t, form }: { t: Translate; form: ChatFormShown }) {
  const title = t('cabinet.chat.copies')
  const { copies } = form.chat
  const { on, addresses } = form.defaults.copies
  const now = on ? addresses.join(', ') : t('cabinet.value.off')
  return (
    <Question
      id="chat-copies"
      title={title}
      hint={t('cabinet.chat.copies.hint')}
      aside={<OwnOrNot t={t} form={form} field="copies" question={title} />}
    >
      <Answer t={t} form={form} now={now}>
        <label class="on-off">
          <input class="switch" type="checkbox" role="switch" name="copies" checked={copies.on} />
          {t('cabinet.chat.copies.switch')}
        </label>
        <Addresses t={t} form={form} />
        <Often t={t} form={form} />
        <label class="choice">
          <input type="checkbox" name="withAnswers" checked={copies.withAnswers} />
          <span>{t('cabinet.chat.copies.answers')}</span>
        </label>
        <label class="choice">
          <input type="checkbox" name="withFeedback" checked={copies.withFeedback} />
          <span>{t('cabinet.chat.copies.feedback')}</span>
        </label>
      </Answer>
    </Question>
  )
}

/** A line of addresses, of which the script makes one chip for each. */
function Addresses({ t, form }: { t: Translate; form: ChatFormShown }) {
  const { addresses: wrong, address: faults = [] } = form.errors
  const words = {
    'data-add': t('cabinet.chat.copies.add'),
    'data-remove': t('cabinet.chat.copies.remove', { address: '{address}' }),
    'data-faults': JSON.stringify(faults.map(({ address }) => address)),
  }
  const isWrong = wrong !== undefined || faults.length > 0
  return (
    <div class="field">
      <label for="addresses">{t('cabinet.chat.copies.addresses')}</label>
      <input
        class="input"
        id="addresses"
        name="addresses"
        type="text"
        dir="ltr"
        spellcheck={false}
        inputMode="email"
        value={form.chat.copies.addresses.join(', ')}
        aria-invalid={isWrong || undefined}
        aria-describedby={isWrong ? 'addresses-error addresses-hint' : 'addresses-hint'}
        data-chips
        {...words}
      />
      <template id="cross">
        <Icon name="close" small />
      </template>
      <div id="addresses-error">
        {wrong === undefined ? null : (
          <FieldError id="addresses-wrong">{t(`cabinet.chat.copies.${wrong}`, { max: most.addresses })}</FieldError>
        )}
        {faults.map(({ address, fault }) => (
          <FieldError key={address} id={`address-${fault}`}>
            <bdi>{t(`cabinet.chat.copies.${fault}`, { address })}</bdi>
          </FieldError>
        ))}
      </div>
      <p class="hint" id="addresses-hint">
        {t('cabinet.chat.copies.addresses.hint')}
      </p>
    </div>
  )
}

function Often({ t, form }: { t: Translate; form: ChatFormShown }) {
  const { digestMinutes } = form.chat.copies
  const typed = form.digestMinutes
  const isDigest = digestMinutes !== null || typed !== undefined
  const wrong = form.errors.digestMinutes !== undefined
  return (
    <fieldset class="choices">
      <legend class="said">{t('cabinet.chat.copies.often')}</legend>
      <label class="choice">
        <input type="radio" name="often" value="each" checked={!isDigest} />
        <span>{t('cabinet.chat.copies.each')}</span>
      </label>
      <div class="inline">
        <label class="choice">
          <input type="radio" name="often" value="digest" checked={isDigest} />
          <span>{t('cabinet.chat.copies.digest')}</span>
        </label>
        <input
          class="input"
          name="digestMinutes"
          id="digest-minutes"
          inputMode="numeric"
          value={typed ?? `${digestMinutes ?? 15}`}
          aria-label={t('cabinet.chat.copies.minutes_between')}
          aria-invalid={wrong || undefined}
          aria-describedby={wrong ? 'digest-error' : undefined}
        />
        <span>{t('cabinet.chat.copies.minutes')}</span>
      </div>
      {wrong ? (
        <FieldError id="digest-error">{t('cabinet.chat.copies.range', { max: most.minutes })}</FieldError>
      ) : null}
    </fieldset>
  )
}
