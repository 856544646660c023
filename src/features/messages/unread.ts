import type { SQL } from 'drizzle-orm'
import { on } from '../../platform/live/bus.ts'
import { onUntold } from '../../platform/db/state.ts'
import {
  type Among,
  comparePlaces,
  type ConversationRow,
  cursorOf,
  everything,
  type FolderCursor,
  inOrder,
  waysInto,
} from '../conversations/index.ts'
import './events.ts'
import { UnreadBook } from './unread-book.ts'
import { amongFolder, lookThrough, mostCounted, type UnreadFolder, unreadAmong } from './unread-query.ts'

/** By agent and by what is meant. */
const books = new Map<string, UnreadBook>()
let following = false

/** How many books are remembered; which was asked for longest ago is forgotten first. */
const mostBooks = 500
/** Nobody has asked for a long time: it costs less to begin anew than to remember what to ask for. */
const mostDoubtful = 5000

/** How much this agent has not read of these conversations, up to 100 of each; none that has nothing unread. */
export async function unreadOf(agentId: string, ids: readonly string[]): Promise<Map<string, number>> {
  const book = await look(agentId, everything)
  const found = new Map(ids.flatMap((id) => (book.unreadIn(id) > 0 ? [[id, book.unreadIn(id)]] : [])))
  if (isWhole(book)) return found
  const rest = ids.filter((id) => !found.has(id))
  for (const { id, unread } of await unreadAmong(agentId, rest, everything)) found.set(id, unread)
  return found
}

const isWhole = (book: UnreadBook): boolean => book.isWhole('waiting') && book.isWhole('active')

/** In how many conversations of each folder that are meant something is unread for this agent, up to 100. */
export async function countUnread(agentId: string, among: Among = everything): Promise<Record<UnreadFolder, number>> {
  const book = await look(agentId, among)
  const countIn = (folder: UnreadFolder) => Math.min(mostCounted, book.knownIn(folder).length)
  return { waiting: countIn('waiting'), active: countIn('active') }
}

export type UnreadPage = { rows: ConversationRow[]; next: FolderCursor | null }
type Page = { folder: UnreadFolder; agentId: string; among?: Among; before: FolderCursor | null; limit: number }

/**
 * A page of what is unread in a folder, in the folder's order. Where not all of it is known a stretch of the folder is
 * looked through: then the page may have fewer rows than asked for, and still a `next`.
 */
export async function listUnread({ folder, agentId, among = everything, before, limit }: Page): Promise<UnreadPage> {
  const book = await look(agentId, among)
  if (!book.isWhole(folder)) {
    const { unread, next } = await lookForPage({ folder, agentId, among, before, limit })
    const shown = unread.slice(0, limit)
    const ids = shown.map(({ id }) => id)
    const rows = ids.length === 0 ? [] : await amongFolder(agentId, folder, { ids, among, after: null, limit })
    return { rows, next: unread.length > limit ? (shown.at(-1) ?? null) : next }
  }
  const ids = book.knownIn(folder)
  if (ids.length === 0) return { rows: [], next: null }
  return pageOf(folder, await amongFolder(agentId, folder, { ids, among, after: before, limit: limit + 1 }), limit)
}

const mostLookedThrough = 1000

/** Where much is unread a page is full after the first few of each way. */
async function lookForPage(page: Page) {
  const ways = waysInto(page.folder, page.agentId, page.among ?? everything)
  const most = Math.ceil(mostLookedThrough / ways.length)
  const first = await lookAlong(page, ways, Math.min(page.limit + 1, most))
  if (page.limit >= most || first.next === null || first.unread.length > page.limit) return first
  return lookAlong(page, ways, most)
}

/** Looks along all ways into a folder at once. What lies past the place to which all of them were followed waits. */
async function lookAlong({ folder, agentId, before }: Page, ways: SQL[], limit: number) {
  const found = await Promise.all(ways.map((way) => lookThrough(agentId, folder, { way, after: before, limit })))
  const [next = null] = inOrder(
    folder,
    found.flatMap((one) => one.next ?? []),
  )
  const isReached = (place: FolderCursor): boolean => next === null || comparePlaces(folder, place, next) <= 0
  const unread = inOrder(
    folder,
    found.flatMap((one) => one.unread),
  )
  return { unread: unread.filter(isReached), next }
}

function pageOf(folder: UnreadFolder, found: ConversationRow[], limit: number): UnreadPage {
  const rows = found.slice(0, limit)
  const last = rows.at(-1)
  return { rows, next: found.length > limit && last ? cursorOf(folder, last) : null }
}

async function look(agentId: string, among: Among): Promise<UnreadBook> {
  const key = keyOf(agentId, among)
  const book = books.get(key) ?? new UnreadBook(agentId, among)
  books.delete(key)
  // Where nobody tells what happens nothing can be remembered.
  if (following) books.set(key, book)
  for (const [oldest] of books) {
    if (books.size <= mostBooks) break
    books.delete(oldest)
  }
  await book.look()
  return book
}

const keyOf = (agentId: string, { zones, siteId }: Among): string =>
  [agentId, siteId ?? '', ...zones.map((zone) => zone ?? '-').toSorted()].join(' ')

/** Keeps what is remembered true to what happens. Returns the way to stop. */
export function followUnread(): () => void {
  following = true
  on('entry.added', ({ message: { authorKind, kind, seq }, conversation: { id, state, agentId } }) => {
    if (authorKind !== 'visitor' || kind === 'event') return
    if (state === 'waiting') tellAll((book) => book.said(id, seq))
    else if (agentId !== null) tell(agentId, (book) => book.said(id, seq))
  })
  for (const change of ['conversation.taken', 'conversation.finished', 'conversation.reopened'] as const) {
    on(change, ({ conversation: { id } }) => tellAll((book) => book.changed(id)))
  }
  on('read.marked', ({ conversationId, readerKind, readerId }) => {
    if (readerKind === 'agent') tell(readerId, (book) => book.changed(conversationId))
  })
  on('conversations.zoned', ({ conversationIds }) => {
    for (const id of conversationIds) tellAll((book) => book.changed(id))
  })
  on('marks.lowered', ({ agentId, conversationIds }) => {
    for (const id of conversationIds) tell(agentId, (book) => book.changed(id))
  })
  const stop = onUntold(() => books.clear())
  return () => {
    stop()
    following = false
    books.clear()
  }
}

function tellAll(news: (book: UnreadBook) => number): void {
  for (const [key, book] of books) if (news(book) > mostDoubtful) books.delete(key)
}

const tell = (agentId: string, news: (book: UnreadBook) => number): void =>
  tellAll((book) => (book.agentId === agentId ? news(book) : 0))
