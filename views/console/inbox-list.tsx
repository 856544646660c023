import type { Translate } from '../../src/platform/lib/i18n.ts'
import { Button } from '../ui/button.tsx'
import { Empty } from '../ui/empty.tsx'
import { Icon } from '../ui/icon.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { Snippet } from '../ui/snippet.tsx'
import { ConversationRowItem, type InboxRow, type Listed, listQuery, type Writing, WritingRow } from './inbox-row.tsx'
import { type Counts, ListHead } from './list-head.tsx'

/** A page of a list; `more` asks for the next one. */
export type RowsPage = Listed & {
  rows: InboxRow[]
  writing: Writing[]
  /** Whether it begins the list. */
  first: boolean
  more: string | null
  snippet: string | null
}

/** The left pane: folders and filters, then the rows, which ask for themselves again when something changed. */
export function InboxList({ t, counts, page }: { t: Translate; counts: Counts; page: RowsPage }) {
  return (
    <section class="inbox" id="inbox" aria-label={t('console.nav.conversations')}>
      <ListHead t={t} counts={counts} listed={page} />
      <div id="list-notice" />
      <div class="rows" tabIndex={-1}>
        <ol
          id="rows"
          hx-get={`/inbox/rows?${listQuery(page)}`}
          hx-trigger="inbox-changed from:body throttle:250ms"
          hx-swap="innerMorph"
          data-list={listQuery(page)}
          {...unlessRefused}
        >
          <Rows t={t} page={page} />
        </ol>
      </div>
      <template id="list-loading">
        <Skeleton rows={8} words={t('console.list.loading')} />
      </template>
      <template id="list-failed">
        <p class="list-failed">
          <Icon name="attention" small />
          <span>{t('console.list.failed')}</span>
          <Button kind="quiet" data-do="list-again">
            {t('console.again')}
          </Button>
        </p>
      </template>
    </section>
  )
}

// A refusal says nothing about the list: what stands there stays.
const unlessRefused = { 'hx-status:4xx': 'swap:none', 'hx-status:5xx': 'swap:none' }

/** The rows alone, as the page holds them and as they are asked for again. */
export function Rows({ t, page }: { t: Translate; page: RowsPage }) {
  const { rows, writing, first, more } = page
  if (first && more === null && rows.length === 0 && writing.length === 0) return <NothingHere t={t} page={page} />
  return (
    <>
      {rows.map((row) => (
        <ConversationRowItem key={row.conversation.id} t={t} listed={page} row={row} />
      ))}
      {writing.map((one) => (
        <WritingRow key={one.visitorId} t={t} {...one} />
      ))}
      {more === null ? null : <More t={t} address={more} />}
    </>
  )
}

/** Asks for the next page when it comes into view, or is pressed. */
function More({ t, address }: { t: Translate; address: string }) {
  return (
    <li id="more" hx-get={address} hx-trigger="revealed, click" hx-swap="outerHTML" {...unlessRefused}>
      <span class="failed">
        <Icon name="attention" small />
        {t('console.list.more.failed')}
      </span>
      <Button kind="quiet">{t('console.list.more')}</Button>
    </li>
  )
}

/** What this list is, and what makes it fill. */
function NothingHere({ t, page: { folder, unreadOnly, snippet } }: { t: Translate; page: RowsPage }) {
  if (unreadOnly) {
    return (
      <li id="empty">
        <Empty title={t('console.empty.unread.title', { folder: t(`console.folder.${folder}`) })}>
          <p>{t(folder === 'finished' ? 'console.empty.unread.finished' : 'console.empty.unread')}</p>
          <a class="button" href={`/inbox?${listQuery({ folder, unreadOnly: false })}`}>
            {t('console.empty.unread.all')}
          </a>
        </Empty>
      </li>
    )
  }
  return (
    <li id="empty">
      <Empty title={t(`console.empty.${folder}.title`)}>
        <p>{t(`console.empty.${folder}`)}</p>
        {snippet === null ? null : (
          <>
            <p>{t('console.empty.waiting.snippet')}</p>
            <Snippet t={t} id="empty-snippet" snippet={snippet} />
          </>
        )}
      </Empty>
    </li>
  )
}
