import type { Tx } from '../../platform/db/executor.ts'
import { record } from '../../platform/live/bus.ts'
import { append, type FeedbackForm, type MessageRow } from '../conversations/index.ts'
import { introduceVisitor, type VisitorActor } from '../visitors/index.ts'
import './events.ts'
import type { CheckedMessage } from './new-message.ts'
import { doorFor, openFor } from './visitor-door.ts'

/**
 * Keeps a filled-in form, in Waiting, and with it who the visitor says they are. It is taken whether there is a chat or
 * not. No greeting stands before it: whoever fills in the form was shown none.
 */
export async function sendFeedback(
  tx: Tx,
  visitor: VisitorActor,
  message: CheckedMessage & { content: { form: FeedbackForm } },
): Promise<MessageRow> {
  const { clientId, digest, page, content } = message
  const door = await doorFor(tx, visitor, message)
  const conversation = await openFor(tx, visitor, door.conversation, { greeting: null, channel: 'form' })
  const { topic: _, ...person } = content.form
  await introduceVisitor(tx, visitor.visitorId, person)
  const added = await append(tx, conversation, {
    authorKind: 'visitor',
    authorId: visitor.visitorId,
    clientId,
    kind: 'feedback',
    body: content.body,
    data: { form: content.form },
    digest,
    page,
    public: true,
  })
  await record(tx, 'message.sent', added)
  return added.message
}
