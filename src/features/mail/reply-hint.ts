import type { ReplyHint } from '../../../views/console/reply-hint.tsx'
import type { ConversationRow } from '../conversations/index.ts'
import { standingOf, visitorsOnline } from '../visitors/index.ts'
import { readMail } from './mail-settings.ts'
import { addressOfClient } from './refusals.ts'

/** Where an answer would go now that the visitor has left; null while they are there, or nothing can be answered. */
export async function replyHintOf(conversation: ConversationRow): Promise<ReplyHint | null> {
  const { visitorId, state } = conversation
  if (state === 'finished' || visitorsOnline([visitorId]).has(visitorId)) return null
  const { email } = await standingOf(visitorId)
  if (email === null) return { way: 'no_email' }
  const address = await addressOfClient(conversation)
  if (address !== null) return { way: 'mail', address }
  return { way: (await readMail()) ? 'refused' : 'not_set_up', address: email }
}
