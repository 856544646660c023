import { eq, sql } from 'drizzle-orm'
import type { Executor, Tx } from '../../platform/db/executor.ts'
import { prepared } from '../../platform/db/prepared.ts'
import { now } from '../../platform/lib/clock.ts'
import { mailMarks } from './schema.ts'

/** How far a conversation has been mailed. */
export type MailMark = Omit<typeof mailMarks.$inferSelect, 'conversationId' | 'changedAt'>

const none: MailMark = { copiedSeq: 0, copiedRoot: null, repliedSeq: 0, repliedRoot: null }

const byConversation = prepared((x) =>
  x
    .select({
      copiedSeq: mailMarks.copiedSeq,
      copiedRoot: mailMarks.copiedRoot,
      repliedSeq: mailMarks.repliedSeq,
      repliedRoot: mailMarks.repliedRoot,
    })
    .from(mailMarks)
    .where(eq(mailMarks.conversationId, sql.placeholder('conversationId')))
    .prepare(),
)

/** How far a conversation has been mailed, as `executor` sees it. */
export async function markOf(executor: Executor, conversationId: string): Promise<MailMark> {
  const [mark] = await byConversation(executor).execute({ conversationId })
  return mark ?? none
}

/** Moves the mark; the conversation is locked by whoever calls. */
export async function keepMark(tx: Tx, conversationId: string, change: Partial<MailMark>): Promise<void> {
  const changed = { ...change, changedAt: now() }
  await tx
    .insert(mailMarks)
    .values({ conversationId, ...changed })
    .onConflictDoUpdate({ target: mailMarks.conversationId, set: changed })
}
