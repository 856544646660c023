import { and, eq, inArray, isNotNull, isNull, sql } from 'drizzle-orm'
import { db } from '../../platform/db/open.ts'
import { writeLocking } from '../../platform/db/write.ts'
import { record } from '../../platform/live/bus.ts'
import { now } from '../../platform/lib/clock.ts'
import { isId } from '../../platform/lib/id.ts'
import { type AgentActor, conversationsToChange } from '../conversations/index.ts'
import './events.ts'
import { reads } from './schema.ts'

const atOnce = 500

/**
 * Puts the agent's marks back to where they stood before a "read all", and returns how many that are. A mark that was
 * raised again since stays where it is. Once undone there is nothing left to undo.
 */
export async function undoReadAll({ agentId }: AgentActor, raisedBy: string): Promise<number> {
  if (!isId(raisedBy)) return 0
  const raised = and(eq(reads.raisedBy, raisedBy), eq(reads.readerKind, 'agent'), eq(reads.readerId, agentId))
  let lowered = 0
  for (;;) {
    const found = await db.select({ id: reads.conversationId }).from(reads).where(raised).limit(atOnce)
    if (found.length === 0) return lowered
    lowered += await lower(
      agentId,
      raisedBy,
      found.map(({ id }) => id),
    )
  }
}

function lower(agentId: string, raisedBy: string, ids: string[]): Promise<number> {
  const raised = and(
    inArray(reads.conversationId, ids),
    eq(reads.readerKind, 'agent'),
    eq(reads.readerId, agentId),
    eq(reads.raisedBy, raisedBy),
  )
  const touched = { id: reads.conversationId }
  return writeLocking(async (tx) => {
    // In the order in which everybody else locks them.
    await conversationsToChange(tx, ids)
    const gone = await tx
      .delete(reads)
      .where(and(raised, isNull(reads.raisedFrom)))
      .returning(touched)
    const back = await tx
      .update(reads)
      .set({ seq: sql`${reads.raisedFrom}`, at: now(), raisedBy: null, raisedFrom: null })
      .where(and(raised, isNotNull(reads.raisedFrom)))
      .returning(touched)
    const conversationIds = [...gone, ...back].map(({ id }) => id)
    await record(tx, 'marks.lowered', { agentId, conversationIds })
    return conversationIds.length
  })
}
