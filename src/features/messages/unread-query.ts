import { and, eq, gt, inArray, or, type SQL, sql } from 'drizzle-orm'
import { db } from '../../platform/db/open.ts'
import {
  type ConversationRow,
  conversations,
  cursorOf,
  type FolderCursor,
  folderOrder,
  inFolder,
  messages,
  pastCursor,
} from '../conversations/index.ts'
import { reads } from './schema.ts'

/** Folders in which something can be unread: what is finished waits for nobody. */
export type UnreadFolder = 'waiting' | 'active'
/** How much an agent has not read of a conversation: the visitor's messages past the agent's own mark, up to 100 ("99+"). */
export type Unread = { id: string; folder: UnreadFolder; unread: number }

/** Whoever counts this far has counted enough. */
export const mostCounted = 100

const mark = sql`coalesce(${reads.seq}, 0)`

const markOf = (agentId: string): SQL | undefined =>
  and(eq(reads.conversationId, conversations.id), eq(reads.readerKind, 'agent'), eq(reads.readerId, agentId))

const mayBeUnread = (agentId: string): SQL | undefined =>
  or(eq(conversations.state, 'waiting'), and(eq(conversations.state, 'active'), eq(conversations.agentId, agentId)))

const ofVisitorPastMark = sql<number>`(select count(*) from (select 1 from ${messages}
  where ${messages.conversationId} = ${conversations.id} and ${messages.seq} > ${mark}
  and ${messages.authorKind} = 'visitor' and ${messages.kind} <> 'event' limit ${sql.raw(`${mostCounted}`)}) as counted)`

/** Those of these conversations in which something is unread for this agent, and how much. */
export async function unreadAmong(agentId: string, ids: readonly string[]): Promise<Unread[]> {
  if (ids.length === 0) return []
  const rows = await db
    .select({ id: conversations.id, folder: conversations.state, unread: ofVisitorPastMark })
    .from(conversations)
    .leftJoin(reads, markOf(agentId))
    .where(and(inArray(conversations.id, [...ids]), gt(conversations.lastVisitorSeq, mark), mayBeUnread(agentId)))
  return rows.map(({ id, folder, unread }) => ({ id, folder: folder as UnreadFolder, unread: Number(unread) }))
}

export type Stretch = {
  /** Those in which something is unread. */
  unread: ConversationRow[]
  /** Where the next stretch begins; null: this was the last one. */
  next: FolderCursor | null
}

/** Looks through a stretch of a folder, in its order: `limit` conversations, read or not. */
export async function lookThrough(
  agentId: string,
  folder: UnreadFolder,
  after: FolderCursor | null,
  limit: number,
): Promise<Stretch> {
  const rows = await db
    .select({ conversation: conversations, seq: reads.seq })
    .from(conversations)
    .leftJoin(reads, markOf(agentId))
    .where(and(inFolder(folder, agentId), pastCursor(folder, after)))
    .orderBy(...folderOrder(folder))
    .limit(limit)
  const last = rows.at(-1)
  return {
    unread: rows.flatMap(({ conversation, seq }) => (conversation.lastVisitorSeq > (seq ?? 0) ? [conversation] : [])),
    next: rows.length === limit && last ? cursorOf(folder, last.conversation) : null,
  }
}

/** Those of these conversations that stand in the folder after a cursor, in its order. */
export const amongFolder = (
  agentId: string,
  folder: UnreadFolder,
  { ids, after, limit }: { ids: readonly string[]; after: FolderCursor | null; limit: number },
): Promise<ConversationRow[]> =>
  db
    .select()
    .from(conversations)
    .where(and(inArray(conversations.id, [...ids]), inFolder(folder, agentId), pastCursor(folder, after)))
    .orderBy(...folderOrder(folder))
    .limit(limit)
