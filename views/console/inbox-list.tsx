import type { SystemMessage } from '../../src/features/system-messages/index.ts'
import type { Translate } from '../../src/platform/lib/i18n.ts'
import { Button } from '../ui/button.tsx'
import { Empty } from '../ui/empty.tsx'
import { Icon } from '../ui/icon.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { Snippet } from '../ui/snippet.tsx'
import { refusedUnsaid } from '../ui/refused.ts'
import {
  ConversationRowItem,
  type InboxRow,
  type Listed,
  listQuery,
  type Writing,
  WritingRow,
  wholeFolder,
} from './inbox-row.tsx'
import { type Choices, filtersOn } from './list-filters.tsx'
import { type Counts, ListHead } from './list-head.tsx'
import { SystemMessageRow } from './system-row.tsx'

/** A page of a list; `more` asks for the next one. */
export type RowsPage = Listed & {
  rows: InboxRow[]
  writing: Writing[]
  /** Whether it begins the list. */
  first: boolean
  more: string | null
  snippet: string | null
  choices: Choices
  /** In the list of the system's messages alone: those, and up to where the viewer has read. */
  system: { messages: SystemMessage[]; readAt: number } | null
}

/** The left pane: folders and filters, then the rows, which ask for themselves again when something changed. */
export function InboxList({ t, counts, page }: { t: Translate; counts: Counts; page: RowsPage }) {
  return (
    <section class="inbox" id="inbox" aria-label={t('console.nav.conversations')}>
      <ListHead t={t} counts={counts} choices={page.choices} listed={page} />
      <div id="list-notice" />
      <div class="rows" tabIndex={-1}>
        <ol
          id="rows"
          hx-get={`/inbox/rows?${listQuery(page)}`}
          hx-trigger="inbox-changed from:body throttle:250ms"
          hx-swap="innerMorph"
          data-list={listQuery(page)}
          {...refusedUnsaid}
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

/** The rows alone, as the page holds them and as they are asked for again. */
export function Rows({ t, page }: { t: Translate; page: RowsPage }) {
  const { rows, writing, first, more, system } = page
  const here = rows.length + writing.length + (system?.messages.length ?? 0)
  if (first && more === null && here === 0) return <NothingHere t={t} page={page} />
  return (
    <>
      {system?.messages.map((message) => (
        <SystemMessageRow
          key={message.id}
          t={t}
          message={message}
          unread={message.createdAt > system.readAt}
          listed={page}
        />
      ))}
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
    <li id="more" hx-get={address} hx-trigger="revealed, click" hx-swap="outerHTML" {...refusedUnsaid}>
      <span class="failed">
        <Icon name="attention" small />
        {t('console.list.more.failed')}
      </span>
      <Button kind="quiet">{t('console.list.more')}</Button>
    </li>
  )
}

/** What this list is, and what makes it fill. Under filters: which of them are on, each with the list without it. */
function NothingHere({ t, page }: { t: Translate; page: RowsPage }) {
  const { folder, unreadOnly, snippet, choices } = page
  const on = filtersOn(t, page, choices)
  const isUnreadAlone = on.length === 1 && unreadOnly
  if (on.length > 0 && !isUnreadAlone) return <NothingAmong t={t} page={page} on={on} />
  if (unreadOnly) {
    return (
      <li id="empty">
        <Empty title={t('console.empty.unread.title', { folder: t(`console.folder.${folder}`) })}>
          <p>{t(folder === 'finished' ? 'console.empty.unread.finished' : 'console.empty.unread')}</p>
          <a class="button" href={`/inbox?${listQuery({ ...page, unreadOnly: false })}`}>
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

function NothingAmong({ t, page, on }: { t: Translate; page: RowsPage; on: ReturnType<typeof filtersOn> }) {
  const where = page.kind === 'system' ? t('console.filter.system') : t(`console.folder.${page.folder}`)
  return (
    <li id="empty">
      <Empty title={t('console.empty.filtered.title', { where })}>
        <p>{t('console.empty.filtered')}</p>
        <ul class="filters-on">
          {on.map(({ id, words, without }) => (
            <li key={id}>
              <a class="chip" href={without} aria-label={t('console.filter.drop', { filter: words })}>
                <bdi class="cut">{words}</bdi>
                <Icon name="close" small />
              </a>
            </li>
          ))}
        </ul>
        <a class="button" href={`/inbox?${listQuery(wholeFolder(page.folder))}`}>
          {t('console.empty.filtered.all')}
        </a>
      </Empty>
    </li>
  )
}
