import type { RowsPage } from '../../../views/console/inbox-list.tsx'
import type { InboxRow, Listed } from '../../../views/console/inbox-row.tsx'
import type { Counts } from '../../../views/console/list-head.tsx'
import { listQuery } from '../../../views/console/inbox-row.tsx'
import { twinsAmong } from '../../../views/console/visitor.ts'
import { isId } from '../../platform/lib/id.ts'
import { refuse } from '../../platform/lib/refuse.ts'
import {
  type ConversationRow,
  countFolders,
  cursorOf,
  type Folder,
  type FolderCursor,
  listFolder,
} from '../conversations/index.ts'
import { countUnread, listUnread, unreadOf } from '../messages/index.ts'
import { listSites, snippetFor } from '../sites/index.ts'
import { contactsOf, visitorsOnline } from '../visitors/index.ts'
import { listWriting } from './writing.ts'

export const rowsOnPage = 50
// A list that was scrolled further keeps what stands below as it is.
const mostRows = 500

export type AskedRows = Listed & { before: FolderCursor | null; limit: number }

type Query = Record<string, string | undefined>

/** Which list an address asks for, and which page of it. Refuses `bad_request`. */
export function askedRows(query: Query): AskedRows {
  return { ...askedList(query), before: cursorFrom(query.before), limit: limitOf(query.limit) }
}

/** The beginning of the list that an address names; `folder` where it names none. */
export const listBeside = (query: Query, folder?: Folder): AskedRows => ({
  ...askedList({ folder, ...query }),
  before: null,
  limit: rowsOnPage,
})

const askedList = ({ folder, unread }: Query): Listed => ({ folder: folderOf(folder), unreadOnly: unread === '1' })

/** The folder an address names; Waiting when it names none. */
export function folderOf(name: string | undefined): Folder {
  if (name === undefined || name === '') return 'waiting'
  if (name === 'waiting' || name === 'active' || name === 'finished') return name
  throw refuse('bad_request')
}

const cursorText = ({ at, id }: FolderCursor): string => `${at}.${id}`

function cursorFrom(text: string | undefined): FolderCursor | null {
  if (text === undefined || text === '') return null
  const [at = '', id = ''] = text.split('.')
  if (!/^\d{1,15}$/.test(at) || !isId(id)) throw refuse('bad_request')
  return { at: Number(at), id }
}

/** A list that is asked for again asks for as many rows as it shows. */
function limitOf(text: string | undefined): number {
  if (text === undefined || !/^\d{1,4}$/.test(text)) return rowsOnPage
  return Math.min(mostRows, Math.max(rowsOnPage, Number(text)))
}

/** How many stand in each folder, and in how many this agent has something unread. */
export async function listCounts(agentId: string): Promise<Counts> {
  const [inFolders, unread] = await Promise.all([countFolders(agentId), countUnread(agentId)])
  return { in: inFolders, unread }
}

/**
 * A page of a list with what its rows need; the first page of Waiting ends with who writes their first message. `later`:
 * the page is for many agents, and how much of it each has not read is put in afterwards.
 */
export async function rowsPage(
  agentId: string,
  asked: AskedRows,
  origin: string,
  later: 'later' | null = null,
): Promise<RowsPage> {
  const { folder, unreadOnly, before } = asked
  const [{ rows: found, next }, sites] = await Promise.all([listed(agentId, asked), listSites()])
  const names = new Map(sites.map((site) => [site.id, site.name]))
  const first = before === null
  const writing = folder === 'waiting' && first && !unreadOnly ? listWriting() : []
  const shop = sites.find((site) => !site.demo) ?? sites[0]
  return {
    ...{ folder, unreadOnly, first },
    rows: await rowsOf(agentId, found, names, later),
    writing: writing.map(({ siteId, ...one }) => ({ ...one, siteName: names.get(siteId) ?? '' })),
    more: next && `/inbox/rows?${listQuery(asked)}&before=${cursorText(next)}`,
    snippet: folder === 'waiting' && shop ? snippetFor(origin, shop.id) : null,
  }
}

type Found = { rows: ConversationRow[]; next: FolderCursor | null }

async function listed(agentId: string, { folder, unreadOnly, before, limit }: AskedRows): Promise<Found> {
  if (unreadOnly && folder === 'finished') return { rows: [], next: null }
  if (unreadOnly && folder !== 'finished') return listUnread({ folder, agentId, before, limit })
  const found = await listFolder({ folder, agentId, before, limit: limit + 1 })
  const rows = found.slice(0, limit)
  const last = rows.at(-1)
  return { rows, next: found.length > limit && last ? cursorOf(folder, last) : null }
}

async function rowsOf(
  agentId: string,
  found: ConversationRow[],
  siteNames: Map<string, string>,
  later: 'later' | null,
): Promise<InboxRow[]> {
  const visitors = found.map(({ visitorId }) => visitorId)
  const [contacts, unread] = await Promise.all([
    contactsOf(visitors),
    later ??
      unreadOf(
        agentId,
        found.map(({ id }) => id),
      ),
  ])
  const online = visitorsOnline(visitors)
  const contactOf = (visitorId: string) => contacts.get(visitorId) ?? null
  const twins = twinsAmong(visitors.map((visitorId) => ({ visitorId, contact: contactOf(visitorId) })))
  return found.map((conversation) => ({
    conversation,
    contact: contactOf(conversation.visitorId),
    twin: twins.has(conversation.visitorId),
    siteName: siteNames.get(conversation.siteId) ?? '',
    online: online.has(conversation.visitorId),
    unread: unread === 'later' ? unread : (unread.get(conversation.id) ?? 0),
  }))
}
