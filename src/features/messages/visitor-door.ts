import type { Tx } from '../../platform/db/executor.ts'
import { refuse } from '../../platform/lib/refuse.ts'
import { windowMode } from '../../../views/widget/window-mode.ts'
import {
  type ConversationRow,
  conversationsOf,
  openInside,
  readConversationToChange,
  reopenInside,
} from '../conversations/index.ts'
import { findSite, type SiteRow } from '../sites/index.ts'
import { type Standing, standingOf, type VisitorActor } from '../visitors/index.ts'
import type { CheckedMessage } from './new-message.ts'

/** Where a visitor's message goes: the conversation that they name, or their current one; null: there is none yet. */
export type Door = { site: SiteRow; conversation: ConversationRow | null }

/**
 * Lets a visitor's message in. Refuses `site_unknown`, `conversation_unknown`, `blocked`, and to words where the window
 * offers the form alone, `chat_disabled` and `registration_needed`.
 */
export async function doorFor(
  tx: Tx,
  visitor: VisitorActor,
  { content, conversationId }: CheckedMessage,
): Promise<Door> {
  const site = await findSite(visitor.siteId, tx)
  if (!site) throw refuse('site_unknown')
  const own = await conversationsOf(visitor.visitorId, tx)
  const conversation = conversationId === null ? own[0] : own.find((one) => one.id === conversationId)
  if (conversationId !== null && !conversation) throw refuse('conversation_unknown')
  const standing = await standingOf(visitor.visitorId, tx)
  if (standing.blocked) throw refuse('blocked')
  if (content.kind === 'text') mayChat(site, standing)
  return { site, conversation: conversation ?? null }
}

function mayChat({ chatEnabled, audience }: SiteRow, { verified }: Standing): void {
  // Whether somebody is there decides what the window says, never what is taken.
  const mode = windowMode({ chatEnabled, audience, verified, agentsThere: true })
  if (mode !== 'form') return
  throw chatEnabled ? refuse('registration_needed') : refuse('chat_disabled')
}

/**
 * The conversation to write into: opened with this `greeting` where there is none, put back into Waiting where it was
 * finished.
 */
export async function openFor(
  tx: Tx,
  visitor: VisitorActor,
  { site, conversation }: Door,
  greeting: string | null,
): Promise<ConversationRow> {
  // Of two first messages at once the index lets one open it; the other looks again and finds it.
  if (!conversation) return openInside(tx, visitor, site, greeting)
  const current = await readConversationToChange(tx, conversation)
  return current.state === 'finished' ? reopenInside(tx, current, visitor) : current
}
