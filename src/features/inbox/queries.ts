import { type ConversationRow, findConversation } from '../conversations/index.ts'
import { agentName } from '../agents/index.ts'
import { type ContactCard, contactsOf } from '../visitors/index.ts'
import { refuse } from '../../platform/lib/refuse.ts'
import type { Holder } from '../../../views/console/actions.tsx'

/** A conversation by the id in an address. Refuses `conversation_unknown`. */
export async function conversationAt(id: string): Promise<ConversationRow> {
  const conversation = await findConversation(id)
  if (!conversation) throw refuse('conversation_unknown')
  return conversation
}

export async function holderOf({ agentId }: ConversationRow, viewerId: string): Promise<Holder> {
  const name = agentId === null ? null : await agentName(agentId)
  return { mine: agentId === viewerId, name: name ?? '' }
}

/** Who the visitor of a conversation is; null while nobody knows. */
export async function contactOf({ visitorId }: ConversationRow): Promise<ContactCard | null> {
  return (await contactsOf([visitorId])).get(visitorId) ?? null
}
