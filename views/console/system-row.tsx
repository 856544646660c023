import type { SystemMessage, SystemStanding } from '../../src/features/system-messages/index.ts'
import type { Translate } from '../../src/platform/lib/i18n.ts'
import { Unread } from '../ui/badge.tsx'
import { IconButton } from '../ui/button.tsx'
import { Icon, type IconName } from '../ui/icon.tsx'
import { Row } from '../ui/row.tsx'
import { Time } from '../ui/time.tsx'
import { type Listed, listQuery } from './inbox-row.tsx'
import { systemTitle } from './system-words.ts'

const icons = {
  upgrade: 'download',
  delivery: 'mail',
  disk: 'attention',
  notice: 'bell',
} as const satisfies Record<SystemMessage['kind'], IconName>

/** The sign of what it is about, in the place of a face. */
export const SystemSign = ({ kind }: { kind: SystemMessage['kind'] }) => (
  <span class="system-sign" aria-hidden="true">
    <Icon name={icons[kind]} />
  </span>
)

/** Whether the system's messages stand above a list: belonging to no zone and no site, they go where one of those is chosen. */
export const isSystemListed = ({ newest, unread, hidden }: SystemStanding, listed: Listed): boolean =>
  newest !== null &&
  !hidden &&
  listed.kind === null &&
  listed.zones.length === 0 &&
  listed.site === null &&
  (!listed.unreadOnly || unread > 0)

type Props = { t: Translate; standing: SystemStanding; listed: Listed }

/** All that the system says, as one row above every folder: the newest of it, and one press that hides it. */
export function SystemRow({ t, standing: { newest, unread }, listed }: Props) {
  if (newest === null) return null
  return (
    <div class="system-row" id="system-row">
      <Row
        href={`/system?${listQuery(listed)}`}
        avatar={<SystemSign kind={newest.kind} />}
        who={t('console.filter.system')}
        when={<Time class="when" at={newest.createdAt} ago />}
        words={systemTitle(t, newest)}
        badge={<Unread t={t} count={unread} />}
      />
      <IconButton
        icon="close"
        id="hide-system"
        label={t('console.system.hide')}
        hx-put={`/system/hidden?${listQuery(listed)}`}
        hx-swap="none"
      />
    </div>
  )
}

/** One of them, in the list of them alone. */
export function SystemMessageRow({
  t,
  message,
  unread,
  listed,
}: {
  t: Translate
  message: SystemMessage
  unread: boolean
  listed: Listed
}) {
  const { id, kind, createdAt, overAt } = message
  return (
    <li id={`system-${id}`} data-system={id}>
      <Row
        href={`/system?${listQuery(listed)}&m=${id}`}
        avatar={<SystemSign kind={kind} />}
        who={systemTitle(t, message)}
        when={<Time class="when" at={createdAt} ago />}
        words={t(`console.system.kind.${kind}`) + (overAt === null ? '' : `, ${t('console.system.over')}`)}
        badge={unread ? <Unread t={t} count={1} /> : null}
      />
    </li>
  )
}
