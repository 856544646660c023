import type { Channel, ConversationRow, Folder } from '../../src/features/conversations/index.ts'
import type { Translate } from '../../src/platform/lib/i18n.ts'
import { Unread } from '../ui/badge.tsx'
import { Icon, type IconName } from '../ui/icon.tsx'
import { Row, RowInside } from '../ui/row.tsx'
import { Time } from '../ui/time.tsx'
import { Zone as ZoneMark } from '../ui/zone.tsx'
import { Avatar } from './avatar.tsx'
import { type Person, personLabel } from './visitor.ts'

/** `unread` is the viewer's own number; `later`: the row is for many viewers, and it is put into the slot for each. */
export type InboxRow = {
  conversation: ConversationRow
  contact: Person['contact']
  twin: boolean
  siteName: string
  /** Where the client is delivered to, if anybody knows. */
  zone: Zone | null
  online: boolean
  unread: number | 'later'
}

/** A zone as it is shown: its colour and its name. */
export type Zone = { id: string; name: string; colour: string }

/** The name of "no zone" among zones. */
export const noZone = 'none'

/**
 * Which list it stands in: its folder, and what of it: unread alone, of these zones (or `noZone`), of one site; clients'
 * messages or the system's alone.
 */
export type Listed = {
  folder: Folder
  unreadOnly: boolean
  zones: readonly string[]
  site: string | null
  kind: 'users' | 'system' | null
}

/** A folder with everything in it. */
export const wholeFolder = (folder: Folder): Listed => ({
  folder,
  unreadOnly: false,
  zones: [],
  site: null,
  kind: null,
})

/** The part of an address that says which list stands beside what it shows. */
export const listQuery = ({ folder, unreadOnly, zones, site, kind }: Listed): string =>
  [
    `folder=${folder}`,
    unreadOnly ? 'unread=1' : '',
    zones.length > 0 ? `zone=${zones.join('.')}` : '',
    site === null ? '' : `site=${site}`,
    kind === null ? '' : `kind=${kind}`,
  ]
    .filter((part) => part !== '')
    .join('&')

/** Which list an address names. Null where it names none that there can be. */
export function listedFrom(query: Record<string, string | undefined>): Listed | null {
  const { folder = '', unread, zone = '', site = '', kind = '' } = query
  const named = folder === '' ? 'waiting' : folders.find((one) => one === folder)
  const zones = [...new Set(zone.split('.').filter((one) => one !== ''))].toSorted()
  const isShaped = zones.length <= mostZones && [...zones, site].every((one) => /^([0-9a-f-]{36}|none|)$/.test(one))
  if (!named || !isShaped || site === noZone || !(kind === '' || kind === 'users' || kind === 'system')) return null
  return { folder: named, unreadOnly: unread === '1', zones, site: site || null, kind: kind || null }
}

export const folders = ['waiting', 'active', 'finished'] as const
const mostZones = 100

/** A conversation of the list: the same bytes for all who read one language, but for the number of what they have not read. */
export function ConversationRowItem({ t, listed, row }: { t: Translate; listed: Listed; row: InboxRow }) {
  const { conversation, contact, twin, siteName, zone, online, unread } = row
  const { id, visitorId, state, lastText, lastAuthorKind, lastEntryAt, waitingSince, channel } = conversation
  const person = { visitorId, contact, twin }
  const visitor = personLabel(t, person)
  const at = state === 'waiting' ? (waitingSince ?? lastEntryAt) : lastEntryAt
  return (
    <li id={`row-${id}`} data-conversation={id} data-at={at}>
      <Row
        href={`/c/${id}?${listQuery(listed)}`}
        avatar={<Avatar {...person} online={online} />}
        who={
          <>
            <bdi>{visitor}</bdi>
            {online ? <span class="said">, {t('console.row.online')}</span> : null}
          </>
        }
        when={<Time class="when" at={at} ago />}
        words={lastAuthorKind === 'agent' ? t('console.row.agent', { text: lastText ?? '' }) : lastText}
        badge={unread === 'later' ? <span class="unread" data-slot={id} /> : <Unread t={t} count={unread} />}
        meta={<Origin t={t} channel={channel} siteName={siteName} zone={zone} />}
      />
      {state === 'waiting' ? (
        <button
          class="button take"
          type="button"
          hx-put={`/c/${id}/take`}
          hx-target="#list-notice"
          aria-label={t('console.take.of', { visitor })}
        >
          {t('console.take')}
        </button>
      ) : null}
    </li>
  )
}

const slot = /<span class="unread" data-slot="([0-9a-f-]{36})"><\/span>/g

/** Puts one viewer's numbers into rows that were made for many. What visitors write cannot look like a slot: it is escaped. */
export const fillSlots = (rows: string, badgeOf: (id: string) => string): string =>
  rows.replace(slot, (_, id: string) => badgeOf(id))

const channelIcons = { widget: 'widget', form: 'mail', api: 'code' } as const satisfies Record<Channel, IconName>

type From = { t: Translate; channel: Channel; siteName: string; zone?: Zone | null }

function Origin({ t, channel, siteName, zone }: From) {
  return (
    <>
      <Icon name={channelIcons[channel]} small />
      <span class="said">{t(`console.row.channel.${channel}`)}</span>
      {zone ? (
        <>
          <span class="said">{t('console.filter.zone')} </span>
          <ZoneMark {...zone} />
        </>
      ) : null}
      <span class="cut">{t('console.row.on', { site: siteName })}</span>
    </>
  )
}

/** Somebody who is writing their first message: nothing is kept of it, and it goes by itself. */
export type Writing = { visitorId: string; siteName: string; text: string; at: number }

export function WritingRow({ t, visitorId, siteName, text, at }: { t: Translate } & Writing) {
  const person = { visitorId, contact: null }
  return (
    <li id={`writing-${visitorId}`} class="writing">
      <div class="row">
        <RowInside
          avatar={<Avatar {...person} online />}
          who={<bdi>{personLabel(t, person)}</bdi>}
          when={<Time class="when" at={at} ago />}
          words={
            <span class="typing">
              <Dots />
              <span class="said">{t('console.row.writing')} </span>
              <bdi>{text}</bdi>
            </span>
          }
          meta={<Origin t={t} channel="widget" siteName={siteName} />}
        />
      </div>
    </li>
  )
}

export const Dots = () => (
  <span class="dots" aria-hidden="true">
    <i />
    <i />
    <i />
  </span>
)
