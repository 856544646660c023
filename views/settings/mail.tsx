import type { Translate } from '../../src/platform/lib/i18n.ts'
import { locales } from '../../src/platform/lib/i18n.ts'
import type { Shell } from '../layout/console.tsx'
import { SettingsPage } from './cabinet.tsx'
import type { ChangeShown } from './change-shown.ts'
import { Changed } from './changed.tsx'
import { MailOutbox, type OutboxShown } from './mail-outbox.tsx'
import { MailTest } from './mail-test.tsx'
import { FieldError, Question } from './question.tsx'
import { refusedElsewhere, SaveBar } from './save-bar.tsx'

/** How mail goes out, as the form shows it: kept, or as it was typed. The password is never among it. */
export type MailFormShown = {
  values: Record<MailField, string>
  hasPassword: boolean
  /** What is wrong with which field, in words. */
  errors: Partial<Record<MailField | 'password', string>>
  /** The last change that whoever types has seen, and those that others made since. */
  seen: string | null
  meanwhile: ChangeShown[]
  refused: boolean
}
export type MailField = 'host' | 'port' | 'security' | 'user' | 'senderName' | 'senderAddress' | 'locale'

type Parts = {
  form: MailFormShown
  /** Where links lead; `sure` when that is configured. Null before mail is set up. */
  links: { origin: string; sure: boolean } | null
  /** Whom a test goes to, if nobody else is named. */
  testTo: string
  outbox: OutboxShown
}

/** How mail goes out, whether that works, and what has not gone out. */
export function MailPage({ t, assets, viewer, form, links, testTo, outbox }: Shell & Parts) {
  return (
    <SettingsPage
      t={t}
      assets={assets}
      viewer={viewer}
      current="mail"
      title={t('cabinet.page.mail')}
      lead={t('mail.lead')}
    >
      <MailForm t={t} form={form} />
      <Question id="mail-links" title={t('mail.links')}>
        <MailLinks t={t} links={links} />
      </Question>
      <Question id="mail-trial" title={t('mail.test')} hint={t('mail.test.hint')}>
        <MailTest t={t} to={testTo} />
      </Question>
      <MailOutbox t={t} shown={outbox} />
    </SettingsPage>
  )
}

export function MailLinks({ t, links }: { t: Translate; links: Parts['links'] }) {
  if (links === null)
    return (
      <p class="mail-links" id="mail-origin">
        {t('mail.links.none')}
      </p>
    )
  const { origin, sure } = links
  return (
    <div class="mail-links" id="mail-origin">
      <p>
        {t(sure ? 'mail.links.public' : 'mail.links.guessed')} <bdi class="address">{origin}</bdi>
      </p>
      {sure ? null : <p>{t('mail.links.set')}</p>}
    </div>
  )
}

export function MailForm({ t, form }: { t: Translate; form: MailFormShown }) {
  const { values, errors, refused } = form
  return (
    <form
      id="mail-form"
      data-unsaved
      data-refused={refused ? '' : undefined}
      novalidate
      autocomplete="off"
      hx-put="/settings/mail"
      hx-swap="outerHTML"
      hx-sync="this:drop"
      {...refusedElsewhere}
    >
      <input type="hidden" name="seen" value={form.seen ?? ''} />
      {form.meanwhile.length > 0 ? <Changed t={t} changes={form.meanwhile} /> : null}
      <Question id="mail-server" title={t('mail.server')} hint={t('mail.server.hint')}>
        <div class="answer fields">
          <Line t={t} form={form} field="host" dir="ltr" />
          <Line t={t} form={form} field="port" dir="ltr" inputMode="numeric" />
          <Security t={t} value={values.security} error={errors.security} />
        </div>
      </Question>
      <Question id="mail-login" title={t('mail.login')} hint={t('mail.login.hint')}>
        <div class="answer fields">
          <Line t={t} form={form} field="user" dir="ltr" />
          <Password t={t} form={form} />
        </div>
      </Question>
      <Question id="mail-sender" title={t('mail.sender')} hint={t('mail.sender.hint')}>
        <div class="answer fields">
          <Line t={t} form={form} field="senderName" dir="auto" />
          <Line t={t} form={form} field="senderAddress" dir="ltr" inputMode="email" />
        </div>
      </Question>
      <Question id="mail-language" title={t('mail.locale')} hint={t('mail.locale.hint')}>
        <div class="answer">
          <label class="said" for="mail-locale">
            {t('mail.locale')}
          </label>
          <select class="select" id="mail-locale" name="locale" autocomplete="off">
            {locales.map((locale) => (
              <option key={locale} value={locale} selected={locale === values.locale}>
                {t(`mail.locale.${locale}`)}
              </option>
            ))}
          </select>
          {errors.locale ? <FieldError id="mail-locale-error">{errors.locale}</FieldError> : null}
        </div>
      </Question>
      <SaveBar t={t} wrong={Object.keys(errors).map((field) => `mail-${field}`)[0]} />
    </form>
  )
}

type LineProps = {
  t: Translate
  form: MailFormShown
  field: 'host' | 'port' | 'user' | 'senderName' | 'senderAddress'
  dir: 'ltr' | 'auto'
  inputMode?: 'numeric' | 'email'
}

function Line({ t, form, field, dir, ...rest }: LineProps) {
  const error = form.errors[field]
  return (
    <div class="field" data-field={field}>
      <label for={`mail-${field}`}>{t(`mail.field.${field}`)}</label>
      <input
        class="input"
        id={`mail-${field}`}
        name={field}
        type="text"
        dir={dir}
        value={form.values[field]}
        autocomplete="off"
        spellcheck={false}
        aria-invalid={error ? true : undefined}
        aria-describedby={error ? `mail-${field}-error` : undefined}
        {...rest}
      />
      {error ? <FieldError id={`mail-${field}-error`}>{error}</FieldError> : null}
    </div>
  )
}

function Password({ t, form }: { t: Translate; form: MailFormShown }) {
  const error = form.errors.password
  return (
    <div class="field" data-field="password">
      <label for="mail-password">{t('mail.field.password')}</label>
      <input
        class="input"
        id="mail-password"
        name="password"
        type="password"
        autocomplete="new-password"
        aria-invalid={error ? true : undefined}
        aria-describedby={error ? 'mail-password-error' : 'mail-password-hint'}
      />
      <p class="hint" id="mail-password-hint">
        {t(form.hasPassword ? 'mail.password.kept' : 'mail.password.none')}
      </p>
      {error ? <FieldError id="mail-password-error">{error}</FieldError> : null}
    </div>
  )
}

function Security({ t, value, error }: { t: Translate; value: string; error: string | undefined }) {
  return (
    <fieldset class="choices" id="mail-security">
      <legend>{t('mail.field.security')}</legend>
      {(['starttls', 'tls', 'none'] as const).map((one) => (
        <label key={one} class="choice">
          <input type="radio" name="security" value={one} checked={value === one} />
          <span>{t(`mail.security.${one}`)}</span>
          <span class="hint">{t(`mail.security.${one}.hint`)}</span>
        </label>
      ))}
      {error ? <FieldError id="mail-security-error">{error}</FieldError> : null}
    </fieldset>
  )
}
