import { onUntold, storeState } from '../db/state.ts'
import { now } from '../lib/clock.ts'
import { log } from '../lib/log.ts'
import { claim, forgetDone, markDone, markFailed, nextDueAt, type OutboxRow, onEnqueued } from './outbox.ts'

/**
 * Does one reaction. `id` is the same over all tries: pass it on, so that a receiver can drop repeats.
 * Throws to be tried again later. Must heed `signal`, which ends it after 30 s.
 */
export type JobHandler = (payload: never, job: { id: string; attempts: number; signal: AbortSignal }) => Promise<void>
export type Jobs = Record<string, JobHandler>

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
      log.warn('a job failed and will be tried again', { job: row.job, id: row.id, attempts: row.attempts + 1, error })
      await markFailed(row, String(error)).catch((failure: unknown) =>
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
