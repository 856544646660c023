import type { WidgetKey } from '../../catalogues/widget-words.ts'
import type { Values } from '../../catalogues/pattern.ts'
import type { Chat } from './chat.ts'
import type { Status } from './connection.ts'
import type { Known } from './known.ts'
import type { When } from './when.ts'

type Words = [WidgetKey, Values?]

/** Who is there, as far as it is known: what is not known is never shown as online, nor as away. */
export function presenceOf(
  { availability, site, visitor, mode, clock }: Known,
  status: Status,
): { online: boolean; words: (when: When) => Words } | null {
  if (status === 'connecting') return { online: false, words: () => ['connecting'] }
  if (!availability || site?.chatEnabled === false || visitor?.blocked) return null
  if (availability.status === 'online') return mode === 'chat' ? { online: true, words: () => ['online'] } : null
  const { backAt } = availability
  if (!backAt || backAt <= clock.now()) return { online: false, words: () => ['away'] }
  return { online: false, words: (when) => when.back(backAt) }
}

/** What has to be said above the conversation, if anything. `impatient`: connecting has taken a while. */
export function noticeOf(chat: Chat, impatient: boolean): WidgetKey | null {
  const { shut, status, known } = chat.connection
  if (shut === 'site_unknown') return 'unknownSite'
  if (shut) return 'refusedHere'
  if (status === 'waiting' || (status === 'connecting' && impatient)) {
    return chat.outbox.items.some(({ kept }) => kept === false) ? 'waitingInMemory' : 'waiting'
  }
  if (known.visitor?.blocked) return 'blocked'
  if (known.mode === 'form') return known.site?.chatEnabled === false ? 'switchedOff' : 'registered'
  if (known.conversation?.state === 'finished' && chat.outbox.items.length === 0) return 'finished'
  if (known.mode !== 'later' || known.conversation) return null
  return known.visitor?.email ? 'awayNoteKnown' : 'awayNote'
}

/** What the window offers below its head. */
export type Offer = 'chat' | 'form' | 'nothing'

export function offerOf({ connection: { shut, known } }: Chat): Offer {
  if (shut || known.visitor?.blocked) return 'nothing'
  return known.mode === 'form' ? 'form' : 'chat'
}

/** Whether the visitor is asked for an address to be answered at: once, after the first message, if nobody has it. */
export function asksForEmail(chat: Chat): boolean {
  const { known } = chat.connection
  if (offerOf(chat) !== 'chat' || !known.visitor || known.visitor.email || chat.wishes.has('no-email')) return false
  // Nobody is interrupted who is being answered.
  if (known.mode === 'chat' && known.conversation?.state === 'active') return false
  const wrote = ({ kind = 'text' }: { kind?: string }) => kind === 'text'
  return chat.outbox.items.some(wrote) || chat.entries.some((entry) => entry.author.kind === 'visitor' && wrote(entry))
}
