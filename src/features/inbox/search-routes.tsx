import { Elysia } from 'elysia'
import { NoConversation } from '../../../views/console/conversation.tsx'
import { unreadInAll } from '../../../views/console/list-head.tsx'
import { wholeFolder } from '../../../views/console/inbox-row.tsx'
import { FoundRows, type SearchProps, SearchList } from '../../../views/console/search-list.tsx'
import { ConsolePage } from '../../../views/layout/console.tsx'
import { documentAssets } from '../../platform/http/document-assets.ts'
import { fragment, isHtmx, json, page, wantsJson } from '../../platform/http/page.tsx'
import { problem } from '../../platform/http/problem.tsx'
import { refuse } from '../../platform/lib/refuse.ts'
import { cut } from '../../platform/lib/text.ts'
import { type Asked, type Inside, viewerOf } from '../agents/index.ts'
import { findPeople, type FoundMessage, searchMessages } from '../search/index.ts'
import { contactsOf, visitorsOnline } from '../visitors/index.ts'
import { listCounts } from './list-queries.ts'

const onPage = 30
const longestQuery = 200

/** Looking for clients and for words, of any date, in what waits, is answered and is finished. */
export const searchRoutes = (inside: Inside) =>
  new Elysia({ name: 'inbox-search' })
    .onError(({ error, request }) => problem(error, request))
    .get('/search', inside(showSearch))
    .get('/search/more', inside(showMore))

/** The page of what a query finds. */
export async function showSearch(asked: Asked): Promise<Response> {
  const { agent, t, request } = asked
  const props = await searchFor(asked)
  if (wantsJson(request)) {
    const { people, rows, progress } = props
    return json({ people, messages: rows.map(({ message }) => message), progress })
  }
  const list = <SearchList {...props} />
  if (isHtmx(request)) return fragment(list)
  return page(
    <ConsolePage
      t={t}
      assets={documentAssets('console')}
      viewer={viewerOf(agent)}
      page={props.query === '' ? t('console.search') : t('console.search.title', { words: props.query })}
      current="inbox"
      unread={props.unread}
      screen="list"
      list={list}
      conversation={<NoConversation t={t} />}
    />,
  )
}

/** What an address asks for. No store takes a NUL. */
const wordsIn = ({ q = '' }: Asked['query']): string => cut(q.replaceAll('\0', ''), longestQuery)

/** What stands in the place of the list for an address with a query. */
export async function searchFor({ agent, t, query }: Asked): Promise<SearchProps> {
  const words = wordsIn(query)
  const [people, found, counts] = await Promise.all([
    findPeople(words),
    searchMessages(words, null, onPage),
    listCounts(agent.agentId, wholeFolder('waiting')),
  ])
  const { messages, next, progress } = found
  return {
    ...{ t, query: words, people, progress, back: '/inbox' },
    rows: await rowsOf(messages),
    more: moreAt(words, next),
    unread: unreadInAll(counts),
  }
}

async function showMore({ t, query }: Asked): Promise<Response> {
  if (!/^\d{1,16}$/.test(query.before ?? '')) throw refuse('bad_request')
  const words = wordsIn(query)
  const { messages, next } = await searchMessages(words, Number(query.before), onPage)
  return fragment(<FoundRows t={t} query={words} rows={await rowsOf(messages)} more={moreAt(words, next)} />)
}

const moreAt = (words: string, next: number | null): string | null =>
  next === null ? null : `/search/more?q=${encodeURIComponent(words)}&before=${next}`

async function rowsOf(messages: FoundMessage[]) {
  const visitors = [...new Set(messages.map(({ conversation }) => conversation.visitorId))]
  const contacts = await contactsOf(visitors)
  const online = visitorsOnline(visitors)
  return messages.map((message) => {
    const { visitorId } = message.conversation
    return { message, contact: contacts.get(visitorId) ?? null, online: online.has(visitorId) }
  })
}
