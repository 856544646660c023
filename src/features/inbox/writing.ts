import { now } from '../../platform/lib/clock.ts'
import { cut } from '../../platform/lib/text.ts'

/** Somebody who writes their first message. In memory alone: nothing is kept of what was not sent. */
export type WritingVisitor = { visitorId: string; siteId: string; text: string; at: number }

/** How long what was typed stands when nothing more is heard. */
export const typingLastsMs = 10_000
// A bound against a flood of sessions that only type; nobody reads further anyway.
const most = 100
const previewLength = 200

const writing = new Map<string, WritingVisitor & { timer: Timer }>()

/** Remembers what a visitor types for a while; `forgotten` is called when it has run out. */
export function keepWriting(visitor: { visitorId: string; siteId: string; text: string }, forgotten: () => void): void {
  const { visitorId, siteId } = visitor
  const before = writing.get(visitorId)
  if (!before && writing.size >= most) return
  clearTimeout(before?.timer)
  const timer = setTimeout(() => {
    if (writing.delete(visitorId)) forgotten()
  }, typingLastsMs)
  timer.unref()
  writing.set(visitorId, { visitorId, siteId, text: cut(visitor.text, previewLength), at: before?.at ?? now(), timer })
}

/** Forgets them: they sent it, or emptied the box. False when they were not known. */
export function dropWriting(visitorId: string): boolean {
  clearTimeout(writing.get(visitorId)?.timer)
  return writing.delete(visitorId)
}

/** Who writes now, whoever began first first. */
export const listWriting = (): WritingVisitor[] => [...writing.values()]

export function forgetAllWriting(): void {
  for (const { timer } of writing.values()) clearTimeout(timer)
  writing.clear()
}
