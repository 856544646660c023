import { and, eq, inArray, sql } from 'drizzle-orm'
import { writeLocking } from '../../platform/db/write.ts'
import { record } from '../../platform/live/bus.ts'
import { now } from '../../platform/lib/clock.ts'
import { refuse } from '../../platform/lib/refuse.ts'
import { type AgentActor, conversationsToChange } from '../conversations/index.ts'
import './events.ts'
import { reads } from './schema.ts'

// Far more than a list shows, and well below what one query may name.
const mostAtOnce = 500

/**
 * Raises the agent's marks to the end of each of these conversations, all of them or none.
 * Refuses `bad_request` for more than `mostAtOnce`, and `conversation_unknown` if one of them is.
 */
export async function readAll({ agentId }: AgentActor, conversationIds: readonly string[]): Promise<void> {
  if (conversationIds.length > mostAtOnce) throw refuse('bad_request')
  if (conversationIds.length === 0) return
  const reader = { readerKind: 'agent', readerId: agentId } as const
  await writeLocking(async (tx) => {
    const conversations = await conversationsToChange(tx, conversationIds)
    const ids = conversations.map(({ id }) => id)
    const known = await tx
      .select({ id: reads.conversationId, seq: reads.seq })
      .from(reads)
      .where(and(inArray(reads.conversationId, ids), eq(reads.readerKind, 'agent'), eq(reads.readerId, agentId)))
    const marks = new Map(known.map(({ id, seq }) => [id, seq]))
    const unread = conversations.filter(({ id, lastSeq }) => lastSeq > (marks.get(id) ?? 0))
    if (unread.length === 0) return
    const at = now()
    await tx
      .insert(reads)
      .values(unread.map(({ id, lastSeq }) => ({ conversationId: id, ...reader, seq: lastSeq, at })))
      .onConflictDoUpdate({
        target: [reads.conversationId, reads.readerKind, reads.readerId],
        set: { seq: sql`excluded.seq`, at: sql`excluded.at` },
      })
    for (const { id, siteId, visitorId, lastSeq } of unread)
      await record(tx, 'read.marked', { conversationId: id, siteId, visitorId, ...reader, seq: lastSeq })
  })
}
