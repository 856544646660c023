import { onUntold, storeState } from '../db/state.ts'
import { now } from '../lib/clock.ts'
import { log } from '../lib/log.ts'
import { claim, forgetDone, markDone, markFailed, nextDueAt, type OutboxRow, onEnqueued, putOff } from './outbox.ts'

/**
 * Does one reaction. `id` is the same over all tries: pass it on, so that a receiver can drop repeats.
 * Throws to be tried again later, `Hopeless` to be given up at once, `NotYet` when there is nothing to do yet. Must heed
 * `signal`, which ends it after 30 s.
 */
export type JobHandler = (payload: never, job: { id: string; attempts: number; signal: AbortSignal }) => Promise<void>
export type Jobs = Record<string, JobHandler>

/** No other try can help: a person has to see to it. */
export class Hopeless extends Error {}

/** There is nothing to do before `dueAt`, UTC milliseconds. */
export class NotYet extends Error {
  readonly dueAt: number

  constructor(dueAt: number) {
    super(`not before ${new Date(dueAt).toISOString()}`)
    this.dueAt = dueAt
  }
}

const handlerTimeoutMs = 30_000
const atOnce = 8
const longestNapMs = 60_000
// The outbox could not be read: it may well be possible soon.
const afterFaultMs = 2000
const cleanEveryMs = 3600_000

/** Runs the outbox until stopped. One for each process. */
export function startJobs(jobs: Jobs): { stop(): Promise<void> } {
  let stopped = false
  let running: Promise<void> | null = null
  let again = false
  let timer: Timer | null = null
  const aborter = new AbortController()
  const cleaning = setInterval(() => void forgetDone().catch(() => undefined), cleanEveryMs)
  cleaning.unref()

  function wake(): void {
    if (stopped) return
    again = true
    running ??= run().finally(() => {
      running = null
      // Woken while it asked until when it may sleep: what it was woken for need not be in the answer.
      if (again) wake()
    })
  }

  async function run(): Promise<void> {
    if (timer) clearTimeout(timer)
    while (again && !stopped) {
      again = false
      try {
        const rows = await claim(atOnce)
        if (rows.length > 0) again = true
        await Promise.all(rows.map((row) => doJob(row)))
      } catch (error) {
        // While the store is known to be in trouble, that has been logged.
        if (storeState().mode === 'ok') log.warn('the outbox could not be read', { error })
      }
    }
    if (!stopped) await nap()
  }

  async function nap(): Promise<void> {
    const dueAt = await nextDueAt().catch(() => now() + afterFaultMs)
    const wait = dueAt === null ? longestNapMs : Math.min(longestNapMs, Math.max(100, dueAt - now()))
    timer = setTimeout(wake, wait)
    timer.unref()
  }

  async function doJob(row: OutboxRow): Promise<void> {
    const signal = AbortSignal.any([aborter.signal, AbortSignal.timeout(handlerTimeoutMs)])
    try {
      const handler = jobs[row.job]
      if (!handler) throw new Error(`no job is called ${row.job}`)
      await handler(row.payload as never, { id: row.id, attempts: row.attempts, signal })
      await markDone(row)
    } catch (error) {
      if (stopped) return
      await putBack(row, error).catch((failure: unknown) =>
        log.warn('a failed job could not be put back', { error: failure }),
      )
    }
  }

  onEnqueued(wake)
  const stopSeeking = onUntold(wake)
  wake()
  return {
    async stop() {
      stopped = true
      stopSeeking()
      onEnqueued(() => undefined)
      if (timer) clearTimeout(timer)
      clearInterval(cleaning)
      aborter.abort()
      await running
    },
  }
}

async function putBack(row: OutboxRow, error: unknown): Promise<void> {
  if (error instanceof NotYet) return putOff(row, error.dueAt)
  const hopeless = error instanceof Hopeless
  const told = { job: row.job, id: row.id, attempts: row.attempts + 1, error }
  log.warn(hopeless ? 'a job failed and is given up' : 'a job failed and will be tried again', told)
  await markFailed(row, hopeless ? error.message : String(error), hopeless)
}
