import { and, eq, max, sql } from 'drizzle-orm'
import { boundText } from '../../platform/db/bound.ts'
import type { Tx } from '../../platform/db/executor.ts'
import { db } from '../../platform/db/open.ts'
import { prepared } from '../../platform/db/prepared.ts'
import { writeLocking } from '../../platform/db/write.ts'
import { record } from '../../platform/live/bus.ts'
import { now } from '../../platform/lib/clock.ts'
import { refuse } from '../../platform/lib/refuse.ts'
import { type AgentActor, conversationToChange, findConversation } from '../conversations/index.ts'
import type { VisitorActor } from '../visitors/index.ts'
import './events.ts'
import { reads } from './schema.ts'

const markOf = prepared((x) =>
  x
    .select({ seq: reads.seq, raisedBy: reads.raisedBy, raisedFrom: reads.raisedFrom })
    .from(reads)
    .where(
      and(
        eq(reads.conversationId, sql.placeholder('conversationId')),
        eq(reads.readerKind, sql.placeholder('readerKind')),
        eq(reads.readerId, sql.placeholder('readerId')),
      ),
    )
    .prepare(),
)

const highest = prepared((x) =>
  x
    .select({ seq: max(reads.seq) })
    .from(reads)
    .where(and(eq(reads.conversationId, boundText('conversationId')), eq(reads.readerKind, boundText('readerKind'))))
    .prepare(),
)

/**
 * Raises the reader's mark; a lower or equal one changes nothing, one past the end means the end.
 * Refuses `conversation_unknown` (also for another visitor's) and `bad_request` for what is not a seq.
 */
export async function readUpTo(
  actor: VisitorActor | AgentActor,
  { conversationId, seq }: { conversationId: string; seq: unknown },
): Promise<void> {
  if (!Number.isSafeInteger(seq) || (seq as number) < 0) throw refuse('bad_request')
  const reader = readerOf(actor)
  const conversation = await findConversation(conversationId)
  if (!conversation || (actor.kind === 'visitor' && conversation.visitorId !== actor.visitorId))
    throw refuse('conversation_unknown')
  const [known] = await markOf(db).execute({ conversationId, ...reader })
  if (known && trulyRead(known) >= Math.min(seq as number, conversation.lastSeq)) return
  await writeLocking(async (tx) => {
    const { lastSeq, siteId, visitorId } = await conversationToChange(tx, conversationId)
    const mark = { conversationId, ...reader, seq: Math.min(seq as number, lastSeq), at: now() }
    const [before] = await markOf(tx).execute(mark)
    if (mark.seq === 0 || (before && trulyRead(before) >= mark.seq)) return
    if (before && before.seq > mark.seq) return keepRead(tx, mark)
    const raised = { seq: mark.seq, at: mark.at, raisedBy: null, raisedFrom: null }
    await tx
      .insert(reads)
      .values(mark)
      .onConflictDoUpdate({ target: [reads.conversationId, reads.readerKind, reads.readerId], set: raised })
    if (before && before.seq === mark.seq) return
    await record(tx, 'read.marked', { conversationId, siteId, visitorId, ...reader, seq: mark.seq })
  })
}

type Mark = Pick<typeof reads.$inferSelect, 'conversationId' | 'readerKind' | 'readerId' | 'seq'>

/** How far it was read, not merely marked: a "read all" can be undone, and reading cannot. */
const trulyRead = ({
  seq,
  raisedBy,
  raisedFrom,
}: Pick<typeof reads.$inferSelect, 'seq' | 'raisedBy' | 'raisedFrom'>) => (raisedBy === null ? seq : (raisedFrom ?? 0))

/** Below what a "read all" has marked: an undo goes back to here. */
async function keepRead(tx: Tx, { conversationId, readerKind, readerId, seq }: Mark): Promise<void> {
  await tx
    .update(reads)
    .set({ raisedFrom: seq })
    .where(
      and(eq(reads.conversationId, conversationId), eq(reads.readerKind, readerKind), eq(reads.readerId, readerId)),
    )
}

/** How far that side has read: the visitor, or the agent who has read furthest. 0 when nobody has. */
export async function readSeq(conversationId: string, readerKind: 'visitor' | 'agent'): Promise<number> {
  const [row] = await highest(db).execute({ conversationId, readerKind })
  return row?.seq ?? 0
}

/** How far this agent has read. 0 when they have not. */
export async function readSeqOf(agentId: string, conversationId: string): Promise<number> {
  const [mark] = await markOf(db).execute({ conversationId, readerKind: 'agent', readerId: agentId })
  return mark?.seq ?? 0
}

const readerOf = (actor: VisitorActor | AgentActor) =>
  actor.kind === 'visitor'
    ? ({ readerKind: 'visitor', readerId: actor.visitorId } as const)
    : ({ readerKind: 'agent', readerId: actor.agentId } as const)
