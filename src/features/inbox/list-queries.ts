import type { RowsPage } from '../../../views/console/inbox-list.tsx'
import {
  type InboxRow,
  type Listed,
  listedFrom,
  listQuery,
  noZone,
  type Zone,
} from '../../../views/console/inbox-row.tsx'
import type { Choices } from '../../../views/console/list-filters.tsx'
import type { Counts } from '../../../views/console/list-head.tsx'
import { twinsAmong } from '../../../views/console/visitor.ts'
import { isId } from '../../platform/lib/id.ts'
import { refuse } from '../../platform/lib/refuse.ts'
import {
  type Among,
  type ConversationRow,
  countFolders,
  cursorOf,
  type Folder,
  type FolderCursor,
  listFolder,
} from '../conversations/index.ts'
import { countUnread, listUnread, unreadOf } from '../messages/index.ts'
import { listSites, snippetFor } from '../sites/index.ts'
import { listSystem, systemStanding } from '../system-messages/index.ts'
import { contactsOf, visitorsOnline } from '../visitors/index.ts'
import { listZones } from '../zones/index.ts'
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

function askedList(query: Query): Listed {
  const listed = listedFrom(query)
  if (listed === null) throw refuse('bad_request')
  return listed
}

/** The folder an address names; Waiting when it names none. */
export const folderOf = (name: string | undefined): Folder => askedList({ folder: name }).folder

/** What of a folder a list is about. */
export const amongOf = ({ zones, site }: Listed): Among => ({
  zones: zones.map((zone) => (zone === noZone ? null : zone)),
  siteId: site,
})

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

/** How many stand in each folder under the filters, and in how many this agent has something unread. */
export async function listCounts(agentId: string, listed: Listed): Promise<Counts> {
  const among = amongOf(listed)
  const [inFolders, unread, all, system] = await Promise.all([
    countFolders(agentId, among),
    countUnread(agentId, among),
    countUnread(agentId),
    systemStanding(agentId),
  ])
  return { in: inFolders, unread, all, system }
}

/**
 * A page of a list with what its rows need; the first page of Waiting ends with who writes their first message. `later`:
 * the page is for many agents, and how much of it each has not read is put in afterwards.
 */
export async function rowsPage(
  agentId: string,
  asked: AskedRows,
  { origin, choices }: { origin: string; choices: Choices },
  later: 'later' | null = null,
): Promise<RowsPage> {
  const { before, ...listed } = asked
  const first = before === null
  const page = { ...listed, first, choices, writing: [], snippet: null, system: null }
  if (asked.kind === 'system') return { ...page, ...(await systemPage(agentId, asked)) }
  const [{ rows: found, next }, sites, zones] = await Promise.all([
    conversationsIn(agentId, asked),
    listSites(),
    listZones(),
  ])
  const names = { sites: new Map(sites.map((site) => [site.id, site.name])), zones: new Map(zones.map(zoneOf)) }
  const shop = sites.find((site) => !site.demo) ?? sites[0]
  return {
    ...page,
    rows: await rowsOf(agentId, found, names, later),
    writing: first ? writingIn(asked, names.sites) : [],
    more: next && `/inbox/rows?${listQuery(asked)}&before=${cursorText(next)}`,
    snippet: asked.folder === 'waiting' && shop ? snippetFor(origin, shop.id) : null,
  }
}

const zoneOf = ({ id, name, colour }: Zone): [string, Zone] => [id, { id, name, colour }]

/** Who writes their first message belongs to no zone yet. */
function writingIn({ folder, unreadOnly, zones, site }: AskedRows, names: Map<string, string>) {
  if (folder !== 'waiting' || unreadOnly || (zones.length > 0 && !zones.includes(noZone))) return []
  return listWriting()
    .filter(({ siteId }) => site === null || site === siteId)
    .map(({ siteId, ...one }) => ({ ...one, siteName: names.get(siteId) ?? '' }))
}

/** The system's messages as a list: they belong to no zone and to no site. */
async function systemPage(agentId: string, asked: AskedRows) {
  const { before, limit, unreadOnly, zones, site } = asked
  const { readAt } = await systemStanding(agentId)
  const found = zones.length > 0 || site !== null ? [] : await listSystem(before?.at ?? null, limit + 1)
  const messages = found.slice(0, limit).filter(({ createdAt }) => !unreadOnly || createdAt > readAt)
  const last = messages.at(-1)
  const more = found.length > limit && last !== undefined && messages.length === limit
  const address = last && `/inbox/rows?${listQuery(asked)}&before=${cursorText({ at: last.createdAt, id: last.id })}`
  return { rows: [], system: { messages, readAt }, more: more ? (address ?? null) : null }
}

type Found = { rows: ConversationRow[]; next: FolderCursor | null }

async function conversationsIn(agentId: string, asked: AskedRows): Promise<Found> {
  const { folder, unreadOnly, before, limit } = asked
  const among = amongOf(asked)
  if (unreadOnly && folder === 'finished') return { rows: [], next: null }
  if (unreadOnly && folder !== 'finished') return listUnread({ folder, agentId, among, before, limit })
  const found = await listFolder({ folder, agentId, among, before, limit: limit + 1 })
  const rows = found.slice(0, limit)
  const last = rows.at(-1)
  return { rows, next: found.length > limit && last ? cursorOf(folder, last) : null }
}

async function rowsOf(
  agentId: string,
  found: ConversationRow[],
  names: { sites: Map<string, string>; zones: Map<string, Zone> },
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
    siteName: names.sites.get(conversation.siteId) ?? '',
    zone: names.zones.get(conversation.zoneId ?? '') ?? null,
    online: online.has(conversation.visitorId),
    unread: unread === 'later' ? unread : (unread.get(conversation.id) ?? 0),
  }))
}
