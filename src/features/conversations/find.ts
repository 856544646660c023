import { asc, desc, eq, inArray, sql } from 'drizzle-orm'
import { boundText, fixedLimit } from '../../platform/db/bound.ts'
import type { Executor, Tx } from '../../platform/db/executor.ts'
import { lockingRows, rowsNeedLocks } from '../../platform/db/lock-rows.ts'
import { db } from '../../platform/db/open.ts'
import { prepared } from '../../platform/db/prepared.ts'
import { isId } from '../../platform/lib/id.ts'
import { refuse } from '../../platform/lib/refuse.ts'
import { type ConversationRow, conversations } from './schema.ts'

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
