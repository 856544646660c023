import { eq } from 'drizzle-orm'
import type { Tx } from '../../platform/db/executor.ts'
import { writeLocking } from '../../platform/db/write.ts'
import { record } from '../../platform/live/bus.ts'
import { refuse } from '../../platform/lib/refuse.ts'
import { agentName } from '../agents/index.ts'
import { type AgentActor, cardOf } from './actor.ts'
import { conversationToChange } from './find.ts'
import { appendEvent } from './log.ts'
import { type ConversationRow, conversations, takes } from './schema.ts'

/**
 * Gives a waiting conversation to this agent. To press again what one has already taken changes nothing.
 * Refuses `conversation_unknown`, `conversation_finished`, and `conversation_taken` with `by`: the colleague who was first.
 */
export const takeConversation = (agent: AgentActor, id: string): Promise<ConversationRow> =>
  writeLocking(async (tx) => {
    const conversation = await conversationToChange(tx, id)
    if (conversation.state === 'finished') throw refuse('conversation_finished')
    if (conversation.state === 'waiting') return takeInside(tx, agent, conversation)
    if (conversation.agentId === agent.agentId) return conversation
    throw refuse('conversation_taken', { by: (await agentName(conversation.agentId ?? '', tx)) ?? '' })
  })

/** Takes a waiting conversation as part of another change, such as the first answer. */
export async function takeInside(tx: Tx, agent: AgentActor, before: ConversationRow): Promise<ConversationRow> {
  const data = { agentId: agent.agentId, ...cardOf(agent) }
  const added = await appendEvent(tx, before, {
    name: 'taken',
    authorKind: 'agent',
    authorId: agent.agentId,
    data,
    public: false,
  })
  const taken = { state: 'active', agentId: agent.agentId, waitingSince: null } as const
  const conversation: ConversationRow = { ...added.conversation, ...taken }
  await tx.update(conversations).set(taken).where(eq(conversations.id, before.id))
  await tx
    .insert(takes)
    .values({ conversationId: before.id, agentId: agent.agentId, seq: added.message.seq, takenAt: added.message.at })
  await record(tx, 'conversation.taken', { message: added.message, conversation })
  return conversation
}
