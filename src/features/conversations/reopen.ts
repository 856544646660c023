import { eq } from 'drizzle-orm'
import type { Tx } from '../../platform/db/executor.ts'
import { writeLocking } from '../../platform/db/write.ts'
import { record } from '../../platform/live/bus.ts'
import type { VisitorActor } from '../visitors/index.ts'
import { type AgentActor, cardOf } from './actor.ts'
import { conversationToChange } from './find.ts'
import { appendEvent } from './log.ts'
import { closures, type ConversationRow, conversations } from './schema.ts'
import { takeInside } from './take.ts'

/** Reopens a finished conversation and gives it to the agent who asked; one that is open stays as it is. Refuses `conversation_unknown`. */
export const reopenConversation = (agent: AgentActor, id: string): Promise<ConversationRow> =>
  writeLocking(async (tx) => {
    const before = await conversationToChange(tx, id)
    if (before.state !== 'finished') return before
    const waiting = await reopenInside(tx, before, agent)
    return takeInside(tx, agent, waiting)
  })

/** Puts a finished conversation back into Waiting as part of another change; who had it last stays remembered. */
export async function reopenInside(
  tx: Tx,
  before: ConversationRow,
  by: VisitorActor | AgentActor,
): Promise<ConversationRow> {
  const event = { name: 'reopened', authorKind: by.kind, public: true } as const
  const added = await (by.kind === 'agent'
    ? appendEvent(tx, before, { ...event, authorId: by.agentId, data: { agentId: by.agentId, ...cardOf(by) } })
    : appendEvent(tx, before, { ...event, authorId: by.visitorId }))
  const waiting = { state: 'waiting', agentId: null, waitingSince: added.message.at } as const
  const conversation: ConversationRow = { ...added.conversation, ...waiting }
  await tx.update(conversations).set(waiting).where(eq(conversations.id, before.id))
  await tx.delete(closures).where(eq(closures.conversationId, before.id))
  await record(tx, 'conversation.reopened', { message: added.message, conversation })
  return conversation
}
