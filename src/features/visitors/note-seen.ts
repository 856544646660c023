import { log } from '../../platform/lib/log.ts'
import { keepSeen } from './keep-seen.ts'
import type { Visit } from './visit.ts'

/** Somebody was last here `at`. */
export type Seen = { visitorId: string; at: number; visit: Visit }

// Many leave at once (a server stops, a network breaks): they are written together, beside the messages and not before them.
const gatherMs = 1000
const againMs = 5000
const mostAtOnce = 200
const mostWaiting = 20_000

const waiting = new Map<string, Seen>()
let timer: Timer | null = null
let writing: Promise<void> = Promise.resolve()

/** Keeps, in a while, when and where a visitor was last seen. */
export function noteSeen(seen: Seen): void {
  if (waiting.size >= mostWaiting && !waiting.has(seen.visitorId)) return
  waiting.set(seen.visitorId, seen)
  later(gatherMs)
}

/** What is still to be kept of a visitor: the store says it a moment later. */
export const seenLately = (visitorId: string): Seen | null => waiting.get(visitorId) ?? null

/** Keeps what is still to be kept. What cannot be now is tried again, until the house closes. */
export function keepAllSeen(): Promise<void> {
  if (timer) clearTimeout(timer)
  timer = null
  return (writing = writing.then(keepWaiting))
}

/** The house closes: what could not be kept is given up. */
export async function lastSeen(): Promise<void> {
  await keepAllSeen()
  if (timer) clearTimeout(timer)
  timer = null
  waiting.clear()
}

function later(ms: number): void {
  timer ??= setTimeout(() => void keepAllSeen(), ms)
  timer.unref()
}

async function keepWaiting(): Promise<void> {
  while (waiting.size > 0) {
    const some = [...waiting.values()].slice(0, mostAtOnce)
    try {
      await keepSeen(some)
    } catch (error) {
      log.warn('when visitors were last seen was not kept', { error })
      return later(againMs)
    }
    // Who has come and gone again meanwhile waits for the next round.
    for (const seen of some) if (waiting.get(seen.visitorId) === seen) waiting.delete(seen.visitorId)
  }
}
