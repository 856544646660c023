import { and, eq, sql } from 'drizzle-orm'
import type { Executor, Tx } from '../../platform/db/executor.ts'
import { db } from '../../platform/db/open.ts'
import { prepared } from '../../platform/db/prepared.ts'
import { writeLocking } from '../../platform/db/write.ts'
import { Refusal, refuse } from '../../platform/lib/refuse.ts'
import { type AgentActor, type MessageRow, messages } from '../conversations/index.ts'
import type { VisitorActor } from '../visitors/index.ts'
import './events.ts'
import { giveEmail } from './give-email.ts'
import { type CheckedMessage, checkMessage, type NewMessage } from './new-message.ts'
import { sendFeedback } from './send-feedback.ts'
import { sendText } from './send-text.ts'

/** The message is on disk. `at` is UTC milliseconds. */
export type Ack = { clientId: string; conversationId: string; seq: number; at: number }

const byClientId = prepared((x) =>
  x
    .select({ conversationId: messages.conversationId, seq: messages.seq, at: messages.at, digest: messages.digest })
    .from(messages)
    .where(
      and(
        eq(messages.authorKind, sql.placeholder('authorKind')),
        eq(messages.authorId, sql.placeholder('authorId')),
        eq(messages.clientId, sql.placeholder('clientId')),
      ),
    )
    .prepare(),
)

/**
 * Keeps a message, once: a repeat with the same `clientId` gets the first one's ack, whatever has changed since.
 * A visitor's first message opens their conversation, one to a finished conversation reopens it; an agent's first answer
 * takes a waiting one. Agents send `text`; visitors also `feedback` (a form with text) and `email` (their address).
 *
 * Refuses `client_id_invalid`, `client_id_reused` (same key, other content), `kind_unknown`, `text_missing`, `text_too_long`,
 * `text_invalid`, `conversation_unknown`; to visitors also `form_invalid`, `email_invalid`, `blocked` and, for `text`,
 * `chat_disabled` and `registration_needed`; to agents `conversation_finished` and `placeholder_unfilled`; and what `write` refuses.
 */
export async function sendMessage(actor: VisitorActor | AgentActor, input: NewMessage): Promise<Ack> {
  const message = checkMessage(actor, input)
  try {
    return await writeLocking(
      async (tx) => (await findRepeat(tx, actor, message)) ?? (await keep(tx, actor, message)),
      idOf(actor),
    )
  } catch (error) {
    // What is kept is acknowledged even while nothing new can be.
    const ack = isOfTheStore(error) ? await findKept(actor, message) : null
    if (ack) return ack
    throw error
  }
}

/** As `findRepeat`, past a store that may be impossible to read as well: then nothing is known of the message. */
const findKept = (actor: VisitorActor | AgentActor, message: CheckedMessage): Promise<Ack | null> =>
  findRepeat(db, actor, message).catch((error: unknown) => {
    if (error instanceof Refusal) throw error
    return null
  })

const isOfTheStore = (error: unknown): boolean => error instanceof Refusal && error.code.startsWith('storage_')

/**
 * The ack of a message that this sender has sent before; null when it is new. Asked before a sender is refused for what
 * has nothing to do with the message, such as the pace. Refuses as `sendMessage` does for the message itself.
 */
export async function findAck(actor: VisitorActor | AgentActor, input: NewMessage): Promise<Ack | null> {
  return findRepeat(db, actor, checkMessage(actor, input))
}

async function findRepeat(
  executor: Executor,
  actor: VisitorActor | AgentActor,
  { clientId, digest }: CheckedMessage,
): Promise<Ack | null> {
  const [first] = await byClientId(executor).execute({ authorKind: actor.kind, authorId: idOf(actor), clientId })
  if (!first) return null
  if (first.digest !== digest) throw refuse('client_id_reused')
  return ackOf(clientId, first)
}

async function keep(tx: Tx, actor: VisitorActor | AgentActor, message: CheckedMessage): Promise<Ack> {
  return ackOf(message.clientId, await add(tx, actor, message))
}

const ackOf = (
  clientId: string,
  { conversationId, seq, at }: Pick<MessageRow, 'conversationId' | 'seq' | 'at'>,
): Ack => ({
  clientId,
  conversationId,
  seq,
  at,
})

function add(tx: Tx, actor: VisitorActor | AgentActor, message: CheckedMessage): Promise<MessageRow> {
  const { content } = message
  if (actor.kind === 'visitor' && content.kind === 'feedback') return sendFeedback(tx, actor, { ...message, content })
  if (actor.kind === 'visitor' && content.kind === 'email') return giveEmail(tx, actor, message)
  return sendText(tx, actor, message)
}

const idOf = (actor: VisitorActor | AgentActor): string => (actor.kind === 'visitor' ? actor.visitorId : actor.agentId)
