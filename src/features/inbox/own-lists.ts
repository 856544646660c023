import { on } from '../../platform/live/bus.ts'
import { pushFrame } from '../../platform/live/hub.ts'

/** What all windows of one agent watch. */
export const consolesOf = (agentId: string): string => `agent:${agentId}`

// Whoever reads along in a lively conversation reads every second: their lists follow at once, then after a quiet time, the
// longer the more consoles ask (2 s at 200 of them).
const fastestMs = 250
const slowestMs = 2000
const msPerConsole = 10
let quietMs = (): number => slowestMs
const quiet = new Map<string, { timer: Timer; again: boolean }>()

/** Has the lists of an agent's windows asked for again when what they have not read has changed. */
export function pushOwnLists(consoles: () => number): void {
  quietMs = () => Math.min(slowestMs, Math.max(fastestMs, consoles() * msPerConsole))
  on('read.marked', ({ readerKind, readerId }) => {
    if (readerKind === 'agent') ownListsChanged(readerId)
  })
  on('system.marked', ({ agentId }) => ownListsChanged(agentId))
  on('marks.lowered', ({ agentId }) => ownListsChanged(agentId))
}

function ownListsChanged(agentId: string): void {
  const waiting = quiet.get(agentId)
  if (waiting) {
    waiting.again = true
    return
  }
  pushFrame(consolesOf(agentId), { poke: 'inbox-changed' })
  const timer = setTimeout(() => {
    const again = quiet.get(agentId)?.again
    quiet.delete(agentId)
    if (again) ownListsChanged(agentId)
  }, quietMs())
  timer.unref()
  quiet.set(agentId, { timer, again: false })
}

/** The house closes. */
export function forgetOwnLists(): void {
  for (const { timer } of quiet.values()) clearTimeout(timer)
  quiet.clear()
}
