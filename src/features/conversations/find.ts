import { and, asc, desc, eq, inArray, type SQL, sql } from 'drizzle-orm'
import { boundText, fixedLimit } from '../../platform/db/bound.ts'
import type { Executor, Tx } from '../../platform/db/executor.ts'
import { lockingRows, rowsNeedLocks } from '../../platform/db/lock-rows.ts'
import { db } from '../../platform/db/open.ts'
import { prepared } from '../../platform/db/prepared.ts'
import { isId } from '../../platform/lib/id.ts'
import { refuse } from '../../platform/lib/refuse.ts'
import { type ConversationRow, conversations } from './schema.ts'

export type Folder = 'waiting' | 'active' | 'finished'

const byId = prepared((x) =>
  x
    .select()
    .from(conversations)
    .where(eq(conversations.id, sql.placeholder('id')))
    .prepare(),
)

const byIdToChange = prepared((x) =>
  lockingRows(
    x
      .select()
      .from(conversations)
      .where(eq(conversations.id, sql.placeholder('id'))),
  ).prepare(),
)

const ofVisitor = prepared((x) =>
  x
    .select()
    .from(conversations)
    .where(eq(conversations.visitorId, boundText('visitorId')))
    .orderBy(desc(conversations.createdAt), desc(conversations.id))
    .limit(fixedLimit(20))
    .prepare(),
)

/** The conversation with this id; null when there is none. */
export async function findConversation(id: string, executor: Executor = db): Promise<ConversationRow | null> {
  const [conversation] = isId(id) ? await byId(executor).execute({ id }) : []
  return conversation ?? null
}

/**
 * The conversation, for a change inside `tx`: locked, so that it stays as it is read until the write ends. Whoever changes
 * several takes them with `conversationsToChange`. Refuses `conversation_unknown`.
 */
export async function conversationToChange(tx: Tx, id: string): Promise<ConversationRow> {
  const [conversation] = isId(id) ? await byIdToChange(tx).execute({ id }) : []
  if (!conversation) throw refuse('conversation_unknown')
  return conversation
}

/**
 * As `conversationToChange`, for several: in the order of their ids, so that nobody waits for a lock of somebody who waits
 * for theirs. Refuses `conversation_unknown` if one of them is.
 */
export async function conversationsToChange(tx: Tx, ids: readonly string[]): Promise<ConversationRow[]> {
  const wanted = [...new Set(ids)]
  if (!wanted.every(isId)) throw refuse('conversation_unknown')
  const found = await lockingRows(
    tx.select().from(conversations).where(inArray(conversations.id, wanted)).orderBy(asc(conversations.id)),
  )
  if (found.length < wanted.length) throw refuse('conversation_unknown')
  return found
}

/** As `conversationToChange`, for one that this write has already read: where rows need no locks it still stands. */
export const readConversationToChange = async (tx: Tx, read: ConversationRow): Promise<ConversationRow> =>
  rowsNeedLocks() ? conversationToChange(tx, read.id) : read

/** A visitor's conversations, the newest first; the first is the current one. */
export const conversationsOf = async (visitorId: string, executor: Executor = db): Promise<ConversationRow[]> =>
  ofVisitor(executor).execute({ visitorId })

/** Where a page of a folder ends: its last row's sort key. */
export type FolderCursor = { at: number; id: string }
export type FolderPage = { folder: Folder; agentId: string; before?: FolderCursor | null; limit: number }

/**
 * A page of a folder. Waiting: who has waited longest first. Active (the agent's own) and Finished: newest activity first.
 */
export async function listFolder({ folder, agentId, before, limit }: FolderPage): Promise<ConversationRow[]> {
  const waiting = folder === 'waiting'
  const key = waiting ? conversations.waitingSince : conversations.lastEntryAt
  // Compared as one value, so that the index leads to the row: with OR a page deep in the list reads all before it.
  const past = waiting ? sql`>` : sql`<`
  const next: SQL | undefined = before
    ? sql`(${key}, ${conversations.id}) ${past} (${before.at}, ${before.id})`
    : undefined
  const order = waiting ? asc : desc
  return db
    .select()
    .from(conversations)
    .where(and(inFolder(folder, agentId), next))
    .orderBy(order(key), order(conversations.id))
    .limit(limit)
}

export const cursorOf = (folder: Folder, row: ConversationRow): FolderCursor => ({
  at: folder === 'waiting' ? (row.waitingSince ?? row.lastEntryAt) : row.lastEntryAt,
  id: row.id,
})

/** How many stand in each folder, up to 100 ("99+"). */
export async function countFolders(agentId: string): Promise<Record<Folder, number>> {
  const [waiting, active, finished] = await Promise.all([
    countInState(db).execute({ state: 'waiting' }),
    countActive(db).execute({ agentId }),
    countInState(db).execute({ state: 'finished' }),
  ])
  const numberIn = ([row]: { n: number }[]): number => Number(row?.n ?? 0)
  return { waiting: numberIn(waiting), active: numberIn(active), finished: numberIn(finished) }
}

const countInState = prepared((x) => countedUpTo100(x, eq(conversations.state, boundText('state'))).prepare())

const countActive = prepared((x) =>
  countedUpTo100(x, and(eq(conversations.state, 'active'), eq(conversations.agentId, boundText('agentId')))).prepare(),
)

function countedUpTo100(executor: Executor, which: SQL | undefined) {
  const some = executor
    .select({ one: sql`1`.as('one') })
    .from(conversations)
    .where(which)
    .limit(fixedLimit(100))
    .as('some')
  return executor.select({ n: sql<number>`count(*)` }).from(some)
}

const inFolder = (folder: Folder, agentId: string): SQL | undefined =>
  folder === 'active'
    ? and(eq(conversations.state, 'active'), eq(conversations.agentId, agentId))
    : eq(conversations.state, folder)
