import {
  type ConversationRow,
  countFolders,
  cursorOf,
  type Folder,
  type FolderCursor,
  findConversation,
  listFolder,
  type MessageRow,
} from '../conversations/index.ts'
import { agentName } from '../agents/index.ts'
import { listEntries, readSeq } from '../messages/index.ts'
import { listSites } from '../sites/index.ts'
import { type ContactCard, contactsOf } from '../visitors/index.ts'
import { refuse } from '../../platform/lib/refuse.ts'
import { isId } from '../../platform/lib/id.ts'
import type { Counts, RowsPage } from '../../../views/console/inbox-list.tsx'
import type { Holder } from '../../../views/console/conversation.tsx'
import { listWriting } from './writing.ts'

export const rowsOnPage = 50
const mostRows = 200
export const entriesOnPage = 50
/** Most entries of one answer to `after`. */
export const entriesToCatchUp = 200

export type Asked = { folder: Folder; before: FolderCursor | null; limit: number }

/** Which page of which folder an address asks for. Refuses `bad_request`. */
export function askedRows(query: Record<string, string | undefined>): Asked {
  return { folder: folderOf(query.folder), before: cursorFrom(query.before), limit: limitOf(query.limit) }
}

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

/** A page of a folder with what its rows need; the first page of Waiting begins with who writes their first message. */
export async function rowsPage(
  agentId: string,
  { folder, before, limit }: Asked,
  origin: string,
): Promise<RowsPage & { siteNames: Map<string, string> }> {
  const [found, sites] = await Promise.all([listFolder({ folder, agentId, before, limit: limit + 1 }), listSites()])
  const names = new Map(sites.map((site) => [site.id, site.name]))
  const shown = found.slice(0, limit)
  const contacts = await contactsOf(shown.map(({ visitorId }) => visitorId))
  const rows = shown.map((conversation) => ({
    conversation,
    contact: contacts.get(conversation.visitorId) ?? null,
    siteName: names.get(conversation.siteId) ?? '',
  }))
  const last = rows.at(-1)?.conversation
  const more =
    found.length > limit && last ? `/inbox/rows?folder=${folder}&before=${cursorText(cursorOf(folder, last))}` : null
  const writing = folder === 'waiting' && before === null ? listWriting() : []
  const shop = sites.find((site) => !site.demo) ?? sites[0]
  return {
    folder,
    rows,
    siteNames: names,
    writing: writing.map(({ siteId, ...one }) => ({ ...one, siteName: names.get(siteId) ?? '' })),
    more,
    snippet: folder === 'waiting' && shop ? snippetFor(origin, shop.id) : null,
  }
}

export const counts = (agentId: string): Promise<Counts> => countFolders(agentId)

/** The line that embeds a site's chat. */
export const snippetFor = (origin: string, siteId: string): string =>
  `<script async src="${origin}/widget.js?site=${siteId}"></script>`

/** A conversation by the id in an address. Refuses `conversation_unknown`. */
export async function conversationAt(id: string): Promise<ConversationRow> {
  const conversation = isId(id) ? await findConversation(id) : null
  if (!conversation) throw refuse('conversation_unknown')
  return conversation
}

export async function holderOf({ agentId }: ConversationRow, viewerId: string): Promise<Holder> {
  const name = agentId === null ? null : await agentName(agentId)
  return { mine: agentId === viewerId, name: name ?? '' }
}

/** Who the visitor of a conversation is; null while nobody knows. */
export async function contactOf({ visitorId }: ConversationRow): Promise<ContactCard | null> {
  return (await contactsOf([visitorId])).get(visitorId) ?? null
}

/** The end of the log, and how far the visitor has read. */
export async function openLog(conversationId: string): Promise<{ entries: MessageRow[]; visitorRead: number }> {
  const [entries, visitorRead] = await Promise.all([
    listEntries(conversationId, { limit: entriesOnPage }),
    readSeq(conversationId, 'visitor'),
  ])
  return { entries, visitorRead }
}

/** Entries after or before a seq, as an address asks for them. Refuses `bad_request`. */
export async function entriesAround(
  conversationId: string,
  query: Record<string, string | undefined>,
): Promise<{ entries: MessageRow[]; before: boolean }> {
  const { after, before } = query
  if (before !== undefined) {
    return {
      entries: await listEntries(conversationId, { before: seqFrom(before), limit: entriesOnPage }),
      before: true,
    }
  }
  return {
    entries: await listEntries(conversationId, { after: seqFrom(after ?? '0'), limit: entriesToCatchUp }),
    before: false,
  }
}

function seqFrom(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw refuse('bad_request')
  return Number(text)
}
