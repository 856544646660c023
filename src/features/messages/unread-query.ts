import { and, eq, gt, inArray, type SQL, sql } from 'drizzle-orm'
import { db } from '../../platform/db/open.ts'
import {
  type Among,
  comparePlaces,
  type ConversationRow,
  conversations,
  cursorOf,
  type FolderCursor,
  folderOrder,
  inFolderOrder,
  isAmong,
  messages,
  pastCursor,
} from '../conversations/index.ts'
import { reads } from './schema.ts'

/** Folders in which something can be unread: what is finished waits for nobody. */
export type UnreadFolder = 'waiting' | 'active'
/**
 * How much an agent has not read of a conversation: the visitor's messages past the agent's own mark, up to 100 ("99+"), as
 * of the one numbered `upTo`.
 */
export type Unread = { id: string; folder: UnreadFolder; unread: number; upTo: number }

/** Whoever counts this far has counted enough. */
export const mostCounted = 100

const mark = sql`coalesce(${reads.seq}, 0)`

const markOf = (agentId: string): SQL | undefined =>
  and(eq(reads.conversationId, conversations.id), eq(reads.readerKind, 'agent'), eq(reads.readerId, agentId))

const ofVisitorPastMark = sql<number>`(select count(*) from (select 1 from ${messages}
  where ${messages.conversationId} = ${conversations.id} and ${messages.seq} > ${mark}
  and ${messages.authorKind} = 'visitor' and ${messages.kind} <> 'event' limit ${sql.raw(`${mostCounted}`)}) as counted)`

/** Those of these conversations that are meant in which something is unread for this agent, and how much. */
export async function unreadAmong(agentId: string, ids: readonly string[], among: Among): Promise<Unread[]> {
  if (ids.length === 0) return []
  const { id, state, agentId: holder, zoneId, siteId, lastVisitorSeq: upTo } = conversations
  // Which of them count is decided here: a state in the condition leads SQLite to read all that are in it (measured).
  const rows = await db
    .select({ id, state, holder, zoneId, siteId, upTo, unread: ofVisitorPastMark })
    .from(conversations)
    .leftJoin(reads, markOf(agentId))
    .where(and(inArray(id, [...ids]), gt(upTo, mark)))
  return rows.flatMap(({ holder, ...row }): Unread[] => {
    const { state: folder } = row
    if (!isAmong(among, row)) return []
    if (folder !== 'waiting' && (folder !== 'active' || holder !== agentId)) return []
    return [{ id: row.id, folder, unread: Number(row.unread), upTo: row.upTo }]
  })
}

export type Stretch = {
  /** Those in which something is unread, by their places. */
  unread: FolderCursor[]
  /** Where the next stretch begins; null: this was the last one. */
  next: FolderCursor | null
}

/** Looks through a stretch of what one way into a folder leads to, in its order: `limit` conversations, read or not. */
export async function lookThrough(
  agentId: string,
  folder: UnreadFolder,
  { way, after, limit }: { way: SQL; after: FolderCursor | null; limit: number },
): Promise<Stretch> {
  const { id, waitingSince, lastEntryAt, lastVisitorSeq } = conversations
  const rows = await db
    .select({ id, waitingSince, lastEntryAt, lastVisitorSeq })
    .from(conversations)
    .where(and(way, pastCursor(folder, after)))
    .orderBy(...folderOrder(folder))
    .limit(limit)
  const marks = await marksIn(agentId, rows)
  const last = rows.at(-1)
  return {
    unread: rows.filter((row) => row.lastVisitorSeq > (marks.get(row.id) ?? 0)).map((row) => cursorOf(folder, row)),
    next: rows.length === limit && last ? cursorOf(folder, last) : null,
  }
}

/**
 * Up to where the agent has read each of these. Asked by itself: PostgreSQL keeps the plan of a join from when there were few
 * marks, and then compares each conversation with every mark.
 */
async function marksIn(agentId: string, among: { id: string }[]): Promise<Map<string, number>> {
  if (among.length === 0) return new Map()
  const { conversationId, readerKind, readerId, seq } = reads
  const ids = among.map(({ id }) => id)
  const rows = await db
    .select({ id: conversationId, seq })
    .from(reads)
    .where(and(inArray(conversationId, ids), eq(readerKind, 'agent'), eq(readerId, agentId)))
  return new Map(rows.map(({ id, seq: upTo }) => [id, upTo]))
}

/** Those of these conversations that stand in the folder after a cursor, in its order. */
export async function amongFolder(
  agentId: string,
  folder: UnreadFolder,
  { ids, among, after, limit }: { ids: readonly string[]; among: Among; after: FolderCursor | null; limit: number },
): Promise<ConversationRow[]> {
  // Sorted here, for the same reason: they are few, and the folder may be long.
  const rows = await db
    .select()
    .from(conversations)
    .where(inArray(conversations.id, [...ids]))
  const stands = (row: ConversationRow): boolean =>
    row.state === folder && (folder === 'waiting' || row.agentId === agentId) && isAmong(among, row)
  const isLeft = (row: ConversationRow): boolean =>
    after === null || comparePlaces(folder, cursorOf(folder, row), after) > 0
  return inFolderOrder(folder, rows.filter(stands)).filter(isLeft).slice(0, limit)
}
