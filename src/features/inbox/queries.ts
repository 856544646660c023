import { type ConversationRow, findConversation, type MessageRow } from '../conversations/index.ts'
import { agentName } from '../agents/index.ts'
import { listEntries, readSeq } from '../messages/index.ts'
import { type ContactCard, contactsOf } from '../visitors/index.ts'
import { refuse } from '../../platform/lib/refuse.ts'
import type { Holder } from '../../../views/console/conversation.tsx'

export const entriesOnPage = 50
/** Most entries of one answer to `after`. */
export const entriesToCatchUp = 200

/** The line that embeds a site's chat. */
export const snippetFor = (origin: string, siteId: string): string =>
  `<script async src="${origin}/widget.js?site=${siteId}"></script>`

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

/** The end of the log, and how far the visitor has read. */
export async function openLog(conversationId: string): Promise<{ entries: MessageRow[]; visitorRead: number }> {
  const [entries, visitorRead] = await Promise.all([
    listEntries(conversationId, { limit: entriesOnPage }),
    readSeq(conversationId, 'visitor'),
  ])
  return { entries, visitorRead }
}

/** Entries after or before a seq, as an address asks for them. Refuses `bad_request`. */
export async function entriesAround(
  conversationId: string,
  query: Record<string, string | undefined>,
): Promise<{ entries: MessageRow[]; before: boolean }> {
  const { after, before } = query
  if (before !== undefined) {
    return {
      entries: await listEntries(conversationId, { before: seqFrom(before), limit: entriesOnPage }),
      before: true,
    }
  }
  return {
    entries: await listEntries(conversationId, { after: seqFrom(after ?? '0'), limit: entriesToCatchUp }),
    before: false,
  }
}

function seqFrom(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw refuse('bad_request')
  return Number(text)
}
