import { eq } from 'drizzle-orm'
import { writeLocking } from '../../platform/db/write.ts'
import { record } from '../../platform/live/bus.ts'
import { type AgentActor, cardOf } from './actor.ts'
import { conversationToChange } from './find.ts'
import { appendEvent } from './log.ts'
import { closures, type ConversationRow, conversations, takes } from './schema.ts'

/** Finishes a conversation; one that is finished already stays as it is. Refuses `conversation_unknown`. */
export const finishConversation = (agent: AgentActor, id: string): Promise<ConversationRow> =>
  writeLocking(async (tx) => {
    const before = await conversationToChange(tx, id)
    if (before.state === 'finished') return before
    const data = { agentId: agent.agentId, ...cardOf(agent) }
    const added = await appendEvent(tx, before, {
      name: 'finished',
      authorKind: 'agent',
      authorId: agent.agentId,
      data,
      public: true,
    })
    const finished = {
      state: 'finished',
      agentId: null,
      previousAgentId: before.agentId ?? agent.agentId,
      waitingSince: null,
    } as const
    const conversation: ConversationRow = { ...added.conversation, ...finished }
    await tx.update(conversations).set(finished).where(eq(conversations.id, id))
    await tx.delete(takes).where(eq(takes.conversationId, id))
    await tx
      .insert(closures)
      .values({ conversationId: id, agentId: agent.agentId, seq: added.message.seq, closedAt: added.message.at })
    await record(tx, 'conversation.finished', { message: added.message, conversation })
    return conversation
  })
