import { and, eq, sql } from 'drizzle-orm'
import type { Executor, Tx } from '../../platform/db/executor.ts'
import { db } from '../../platform/db/open.ts'
import { prepared } from '../../platform/db/prepared.ts'
import { writeLocking } from '../../platform/db/write.ts'
import { record } from '../../platform/live/bus.ts'
import { Refusal, refuse } from '../../platform/lib/refuse.ts'
import { checkText } from '../../platform/lib/text.ts'
import {
  type AgentActor,
  append,
  type ConversationRow,
  conversationsOf,
  conversationToChange,
  isClientId,
  messages,
  openInside,
  type Page,
  readConversationToChange,
  reopenInside,
  takeInside,
  textDigest,
} from '../conversations/index.ts'
import { findSite } from '../sites/index.ts'
import type { VisitorActor } from '../visitors/index.ts'
import './events.ts'

/** What a sender gives: `clientId` is their own key for this message, the same in every repeat. */
export type NewMessage = {
  clientId: unknown
  body: unknown
  kind?: unknown
  page?: Page | null
  /** Absent: the visitor's current conversation. */
  conversationId?: string | null
}

/** The message is on disk. `at` is UTC milliseconds. */
export type Ack = { clientId: string; conversationId: string; seq: number; at: number }

type Checked = { clientId: string; body: string; digest: string; page: Page | null; conversationId: string | null }

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
 * takes a waiting one.
 *
 * Refuses `client_id_invalid`, `client_id_reused` (same key, other content), `kind_unknown`, `text_missing`, `text_too_long`,
 * `text_invalid`, `conversation_unknown`; to visitors also `chat_disabled`, to agents `conversation_finished`; and what
 * `write` refuses.
 */
export async function sendMessage(actor: VisitorActor | AgentActor, input: NewMessage): Promise<Ack> {
  const message = check(input)
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
const findKept = (actor: VisitorActor | AgentActor, message: Checked): Promise<Ack | null> =>
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
  return findRepeat(db, actor, check(input))
}

function check({ clientId, body, kind = 'text', page = null, conversationId = null }: NewMessage): Checked {
  if (!isClientId(clientId)) throw refuse('client_id_invalid')
  if (kind !== 'text') throw refuse('kind_unknown')
  const text = checkText(body)
  return { clientId, body: text, digest: textDigest(text), page, conversationId }
}

async function findRepeat(executor: Executor, actor: VisitorActor | AgentActor, message: Checked): Promise<Ack | null> {
  const { clientId } = message
  const [first] = await byClientId(executor).execute({ authorKind: actor.kind, authorId: idOf(actor), clientId })
  if (!first) return null
  if (first.digest !== message.digest) throw refuse('client_id_reused')
  return { clientId, conversationId: first.conversationId, seq: first.seq, at: first.at }
}

async function keep(
  tx: Tx,
  actor: VisitorActor | AgentActor,
  { clientId, body, digest, page, conversationId }: Checked,
): Promise<Ack> {
  const conversation = await (actor.kind === 'visitor'
    ? openFor(tx, actor, conversationId)
    : answerable(tx, actor, conversationId))
  const entry = {
    authorKind: actor.kind,
    authorId: idOf(actor),
    clientId,
    kind: 'text',
    body,
    digest,
    page,
    public: true,
  } as const
  const data = actor.kind === 'agent' ? { agentName: actor.name } : null
  const added = await append(tx, conversation, { ...entry, data })
  await record(tx, 'message.sent', added)
  return { clientId, conversationId: conversation.id, seq: added.message.seq, at: added.message.at }
}

async function openFor(tx: Tx, visitor: VisitorActor, conversationId: string | null): Promise<ConversationRow> {
  const site = await findSite(visitor.siteId, tx)
  if (!site) throw refuse('site_unknown')
  const own = await conversationsOf(visitor.visitorId, tx)
  const conversation = conversationId === null ? own[0] : own.find((one) => one.id === conversationId)
  if (conversationId !== null && !conversation) throw refuse('conversation_unknown')
  if (!site.chatEnabled) throw refuse('chat_disabled')
  // Of two first messages at once the index lets one open it; the other looks again and finds it.
  if (!conversation) return openInside(tx, visitor, site)
  const current = await readConversationToChange(tx, conversation)
  if (current.state !== 'finished') return current
  return reopenInside(tx, current, { kind: 'visitor', id: visitor.visitorId })
}

async function answerable(tx: Tx, agent: AgentActor, conversationId: string | null): Promise<ConversationRow> {
  const conversation = await conversationToChange(tx, conversationId ?? '')
  if (conversation.state === 'finished') throw refuse('conversation_finished')
  return conversation.state === 'waiting' ? takeInside(tx, agent, conversation) : conversation
}

const idOf = (actor: VisitorActor | AgentActor): string => (actor.kind === 'visitor' ? actor.visitorId : actor.agentId)
