import { windowMode } from '../../../views/widget/window-mode.ts'
import type { Tx } from '../../platform/db/executor.ts'
import { refuse } from '../../platform/lib/refuse.ts'
import {
  type Channel,
  type ConversationRow,
  conversationsOf,
  openInside,
  readConversationToChange,
  reopenInside,
} from '../conversations/index.ts'
import { type AtTheDoor, atTheDoor, type VisitorActor } from '../visitors/index.ts'
import type { CheckedMessage } from './new-message.ts'

/** Where a visitor's message goes: the conversation that they name, or their current one; null: there is none yet. */
export type Door = { conversation: ConversationRow | null; greeting: string | null }

/**
 * Lets a visitor's message in. Refuses `site_unknown`, `conversation_unknown`, `blocked`, and to words where the window
 * offers the form alone, `chat_disabled` and `registration_needed`.
 */
export async function doorFor(
  tx: Tx,
  visitor: VisitorActor,
  { content, conversationId }: CheckedMessage,
): Promise<Door> {
  const door = await atTheDoor(visitor, tx)
  const own = await conversationsOf(visitor.visitorId, tx)
  const conversation = conversationId === null ? own[0] : own.find((one) => one.id === conversationId)
  if (conversationId !== null && !conversation) throw refuse('conversation_unknown')
  if (door.blocked) throw refuse('blocked')
  if (content.kind === 'text') mayChat(door)
  return { conversation: conversation ?? null, greeting: door.greeting }
}

function mayChat({ chatEnabled, audience, verified }: AtTheDoor): void {
  // Whether somebody is there decides what the window says, never what is taken.
  const mode = windowMode({ chatEnabled, audience, verified, agentsThere: true })
  if (mode !== 'form') return
  throw chatEnabled ? refuse('registration_needed') : refuse('chat_disabled')
}

/**
 * The conversation to write into: opened, with this `greeting` for its first entry and as begun through this `channel`,
 * where there is none; put back into Waiting where it was finished.
 */
export async function openFor(
  tx: Tx,
  visitor: VisitorActor,
  conversation: ConversationRow | null,
  first: { greeting: string | null; channel: Channel },
): Promise<ConversationRow> {
  // Of two first messages at once the index lets one open it; the other looks again and finds it.
  if (!conversation) return openInside(tx, visitor, first)
  const current = await readConversationToChange(tx, conversation)
  return current.state === 'finished' ? reopenInside(tx, current, visitor) : current
}
