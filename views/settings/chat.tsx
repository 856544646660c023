import type { ChatErrors } from '../../src/features/sites/index.ts'
import type { Translate } from '../../src/platform/lib/i18n.ts'
import type { Shell } from '../layout/console.tsx'
import { SettingsPage } from './cabinet.tsx'
import { Changed } from './changed.tsx'
import { ChatCopies } from './chat-copies.tsx'
import type { ChatFormShown } from './chat-form.ts'
import { ChatGreeting } from './chat-greeting.tsx'
import { Answer, OwnOrNot } from './own-answer.tsx'
import { Question } from './question.tsx'
import { refusedElsewhere, SaveBar } from './save-bar.tsx'

type ChatProps = { t: Translate; form: ChatFormShown; emoji: string; preview: string }

/** When the chat is there, who may write, how it greets and who gets a copy: for all sites, or for one. */
export function ChatSettingsPage(
  props: Shell & Omit<ChatProps, 'preview'> & { sites: { id: string; name: string }[]; preview: string },
) {
  const { t, assets, viewer, form, sites, emoji, preview } = props
  return (
    <SettingsPage
      t={t}
      assets={assets}
      viewer={viewer}
      current="chat"
      title={t('cabinet.page.chat')}
      lead={t('cabinet.chat.lead')}
      actions={<Scope t={t} sites={sites} siteId={form.site?.id ?? null} />}
    >
      <ChatForm t={t} form={form} emoji={emoji} preview={preview} />
    </SettingsPage>
  )
}

/** Which site it is about. The script goes there at once; without it there is a button. */
function Scope({ t, sites, siteId }: { t: Translate; sites: { id: string; name: string }[]; siteId: string | null }) {
  return (
    <form class="scope" action="/settings/chat" data-do="go">
      <label for="scope">{t('cabinet.chat.for')}</label>
      <select class="select" id="scope" name="site" autocomplete="off">
        <option value="" selected={siteId === null}>
          {t('cabinet.chat.all_sites')}
        </option>
        {sites.map(({ id, name }) => (
          <option key={id} value={id} selected={id === siteId}>
            {name}
          </option>
        ))}
      </select>
    </form>
  )
}

export function ChatForm({ t, form, emoji, preview }: ChatProps) {
  const { site, seen, refused, meanwhile } = form
  const address = site === null ? '/settings/chat' : `/settings/chat?site=${site.id}`
  return (
    <form
      id="chat-form"
      data-unsaved
      data-refused={refused ? '' : undefined}
      novalidate
      autocomplete="off"
      hx-put={address}
      hx-swap="outerHTML"
      hx-sync="this:drop"
      {...refusedElsewhere}
    >
      <input type="hidden" name="seen" value={seen ?? ''} />
      {meanwhile.length > 0 ? <Changed t={t} changes={meanwhile} /> : null}
      <Enabled t={t} form={form} />
      <Audience t={t} form={form} />
      <ChatGreeting t={t} form={form} emoji={emoji} preview={preview} />
      <ChatCopies t={t} form={form} />
      <SaveBar t={t} wrong={firstWrong(form.errors)} />
    </form>
  )
}

function firstWrong({ greeting, greetingPicture, address, addresses, digestMinutes }: ChatErrors): string | null {
  if (greeting) return 'greeting'
  if (greetingPicture) return 'greetingPicture-field'
  if (address || addresses) return 'addresses'
  return digestMinutes ? 'digest-minutes' : null
}

function Enabled({ t, form }: { t: Translate; form: ChatFormShown }) {
  const title = t('cabinet.chat.enabled')
  return (
    <Question
      id="chat-enabled"
      title={title}
      hint={t('cabinet.chat.enabled.hint')}
      aside={<OwnOrNot t={t} form={form} field="chatEnabled" question={title} />}
    >
      <Answer t={t} form={form} now={t(form.defaults.chatEnabled ? 'cabinet.value.on' : 'cabinet.value.off')}>
        <label class="on-off">
          <input class="switch" type="checkbox" role="switch" name="chatEnabled" checked={form.chat.chatEnabled} />
          {t('cabinet.chat.enabled.switch')}
        </label>
      </Answer>
    </Question>
  )
}

function Audience({ t, form }: { t: Translate; form: ChatFormShown }) {
  const title = t('cabinet.chat.audience')
  return (
    <Question
      id="chat-audience"
      title={title}
      hint={t('cabinet.chat.audience.hint')}
      aside={<OwnOrNot t={t} form={form} field="audience" question={title} />}
    >
      <Answer t={t} form={form} now={t(`cabinet.chat.audience.${form.defaults.audience}`)}>
        <fieldset class="choices">
          <legend class="said">{title}</legend>
          {(['anyone', 'registered'] as const).map((one) => (
            <label key={one} class="choice">
              <input type="radio" name="audience" value={one} checked={form.chat.audience === one} />
              <span>{t(`cabinet.chat.audience.${one}`)}</span>
              <span class="hint">{t(`cabinet.chat.audience.${one}.hint`)}</span>
            </label>
          ))}
        </fieldset>
      </Answer>
    </Question>
  )
}
