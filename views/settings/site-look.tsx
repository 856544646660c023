import { locales, type Translate } from '../../src/platform/lib/i18n.ts'
import type { LookError } from './look-fields.ts'
import { PictureField } from './picture-field.tsx'
import { FieldError, Question } from './question.tsx'
import type { SiteFormShown } from './site-form.ts'

const icons = ['speech', 'question', 'phone', 'drop'] as const
const sides = ['end', 'start'] as const
const themes = ['auto', 'light', 'dark'] as const

/** What a visitor sees of the widget. */
export function SiteLook({ t, form }: { t: Translate; form: SiteFormShown }) {
  const { widget, typed, errors } = form
  return (
    <Question id="site-look" title={t('cabinet.look')} hint={t('cabinet.look.hint')}>
      <div class="answer">
        <div class="field">
          <label for="colour">{t('cabinet.look.colour')}</label>
          <input class="colour" id="colour" name="colour" type="color" value={widget.colour} />
          {errors.colour ? <FieldError id="colour-error">{t('cabinet.look.colour.invalid')}</FieldError> : null}
        </div>
        <fieldset class="choices" data-row>
          <legend>{t('cabinet.look.icon')}</legend>
          {icons.map((one) => (
            <label key={one} class="choice">
              <input type="radio" name="icon" value={one} checked={widget.icon === one} />
              <span>{t(`cabinet.look.icon.${one}`)}</span>
            </label>
          ))}
        </fieldset>
        <div class="field">
          <label for="label">{t('cabinet.look.label')}</label>
          <input
            class="input"
            id="label"
            name="label"
            type="text"
            dir="auto"
            value={typed?.label ?? widget.label}
            aria-invalid={errors.label ? true : undefined}
            aria-describedby={errors.label ? 'label-error label-hint' : 'label-hint'}
          />
          <p class="hint" id="label-hint">
            {t('cabinet.look.label.hint')}
          </p>
          {errors.label ? <FieldError id="label-error">{t('cabinet.look.label.invalid')}</FieldError> : null}
        </div>
        <fieldset class="choices">
          <legend>{t('cabinet.look.logo')}</legend>
          <PictureField
            t={t}
            name="logo"
            hash={widget.logo}
            error={errors.logo && t('cabinet.chat.greeting.picture_invalid')}
          />
        </fieldset>
        <fieldset class="choices" data-row>
          <legend>{t('cabinet.look.side')}</legend>
          {sides.map((one) => (
            <label key={one} class="choice">
              <input type="radio" name="side" value={one} checked={widget.side === one} />
              <span>{t(`cabinet.look.side.${one}`)}</span>
            </label>
          ))}
        </fieldset>
        <Pixels
          t={t}
          name="offsetInline"
          value={typed?.offsetInline ?? `${widget.offset.inline}`}
          error={errors.offsetInline}
        />
        <Pixels
          t={t}
          name="offsetBlock"
          value={typed?.offsetBlock ?? `${widget.offset.block}`}
          error={errors.offsetBlock}
        />
        <fieldset class="choices" data-row>
          <legend>{t('cabinet.look.theme')}</legend>
          {themes.map((one) => (
            <label key={one} class="choice">
              <input type="radio" name="theme" value={one} checked={widget.theme === one} />
              <span>{t(`cabinet.look.theme.${one}`)}</span>
            </label>
          ))}
        </fieldset>
        <div class="field">
          <label for="locale">{t('cabinet.look.locale')}</label>
          <select class="select" id="locale" name="locale">
            <option value="auto" selected={widget.locale === 'auto'}>
              {t('cabinet.look.locale.auto')}
            </option>
            {locales.map((one) => (
              <option key={one} value={one} lang={one} selected={widget.locale === one}>
                {t(`account.language.${one}`)}
              </option>
            ))}
          </select>
        </div>
        <label class="choice">
          <input type="checkbox" name="poweredBy" checked={widget.poweredBy} />
          <span>{t('cabinet.look.powered')}</span>
        </label>
      </div>
    </Question>
  )
}

type PixelsProps = {
  t: Translate
  name: 'offsetInline' | 'offsetBlock'
  value: string
  error: LookError | undefined
}

function Pixels({ t, name, value, error }: PixelsProps) {
  const words = name === 'offsetInline' ? t('cabinet.look.offset.inline') : t('cabinet.look.offset.block')
  return (
    <div class="field">
      <label for={name}>{words}</label>
      <input
        class="input short"
        id={name}
        name={name}
        inputMode="numeric"
        value={value}
        aria-invalid={error ? true : undefined}
        aria-describedby={error ? `${name}-error` : undefined}
      />
      {error ? <FieldError id={`${name}-error`}>{t('cabinet.look.range.offset')}</FieldError> : null}
    </div>
  )
}
