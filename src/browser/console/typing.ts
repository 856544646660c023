import { find, isOpen, messages, onOpen, stream } from './place.ts'

// The visitor's unsent words: shown while they are fresh, never kept.
const lastsMs = 10_000
const preview = () => find('#preview')
let timer = 0
let shownUpTo = 0

export function startTyping(): void {
  onOpen(() => {
    clearTimeout(timer)
    shownUpTo = lastOfVisitor()
  })
}

/** Shows what the visitor is typing, or that they do; null takes it away. */
export function showTyping(frame: { conversationId?: unknown; text?: unknown }): void {
  const place = preview()
  if (!place || typeof frame.conversationId !== 'string' || !isOpen(frame.conversationId)) return
  clearTimeout(timer)
  if (typeof frame.text !== 'string' || frame.text === '') return hideTyping()
  const scroller = stream()
  const wasAtBottom = scroller !== null && scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 40
  const words = place.querySelector('.words')
  if (words) words.textContent = frame.text
  place.hidden = false
  if (wasAtBottom && scroller) scroller.scrollTop = scroller.scrollHeight
  timer = window.setTimeout(hideTyping, lastsMs)
}

export function hideTyping(): void {
  clearTimeout(timer)
  const place = preview()
  if (!place || place.hidden) return
  place.hidden = true
  const words = place.querySelector('.words')
  if (words) words.textContent = ''
}

/** Their message has come: what was typed is said. */
export function hideTypingIfSaid(): void {
  const last = lastOfVisitor()
  if (last > shownUpTo) hideTyping()
  shownUpTo = Math.max(shownUpTo, last)
}

function lastOfVisitor(): number {
  const rows = messages()?.querySelectorAll<HTMLElement>('li[data-from="visitor"][data-seq]') ?? []
  return Number([...rows].at(-1)?.dataset.seq ?? 0)
}
