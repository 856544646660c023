import { agentId, find, isOpen, onOpen } from './place.ts'

// Colleagues who write an answer in the same conversation: so that it is not given twice. Never kept.
const lastsMs = 8000
const names = new Map<string, { name: string; timer: number }>()

export function startAnswering(): void {
  onOpen(() => {
    for (const { timer } of names.values()) clearTimeout(timer)
    names.clear()
    show()
  })
}

/** A colleague is typing, or (`on` is false) has said it or given it up. */
export function showAnswering(frame: Record<string, unknown>): void {
  const { conversationId, agentId: who, name, on } = frame
  if (typeof conversationId !== 'string' || !isOpen(conversationId)) return
  if (typeof who !== 'string' || typeof name !== 'string' || who === agentId) return
  clearTimeout(names.get(who)?.timer)
  names.delete(who)
  if (on !== false) names.set(who, { name, timer: window.setTimeout(() => forget(who), lastsMs) })
  show()
}

/** They have said it. */
export function answered(who: string): void {
  if (!names.has(who)) return
  clearTimeout(names.get(who)?.timer)
  forget(who)
}

function forget(who: string): void {
  names.delete(who)
  show()
}

function show(): void {
  const place = find('#answering')
  if (!place) return
  const who = [...names.values()].map(({ name }) => name).join(', ')
  const words = (names.size > 1 ? place.dataset.many : place.dataset.one) ?? ''
  place.hidden = names.size === 0
  // Names are put in as text, at the place that the words leave for them.
  const [before = '', after = ''] = words.split('…name…')
  const bold = document.createElement('bdi')
  bold.textContent = who
  place.replaceChildren(before, bold, after)
}
