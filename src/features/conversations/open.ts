import type { Tx } from '../../platform/db/executor.ts'
import { record } from '../../platform/live/bus.ts'
import { now } from '../../platform/lib/clock.ts'
import { newId } from '../../platform/lib/id.ts'
import { keepVisitor, type VisitorActor, zoneOfVisitor } from '../visitors/index.ts'
import { append } from './log.ts'
import { type Channel, type ConversationRow, conversations } from './schema.ts'

/**
 * Opens a visitor's conversation, in Waiting, as part of their first message. The greeting that the visitor was shown, if
 * any, becomes its first entry.
 */
export async function openInside(
  tx: Tx,
  visitor: VisitorActor,
  { greeting, channel }: { greeting: string | null; channel: Channel },
): Promise<ConversationRow> {
  await keepVisitor(tx, visitor)
  const at = now()
  const conversation: ConversationRow = {
    id: newId(),
    siteId: visitor.siteId,
    visitorId: visitor.visitorId,
    state: 'waiting',
    agentId: null,
    previousAgentId: null,
    lastSeq: 0,
    lastPublicSeq: 0,
    lastVisitorSeq: 0,
    lastText: null,
    lastAuthorKind: null,
    lastEntryAt: at,
    waitingSince: at,
    createdAt: at,
    channel,
    zoneId: await zoneOfVisitor(tx, visitor.visitorId),
  }
  await tx.insert(conversations).values(conversation)
  await record(tx, 'conversation.opened', { conversation })
  if (!greeting) return conversation
  const first = { authorKind: 'system', authorId: null, kind: 'text', body: greeting, public: true } as const
  return (await append(tx, conversation, first)).conversation
}
