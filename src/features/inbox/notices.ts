import { personLabel } from '../../../views/console/visitor.ts'
import { translator } from '../../platform/lib/i18n.ts'
import { log } from '../../platform/lib/log.ts'
import { on } from '../../platform/live/bus.ts'
import { pushFragment, watched } from '../../platform/live/hub.ts'
import { present } from '../../platform/live/presence.ts'
import type { Added, ConversationRow } from '../conversations/index.ts'
import { contactsOf } from '../visitors/index.ts'
import { consolesOf } from './own-lists.ts'

// Opened or reopened by a visitor whose words come next: it rings once, with those, however much they write while they wait.
const begun = new Set<string>()

/**
 * Tells agents what is worth a sound: a conversation that begins to wait, all who are there; a message in an active one, whoever
 * has it. Who is away is left alone. Their windows agree among themselves which of them rings.
 */
export function pushNotices(): void {
  const begins = ({ conversation }: { conversation: ConversationRow }) => void begun.add(conversation.id)
  const ends = ({ conversation }: { conversation: ConversationRow }) => void begun.delete(conversation.id)
  on('conversation.opened', begins)
  on('conversation.reopened', begins)
  on('conversation.taken', ends)
  on('conversation.finished', ends)
  on('entry.added', (added) => {
    const { message, conversation } = added
    if (message.authorKind !== 'visitor' || message.kind === 'event') return
    if (conversation.state === 'active') void ring('message', added, [conversation.agentId ?? ''])
    else if (begun.delete(conversation.id)) void ring('conversation', added)
  })
}

export const forgetNotices = (): void => begun.clear()

async function ring(
  kind: 'conversation' | 'message',
  { message, conversation }: Added,
  only?: string[],
): Promise<void> {
  const there = present().map(({ id }) => id)
  const topics = there.filter((id) => only?.includes(id) ?? true).map(consolesOf)
  if (!topics.some(watched)) return
  try {
    const { id, visitorId, lastText } = conversation
    const contact = (await contactsOf([visitorId])).get(visitorId) ?? null
    for (const topic of topics) {
      pushFragment(topic, (locale) => {
        const t = translator(locale)
        const who = personLabel(t, { visitorId, contact })
        const title = kind === 'conversation' ? t('console.notice.waiting', { who }) : who
        const words = lastText ?? ''
        return JSON.stringify({ type: 'notice', kind, conversationId: id, seq: message.seq, who: title, words })
      })
    }
  } catch (error) {
    log.error('agents were not told of a message', { error })
  }
}
