import type { FoundMessage, FoundPerson, SearchProgress } from '../../src/features/search/index.ts'
import type { Translate } from '../../src/platform/lib/i18n.ts'
import { Empty } from '../ui/empty.tsx'
import { Icon } from '../ui/icon.tsx'
import { Row, RowInside } from '../ui/row.tsx'
import { Time } from '../ui/time.tsx'
import { Avatar } from './avatar.tsx'
import { SearchBox } from './search-box.tsx'
import { type Person, personLabel } from './visitor.ts'

export type FoundRow = { message: FoundMessage; contact: Person['contact']; online: boolean }

export type SearchProps = {
  t: Translate
  query: string
  people: FoundPerson[]
  rows: FoundRow[]
  /** Asks for the next page. */
  more: string | null
  progress: SearchProgress | null
  /** The list to which the way back leads. */
  back: string
  unread: number
}

/** The left pane while one looks for something: what was found in the place of the list. */
export function SearchList({ t, unread, back, ...found }: SearchProps) {
  const { query } = found
  return (
    <section class="inbox" id="inbox" aria-label={t('console.search')} data-search={query}>
      <div id="list-head" data-unread={unread}>
        <div class="pane-bar">
          <h1 class="said">{t('console.search')}</h1>
          <SearchBox t={t} words={query} />
          <a
            class="icon-button"
            id="close-search"
            href={back}
            aria-label={t('console.search.close')}
            title={t('console.search.close')}
          >
            <Icon name="close" />
          </a>
        </div>
      </div>
      <div id="list-notice" />
      <div class="rows" tabIndex={-1}>
        <SearchFound t={t} {...found} />
      </div>
      <template id="search-failed">
        <p class="list-failed">
          <Icon name="attention" small />
          <span>{t('console.search.failed')}</span>
        </p>
      </template>
    </section>
  )
}

type Found = Omit<SearchProps, 'unread' | 'back'>

function SearchFound({ t, query, people, rows, more, progress }: Found) {
  const count = people.length + rows.length
  if (query.trim() === '') {
    return (
      <Empty title={t('console.search.start.title')}>
        <p>{t('console.search.start')}</p>
      </Empty>
    )
  }
  return (
    <>
      <p class="said" role="status" id="search-said">
        {t('console.search.count', { count })}
      </p>
      {progress === null || progress.isWhole ? null : (
        <p class="search-building">{t('console.search.building', { percent: progress.percent })}</p>
      )}
      {count > 0 ? null : (
        <Empty title={t('console.search.none.title', { words: query.trim() })}>
          <p>{t('console.search.none')}</p>
        </Empty>
      )}
      {people.length === 0 ? null : (
        <>
          <h2 class="group">{t('console.search.people')}</h2>
          <ol id="found-people">
            {people.map((person) => (
              <PersonRow key={person.contact.id} t={t} query={query} person={person} />
            ))}
          </ol>
        </>
      )}
      {rows.length === 0 ? null : (
        <>
          <h2 class="group">{t('console.search.messages')}</h2>
          <ol id="rows">
            <FoundRows t={t} query={query} rows={rows} more={more} />
          </ol>
        </>
      )}
    </>
  )
}

/** Messages that were found, and the way to those before them. */
export function FoundRows({ t, query, rows, more }: Pick<Found, 't' | 'query' | 'rows' | 'more'>) {
  return (
    <>
      {rows.map((row) => (
        <FoundMessageRow key={`${row.message.conversation.id} ${row.message.seq}`} t={t} query={query} row={row} />
      ))}
      {more === null ? null : (
        <li id="more" hx-get={more} hx-trigger="revealed, click" hx-swap="outerHTML">
          <span class="failed">
            <Icon name="attention" small />
            {t('console.list.more.failed')}
          </span>
          <button class="button" type="button" data-kind="quiet">
            {t('console.list.more')}
          </button>
        </li>
      )}
    </>
  )
}

const asked = (query: string): string => `q=${encodeURIComponent(query.trim())}`

function FoundMessageRow({
  t,
  query,
  row: { message, contact, online },
}: {
  t: Translate
  query: string
  row: FoundRow
}) {
  const { conversation, seq, at, authorKind, pieces } = message
  const { id, visitorId, state } = conversation
  const person = { visitorId, contact }
  return (
    <li id={`hit-${id}-${seq}`} data-at={at}>
      <Row
        href={`/c/${id}?${asked(query)}&at=${seq}#m-${seq}`}
        avatar={<Avatar {...person} online={online} />}
        who={<bdi>{personLabel(t, person)}</bdi>}
        when={<Time class="when" at={at} ago />}
        words={
          <>
            {authorKind === 'visitor' ? null : <span class="said">{t('console.search.agent')} </span>}
            {pieces.map((piece, place) => (piece.hit ? <mark key={place}>{piece.text}</mark> : piece.text))}
          </>
        }
        meta={<span>{t(`console.folder.${state}`)}</span>}
      />
    </li>
  )
}

function PersonRow({
  t,
  query,
  person: { contact, conversation },
}: {
  t: Translate
  query: string
  person: FoundPerson
}) {
  const who = contact.name || contact.email || contact.phone || contact.externalId || ''
  const about = [contact.phone, contact.email].filter((one) => one && one !== who)
  const inside = {
    avatar: <Avatar visitorId={conversation?.visitorId ?? contact.id} contact={contact} />,
    who: <bdi>{who}</bdi>,
    words: about.length === 0 ? undefined : <bdi>{about.join(', ')}</bdi>,
  }
  if (conversation === null) {
    return (
      <li id={`person-${contact.id}`}>
        <div class="row" data-silent>
          <RowInside {...inside} meta={<span>{t('console.search.silent')}</span>} />
        </div>
      </li>
    )
  }
  return (
    <li id={`person-${contact.id}`}>
      <Row
        {...inside}
        href={`/c/${conversation.id}?${asked(query)}`}
        when={<Time class="when" at={conversation.lastEntryAt} ago />}
        meta={<span>{t(`console.folder.${conversation.state}`)}</span>}
      />
    </li>
  )
}
