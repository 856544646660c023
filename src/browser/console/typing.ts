import { conversationId, find, messages, stream } from './place.ts'

// The visitor's unsent words: shown while they are fresh, never kept.
const lastsMs = 10_000
const preview = find('#preview')
let timer = 0

/** Shows what the visitor is typing, or that they do; null takes it away. */
export function showTyping(frame: { conversationId?: unknown; text?: unknown }): void {
  if (!preview || frame.conversationId !== conversationId) return
  clearTimeout(timer)
  if (typeof frame.text !== 'string' || frame.text === '') return hideTyping()
  const wasAtBottom = stream !== null && stream.scrollHeight - stream.scrollTop - stream.clientHeight < 40
  const words = preview.querySelector('.words')
  if (words) words.textContent = frame.text
  preview.hidden = false
  if (wasAtBottom && stream) stream.scrollTop = stream.scrollHeight
  timer = window.setTimeout(hideTyping, lastsMs)
}

export function hideTyping(): void {
  clearTimeout(timer)
  if (!preview || preview.hidden) return
  preview.hidden = true
  const words = preview.querySelector('.words')
  if (words) words.textContent = ''
}

let shownUpTo = 0

/** Their message has come: what was typed is said. */
export function hideTypingIfSaid(): void {
  const rows = messages?.querySelectorAll<HTMLElement>('li[data-from="visitor"][data-seq]') ?? []
  const last = Number([...rows].at(-1)?.dataset.seq ?? 0)
  if (last > shownUpTo) hideTyping()
  shownUpTo = Math.max(shownUpTo, last)
}
