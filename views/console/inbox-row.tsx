import type { Channel, ConversationRow, Folder } from '../../src/features/conversations/index.ts'
import type { Translate } from '../../src/platform/lib/i18n.ts'
import { Unread } from '../ui/badge.tsx'
import { Icon, type IconName } from '../ui/icon.tsx'
import { Row, RowInside } from '../ui/row.tsx'
import { Time } from '../ui/time.tsx'
import { Avatar } from './avatar.tsx'
import { type Person, personLabel } from './visitor.ts'

/** `unread` is the viewer's own number; `later`: the row is for many viewers, and it is put into the slot for each. */
export type InboxRow = {
  conversation: ConversationRow
  contact: Person['contact']
  twin: boolean
  siteName: string
  online: boolean
  unread: number | 'later'
}

/** Which list it stands in: its folder, and whether only what is unread is shown. */
export type Listed = { folder: Folder; unreadOnly: boolean }

/** The part of an address that says which list stands beside what it shows. */
export const listQuery = ({ folder, unreadOnly }: Listed): string => `folder=${folder}${unreadOnly ? '&unread=1' : ''}`

/** A conversation of the list: the same bytes for all who read one language, but for the number of what they have not read. */
export function ConversationRowItem({ t, listed, row }: { t: Translate; listed: Listed; row: InboxRow }) {
  const { conversation, contact, twin, siteName, online, unread } = row
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
        meta={<Origin t={t} channel={channel} siteName={siteName} />}
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

function Origin({ t, channel, siteName }: { t: Translate; channel: Channel; siteName: string }) {
  return (
    <>
      <Icon name={channelIcons[channel]} small />
      <span class="said">{t(`console.row.channel.${channel}`)}</span>
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
