import type { Tx } from '../../platform/db/executor.ts'
import { record } from '../../platform/live/bus.ts'
import { refuse } from '../../platform/lib/refuse.ts'
import {
  type AgentActor,
  append,
  cardOf,
  type ConversationRow,
  conversationToChange,
  type MessageRow,
  takeInside,
} from '../conversations/index.ts'
import type { VisitorActor } from '../visitors/index.ts'
import './events.ts'
import type { CheckedMessage } from './new-message.ts'
import { doorFor, openFor } from './visitor-door.ts'

/** Keeps words: a visitor's open, or reopen, their conversation; an agent's first answer takes a waiting one. */
export async function sendText(tx: Tx, actor: VisitorActor | AgentActor, message: CheckedMessage): Promise<MessageRow> {
  const { clientId, digest, page, content } = message
  const entry = { clientId, digest, page, kind: 'text', body: content.body, public: true } as const
  const conversation = await (actor.kind === 'visitor'
    ? writable(tx, actor, message)
    : answerable(tx, actor, message.conversationId))
  const by =
    actor.kind === 'visitor'
      ? ({ authorKind: 'visitor', authorId: actor.visitorId } as const)
      : ({ authorKind: 'agent', authorId: actor.agentId, data: cardOf(actor) } as const)
  const added = await append(tx, conversation, { ...entry, ...by })
  await record(tx, 'message.sent', added)
  return added.message
}

async function writable(tx: Tx, visitor: VisitorActor, message: CheckedMessage): Promise<ConversationRow> {
  const { conversation, greeting } = await doorFor(tx, visitor, message)
  return openFor(tx, visitor, conversation, { greeting, channel: message.channel })
}

async function answerable(tx: Tx, agent: AgentActor, conversationId: string | null): Promise<ConversationRow> {
  const conversation = await conversationToChange(tx, conversationId ?? '')
  if (conversation.state === 'finished') throw refuse('conversation_finished')
  return conversation.state === 'waiting' ? takeInside(tx, agent, conversation) : conversation
}
