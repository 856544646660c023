import type { TroubleKind } from '../../src/providers/mail/trouble.ts'
import type { Translate } from '../../src/platform/lib/i18n.ts'
import { Button } from '../ui/button.tsx'
import { Pager } from '../ui/pager.tsx'
import { Table } from '../ui/table.tsx'
import { Tabs } from '../ui/tabs.tsx'
import { Time } from '../ui/time.tsx'
import { ServerLine } from './mail-test.tsx'

export type OutboxState = 'waiting' | 'failed' | 'dead'

/** A mail that has not gone out. */
export type OutboxMail = {
  id: string
  kind: 'copy' | 'answer'
  to: string
  conversationId: string
  who: string
  writtenAt: number
  state: OutboxState
  attempts: number
  /** Null: it stands behind another, or is given up. */
  nextAt: number | null
  trouble: TroubleKind | null
  line: string | null
}

export type OutboxShown = {
  state: OutboxState | null
  counts: Record<OutboxState, number>
  mails: OutboxMail[]
  /** This stretch of it, and its neighbours. */
  here: string
  first: string | null
  next: string | null
}

const states = ['waiting', 'failed', 'dead'] as const

/** What has not gone out, and why: asks for itself again whenever something of it moves. */
export function MailOutbox({ t, shown }: { t: Translate; shown: OutboxShown }) {
  const { state, counts, mails, here, first, next } = shown
  const all = counts.waiting + counts.failed + counts.dead
  return (
    <div
      class="mail-part"
      id="mail-outbox"
      hx-get={`/settings/mail/outbox${here}`}
      hx-trigger="mail-changed from:body throttle:500ms"
      hx-target="this"
      hx-swap="outerMorph"
    >
      <header class="mail-head">
        <h2>{t('mail.outbox')}</h2>
        {counts.failed + counts.dead > 0 ? (
          <Button hx-post={`/settings/mail/outbox/tries${here}`} hx-target="#mail-outbox" hx-swap="outerMorph">
            {t('mail.outbox.all_again')}
          </Button>
        ) : null}
      </header>
      <p class="hint">{t('mail.outbox.lead')}</p>
      <Tabs
        label={t('mail.outbox')}
        tabs={[
          { href: '/settings/mail#mail-outbox', label: t('mail.outbox.all', { count: all }), current: state === null },
          ...states.map((one) => ({
            href: `/settings/mail?state=${one}#mail-outbox`,
            label: t(`mail.outbox.${one}`, { count: counts[one] }),
            current: state === one,
          })),
        ]}
      />
      {mails.length === 0 ? (
        <p class="none">{t(state === null ? 'mail.outbox.none' : 'mail.outbox.none_here')}</p>
      ) : (
        <Mails t={t} mails={mails} here={here} />
      )}
      {first === null && next === null ? null : <Pager t={t} previous={first} next={next} />}
    </div>
  )
}

function Mails({ t, mails, here }: { t: Translate; mails: OutboxMail[]; here: string }) {
  const names = ['to', 'about', 'written', 'state', 'actions'] as const
  return (
    <Table
      caption={t('mail.outbox')}
      columns={names.map((name) => ({ name: t(`mail.outbox.${name}`) }))}
      rows={mails.map((mail) => ({
        key: mail.id,
        cells: [
          <bdi key="to">{mail.to}</bdi>,
          <a key="about" href={`/c/${mail.conversationId}`}>
            {t(`mail.outbox.${mail.kind}`)} <bdi>{mail.who}</bdi>
          </a>,
          <Time key="written" at={mail.writtenAt} />,
          <State key="state" t={t} mail={mail} />,
          <Button
            key="again"
            kind="quiet"
            aria-label={t('mail.outbox.again_to', { to: mail.to })}
            hx-post={`/settings/mail/outbox/${mail.id}/tries${here}`}
            hx-target="#mail-outbox"
            hx-swap="outerMorph"
          >
            {t('mail.outbox.again')}
          </Button>,
        ],
      }))}
    />
  )
}

function State({ t, mail }: { t: Translate; mail: OutboxMail }) {
  const { state, attempts, trouble, line, nextAt } = mail
  return (
    <div class="mail-state">
      <p class="status" data-is={state === 'waiting' ? undefined : 'attention'}>
        {t(`mail.state.${state}`, { count: attempts })}
        {nextAt === null ? null : (
          <>
            {' '}
            {t('mail.state.next')} <Time at={nextAt} />
          </>
        )}
      </p>
      {trouble === null ? null : <p>{t(`mail.trouble.${trouble}`)}</p>}
      <ServerLine t={t} line={line} />
    </div>
  )
}
