import { personLabel } from '../../../views/console/visitor.ts'
import { type Locale, translator } from '../../platform/lib/i18n.ts'
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
    if (conversation.state === 'active') ring('message', added, conversation.agentId ?? '')
    else if (begun.delete(conversation.id)) ring('conversation', added)
  })
}

export function forgetNotices(): void {
  begun.clear()
  for (const { timer } of quiet.values()) clearTimeout(timer)
  quiet.clear()
}

type Kind = 'conversation' | 'message'

// Somebody who writes five lines in a second rings for the first, and once more with the last.
const quietMs = 1000
const quiet = new Map<string, { timer: Timer; last: (() => void) | null }>()

function ring(kind: Kind, added: Added, only?: string): void {
  const { id } = added.conversation
  const waiting = quiet.get(id)
  if (waiting) {
    waiting.last = () => ring(kind, added, only)
    return
  }
  const timer = setTimeout(() => {
    const last = quiet.get(id)?.last
    quiet.delete(id)
    last?.()
  }, quietMs)
  timer.unref()
  quiet.set(id, { timer, last: null })
  void tell(kind, added, only)
}

async function tell(kind: Kind, { message, conversation }: Added, only?: string): Promise<void> {
  const there = present().filter(({ id }) => only === undefined || id === only)
  const topics = there.map(({ id }) => consolesOf(id)).filter(watched)
  if (topics.length === 0) return
  try {
    const { id, visitorId, lastText } = conversation
    const contact = (await contactsOf([visitorId])).get(visitorId) ?? null
    const frames = new Map<Locale, string>()
    const frameIn = (locale: Locale): string => {
      const t = translator(locale)
      const name = personLabel(t, { visitorId, contact })
      const who = kind === 'conversation' ? t('console.notice.waiting', { who: name }) : name
      const frame = { type: 'notice', kind, conversationId: id, seq: message.seq, who, words: lastText ?? '' }
      return JSON.stringify(frame)
    }
    for (const topic of topics) pushFragment(topic, (locale) => getOrMake(frames, locale, frameIn))
  } catch (error) {
    log.error('agents were not told of a message', { error })
  }
}

function getOrMake<K, V>(map: Map<K, V>, key: K, make: (key: K) => V): V {
  const known = map.get(key)
  if (known !== undefined) return known
  const made = make(key)
  map.set(key, made)
  return made
}
