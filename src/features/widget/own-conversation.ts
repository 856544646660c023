import { refuse } from '../../platform/lib/refuse.ts'
import { type ConversationRow, conversationsOf } from '../conversations/index.ts'
import { readUpTo } from '../messages/index.ts'
import type { VisitorActor } from '../visitors/index.ts'
import { conversationIdOf } from './frames.ts'

/** The conversation that a visitor names, or their current one, if any. Refuses `conversation_unknown` for one that is not theirs. */
export const ownConversation = async ({ visitorId }: VisitorActor, id: unknown): Promise<ConversationRow | undefined> =>
  named(await conversationsOf(visitorId), conversationIdOf(id))

/** The same among those that were read already. */
export function named(own: ConversationRow[], id: string | null): ConversationRow | undefined {
  if (id === null) return own[0]
  const conversation = own.find((one) => one.id === id)
  if (!conversation) throw refuse('conversation_unknown')
  return conversation
}

/** Raises the mark of how far a visitor has read; nothing happens where there is no conversation. Refuses `bad_frame`. */
export async function readOwn(visitor: VisitorActor, conversationId: unknown, seq: unknown): Promise<void> {
  const upTo = seqOf(seq)
  const conversation = await ownConversation(visitor, conversationId)
  if (conversation) await readUpTo(visitor, { conversationId: conversation.id, seq: upTo })
}

/** A seq as a client gives it. Refuses `bad_frame`. */
export function seqOf(value: unknown): number {
  if (!Number.isSafeInteger(value) || (value as number) < 0) throw refuse('bad_frame')
  return value as number
}
