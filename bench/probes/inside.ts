/**
 * Preloaded into a measured server (`bun --preload`): samples the lag of its event loop from inside, and answers a probe
 * on the abstract socket named BENCH_INSIDE. `POST /reset` starts anew, `GET /` tells, `POST /collected` forces a garbage
 * collection and tells what memory is left in use, `POST /slow-read` runs the store's slow read of BENCH_SLOW_READ_MS in
 * the server's own Worker, over and over, until the process ends.
 */
import { heapStats } from 'bun:jsc'
import { join } from 'node:path'
import { roundedSummary, summarize } from '../support/stats.ts'
import { slowQuery } from './slow-query.ts'

const everyMs = 5
let lags: number[] = []
let slowReads = { running: false, done: 0, totalMs: 0, failed: '' }

let due = performance.now() + everyMs
function tick(): void {
  const now = performance.now()
  // A turn that blocked for long swallowed the ticks that were due in it: each is counted with what it waited.
  while (due <= now) {
    lags.push(now - due)
    due += everyMs
  }
  setTimeout(tick, Math.max(0, due - performance.now())).unref()
}
setTimeout(tick, everyMs).unref()

async function readSlowly(folder: string): Promise<void> {
  const { prepareSlowReads, slowRead } = await import('../../src/platform/db/slow-reads.ts')
  prepareSlowReads(join(folder, 'kontuar.db'), new URL('./slow-worker.ts', import.meta.url))
  const wantedMs = Number(process.env['BENCH_SLOW_READ_MS'] ?? 3_000)
  const trial = 1_000_000
  // The first one also starts the Worker.
  await slowRead(slowQuery, 1)
  const trialStartedAt = performance.now()
  await slowRead(slowQuery, trial)
  const rows = Math.ceil((1.1 * trial * wantedMs) / (performance.now() - trialStartedAt))
  slowReads = { running: true, done: 0, totalMs: 0, failed: '' }
  for (;;) {
    const startedAt = performance.now()
    await slowRead(slowQuery, rows)
    slowReads.done += 1
    slowReads.totalMs += performance.now() - startedAt
  }
}

/** What is freed in one collection may let go of more: three of them, with a turn of the loop in between. */
async function collected(): Promise<object> {
  for (let time = 0; time < 3; time++) {
    Bun.gc(true)
    await Bun.sleep(200)
  }
  const { heapSize, objectTypeCounts } = heapStats()
  const objects = Object.entries(objectTypeCounts).toSorted(([, a], [, b]) => b - a)
  const rssBytes = process.memoryUsage.rss()
  return { rssBytes, heapBytes: heapSize, objects: Object.fromEntries(objects.slice(0, 40)) }
}

Bun.serve({
  unix: `\0${process.env['BENCH_INSIDE']}`,
  async fetch(request) {
    const { pathname, searchParams } = new URL(request.url)
    if (pathname === '/reset') lags = []
    if (pathname === '/collected') return Response.json(await collected())
    if (pathname === '/slow-read') {
      readSlowly(searchParams.get('folder') ?? '').catch((error: unknown) => {
        slowReads.failed = String(error)
      })
    }
    const meanMs = slowReads.done === 0 ? 0 : Math.round(slowReads.totalMs / slowReads.done)
    return Response.json({ lagMs: roundedSummary(summarize(lags)), slowReads: { ...slowReads, meanMs } })
  },
}).unref()
