import type { Tx } from '../../platform/db/executor.ts'
import { refuse } from '../../platform/lib/refuse.ts'
import { append, type MessageRow, readConversationToChange } from '../conversations/index.ts'
import { introduceVisitor, type VisitorActor } from '../visitors/index.ts'
import type { CheckedMessage } from './new-message.ts'
import { doorFor } from './visitor-door.ts'

/**
 * Keeps the address at which a visitor can be answered. It says nothing that waits for an answer, so it neither opens nor
 * reopens a conversation. Refuses `conversation_unknown` where there is none.
 */
export async function giveEmail(tx: Tx, visitor: VisitorActor, message: CheckedMessage): Promise<MessageRow> {
  const { clientId, digest, content } = message
  const { conversation } = await doorFor(tx, visitor, message)
  if (!conversation) throw refuse('conversation_unknown')
  const current = await readConversationToChange(tx, conversation)
  await introduceVisitor(tx, visitor.visitorId, { email: content.body })
  const added = await append(tx, current, {
    authorKind: 'visitor',
    authorId: visitor.visitorId,
    clientId,
    kind: 'event',
    body: 'email_given',
    data: { email: content.body },
    digest,
    public: true,
  })
  return added.message
}
