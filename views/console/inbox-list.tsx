import type { ConversationRow, Folder } from '../../src/features/conversations/index.ts'
import type { Translate } from '../../src/platform/lib/i18n.ts'
import { Snippet } from '../ui/snippet.tsx'
import { Time } from '../ui/time.tsx'
import { Avatar } from './avatar.tsx'
import { type Person, personLabel } from './visitor.ts'

export const folders = ['waiting', 'active', 'finished'] as const

/** Somebody who is writing their first message: nothing is kept of it, and it goes by itself. */
export type Writing = { visitorId: string; siteName: string; text: string; at: number }
export type Counts = Record<Folder, number>
export type InboxRow = { conversation: ConversationRow; contact: Person['contact']; siteName: string }
/** A page of a folder; `more` asks for the next one. */
export type RowsPage = {
  folder: Folder
  rows: InboxRow[]
  writing: Writing[]
  more: string | null
  snippet: string | null
}

/**
 * The left pane: folders, then the open one's rows, which ask for themselves again when something changed. `alone` says
 * that no conversation is open: then the list is what the page is about.
 */
export function InboxList(props: { t: Translate; counts: Counts; page: RowsPage; alone: boolean }) {
  const { t, counts, page, alone } = props
  return (
    <section class="inbox" id="inbox" aria-label={t('console.nav.conversations')}>
      {alone ? <h1 class="said">{t(`console.folder.${page.folder}`)}</h1> : null}
      <nav class="folders" id="folders" aria-label={t('console.folders')}>
        <Folders t={t} counts={counts} current={page.folder} />
      </nav>
      <div id="list-notice" />
      <div class="rows" tabIndex={-1}>
        <ol
          id="rows"
          hx-get={`/inbox/rows?folder=${page.folder}`}
          hx-trigger="inbox-changed from:body throttle:250ms"
          hx-swap="innerMorph"
          data-folder={page.folder}
          {...unlessRefused}
        >
          <Rows t={t} page={page} />
        </ol>
      </div>
    </section>
  )
}

// A refusal says nothing about the list: what stands there stays.
const unlessRefused = { 'hx-status:4xx': 'swap:none', 'hx-status:5xx': 'swap:none' }

export function Folders({ t, counts, current }: { t: Translate; counts: Counts; current: Folder }) {
  return (
    <>
      {folders.map((folder) => (
        <a key={folder} href={`/inbox?folder=${folder}`} aria-current={folder === current ? 'page' : undefined}>
          {t(`console.folder.${folder}`)} <span class="count">{shown(t, counts[folder])}</span>
        </a>
      ))}
    </>
  )
}

const shown = (t: Translate, count: number): string => (count > 99 ? t('console.count.many') : `${count}`)

/** The rows alone, as the page holds them and as they are asked for again. */
export function Rows({ t, page }: { t: Translate; page: RowsPage }) {
  const { folder, rows, writing, more, snippet } = page
  if (rows.length === 0 && writing.length === 0) return <Empty t={t} folder={folder} snippet={snippet} />
  return (
    <>
      {rows.map((row) => (
        <Row key={row.conversation.id} t={t} folder={folder} {...row} />
      ))}
      {writing.map((one) => (
        <WritingRow key={one.visitorId} t={t} {...one} />
      ))}
      {more === null ? null : <More t={t} address={more} />}
    </>
  )
}

function Row({ t, folder, conversation, contact, siteName }: { t: Translate; folder: Folder } & InboxRow) {
  const { id, visitorId, state, lastText, lastAuthorKind, lastEntryAt, waitingSince } = conversation
  const visitor = personLabel(t, { visitorId, contact })
  const at = state === 'waiting' ? (waitingSince ?? lastEntryAt) : lastEntryAt
  return (
    <li id={`row-${id}`} data-conversation={id}>
      <a class="row" href={`/c/${id}?folder=${folder}`}>
        <Avatar visitorId={visitorId} contact={contact} />
        <span class="who cut">
          <bdi>{visitor}</bdi>
        </span>
        <Time class="when" at={at} />
        <span class="words cut" dir="auto">
          {lastAuthorKind === 'agent' ? t('console.row.agent', { text: lastText ?? '' }) : lastText}
        </span>
        <span class="meta cut">{t('console.row.on', { site: siteName })}</span>
      </a>
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

function WritingRow({ t, visitorId, siteName, text, at }: { t: Translate } & Writing) {
  return (
    <li id={`writing-${visitorId}`} class="writing">
      <div class="row">
        <Avatar visitorId={visitorId} contact={null} />
        <span class="who cut">{personLabel(t, { visitorId, contact: null })}</span>
        <Time class="when" at={at} />
        <span class="words cut typing">
          <Dots />
          {t('console.row.writing')} <bdi>{text}</bdi>
        </span>
        <span class="meta cut">{t('console.row.on', { site: siteName })}</span>
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

/** Asks for the next page when it comes into view, or is pressed. */
function More({ t, address }: { t: Translate; address: string }) {
  return (
    <li id="more" hx-get={address} hx-trigger="revealed, click" hx-swap="outerHTML">
      <button class="button" type="button" data-kind="quiet">
        {t('console.list.more')}
      </button>
    </li>
  )
}

function Empty({ t, folder, snippet }: { t: Translate; folder: Folder; snippet: string | null }) {
  return (
    <li class="empty" id="empty">
      <h2>{t(`console.empty.${folder}.title`)}</h2>
      <p>{t(`console.empty.${folder}`)}</p>
      {snippet === null ? null : (
        <>
          <p>{t('console.empty.waiting.snippet')}</p>
          <Snippet t={t} id="empty-snippet" snippet={snippet} />
        </>
      )}
    </li>
  )
}
