import { write } from '../../src/platform/db/write.ts'
import type { Feature } from '../../src/platform/feature.ts'
import { enqueue } from '../../src/platform/jobs/outbox.ts'
import { holdClock } from '../../src/platform/lib/clock.ts'

/** A job that does nothing: whoever adds one has the worker look at what is due by now. */
export const ticking: Feature = { name: 'ticking', jobs: { tick: async () => undefined } }

const tick = (): Promise<void> => write((tx) => enqueue(tx, 'tick', {}))

let at = 0

/** Stops the clock of the house, and says what it shows. */
export function stopClock(): number {
  at = Date.now()
  holdClock(() => at)
  return at
}

/** Puts the stopped clock forward; nobody looks. */
export function setForward(ms: number): void {
  at += ms
}

/** Puts the stopped clock forward, and has the worker look at what is due by then. */
export async function pass(ms: number): Promise<void> {
  setForward(ms)
  await tick()
}

export const letClockRun = (): void => holdClock()
