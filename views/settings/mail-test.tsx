import type { TroubleKind } from '../../src/providers/mail/trouble.ts'
import type { Translate } from '../../src/platform/lib/i18n.ts'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { FieldError } from './question.tsx'

export type TestShown = { to: string; trouble: TroubleKind | null; line: string | null }

/** Sends a mail and says what the server answered: in plain words, and in its own beside them. */
export function MailTest(props: { t: Translate; to: string; outcome?: TestShown; wrong?: string }) {
  const { t, to, outcome, wrong } = props
  return (
    <form
      class="mail-test"
      id="mail-test"
      novalidate
      hx-post="/settings/mail/test"
      hx-swap="outerHTML"
      hx-sync="this:drop"
    >
      <div class="field">
        <label for="mail-test-to">{t('mail.test.to')}</label>
        <input
          class="input"
          id="mail-test-to"
          name="to"
          type="email"
          dir="ltr"
          value={to}
          autocomplete="off"
          aria-invalid={wrong ? true : undefined}
          aria-describedby={wrong ? 'mail-test-error' : undefined}
        />
        {wrong ? <FieldError id="mail-test-error">{wrong}</FieldError> : null}
      </div>
      <Button type="submit" icon="mail">
        {t('mail.test.send')}
      </Button>
      <div class="mail-outcome" role="status">
        {outcome ? <Outcome t={t} outcome={outcome} /> : null}
      </div>
    </form>
  )
}

function Outcome({ t, outcome }: { t: Translate; outcome: TestShown }) {
  const { to, trouble, line } = outcome
  return (
    <>
      <p class="status" data-is={trouble === null ? 'good' : 'attention'}>
        <Icon name={trouble === null ? 'check' : 'attention'} small />
        <span>{trouble === null ? t('mail.test.done', { to }) : t(`mail.trouble.${trouble}`)}</span>
      </p>
      <ServerLine t={t} line={line} />
    </>
  )
}

/** What a mail server said, as it said it. */
export function ServerLine({ t, line }: { t: Translate; line: string | null }) {
  if (line === null) return null
  return (
    <p class="server-line">
      <span>{t('mail.server.said')}</span> <code dir="ltr">{line}</code>
    </p>
  )
}
