import type { Translate } from '../../src/platform/lib/i18n.ts'
import { devices } from './look-fields.ts'
import { FieldError, Question } from './question.tsx'
import type { SiteFormShown } from './site-form.ts'

const ways = ['except', 'only'] as const

/** On which devices and pages the launcher is shown, and whether the window opens by itself. */
export function SiteWhen({ t, form }: { t: Translate; form: SiteFormShown }) {
  const { widget, typed, errors } = form
  return (
    <Question id="site-when" title={t('cabinet.when')} hint={t('cabinet.when.hint')}>
      <div class="answer">
        <fieldset class="choices" data-row>
          <legend>{t('cabinet.when.hidden')}</legend>
          {devices.map((device) => (
            <label key={device} class="choice">
              <input type="checkbox" name={`hiddenOn.${device}`} checked={widget.hiddenOn.includes(device)} />
              <span>{t(`cabinet.when.device.${device}`)}</span>
            </label>
          ))}
        </fieldset>
        <fieldset class="choices">
          <legend>{t('cabinet.when.pages')}</legend>
          {ways.map((way) => (
            <label key={way} class="choice">
              <input type="radio" name="show" value={way} checked={widget.pages.show === way} />
              <span>{t(`cabinet.when.pages.${way}`)}</span>
            </label>
          ))}
        </fieldset>
        <div class="field">
          <label for="paths">{t('cabinet.when.paths')}</label>
          <textarea
            class="input"
            id="paths"
            name="paths"
            dir="ltr"
            rows={3}
            spellcheck={false}
            value={typed?.paths ?? widget.pages.paths.join('\n')}
            aria-invalid={errors.pages ? true : undefined}
            aria-describedby={errors.pages ? 'pages-error paths-hint' : 'paths-hint'}
          />
          <p class="hint" id="paths-hint">
            {t('cabinet.when.paths.hint')}
          </p>
          {errors.pages ? <FieldError id="pages-error">{t('cabinet.when.paths.invalid')}</FieldError> : null}
        </div>
        <Opens t={t} form={form} />
      </div>
    </Question>
  )
}

function Opens({ t, form: { widget, typed, errors } }: { t: Translate; form: SiteFormShown }) {
  const { openAfterSeconds } = widget
  const wrong = errors.openAfterSeconds !== undefined
  return (
    <div class="field">
      <div class="inline">
        <label class="choice">
          <input type="checkbox" name="opens" checked={typed ? 'opens' in typed : openAfterSeconds !== null} />
          <span>{t('cabinet.when.opens')}</span>
        </label>
        <input
          class="input"
          id="openAfterSeconds"
          name="openAfterSeconds"
          inputMode="numeric"
          value={typed?.openAfterSeconds ?? `${openAfterSeconds ?? 30}`}
          aria-label={t('cabinet.when.seconds.label')}
          aria-invalid={wrong || undefined}
          aria-describedby={wrong ? 'seconds-error' : undefined}
        />
        <span>{t('cabinet.when.seconds')}</span>
      </div>
      {wrong ? <FieldError id="seconds-error">{t('cabinet.when.range')}</FieldError> : null}
    </div>
  )
}
