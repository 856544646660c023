/**
 * Probe (a): 10 ms added to every fsync, a 3 s query running in the Worker, 500 msg/s. Is the event loop still there
 * for everybody else, and what does an ack cost? The bare limit under the same fsync is the floor: its loop is blocked
 * by the same commits, and by nothing else.
 *
 *   bun bench/probes/slow-fsync.ts [--seconds 10] [--fsync-ms 10] [--patience 60]
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { LoadResult } from '../load.ts'
import { untilCalm } from '../support/calm.ts'
import { pace } from '../support/pace.ts'
import { type Inside, insideServer, type Insight } from '../support/inside.ts'
import { load, type Server, startLimit, startOurs } from '../support/servers.ts'
import { roundedSummary, type Summary, summarize } from '../support/stats.ts'

const { values } = parseArgs({
  options: { seconds: { type: 'string' }, 'fsync-ms': { type: 'string' }, patience: { type: 'string' } },
})
const seconds = Math.min(60, Number(values.seconds ?? 10))
const patientUntil = performance.now() + 1_000 * Math.min(3_600, Number(values.patience ?? 60))
const fsyncMs = values['fsync-ms'] ?? '10'

type Result = { load: LoadResult; healthzMs: Summary; inside: Insight }

async function buildShim(folder: string): Promise<string> {
  const shim = join(folder, 'slow-fsync.so')
  const source = join(import.meta.dir, 'slow-fsync.c')
  const built = Bun.spawnSync(['cc', '-O2', '-shared', '-fPIC', '-o', shim, source, '-ldl'])
  if (built.exitCode !== 0) throw new Error(`cc failed: ${built.stderr.toString()}`)
  return shim
}

async function measure(server: Server, inside: Inside, slowRead: boolean): Promise<Result> {
  await untilCalm(() => performance.now() < patientUntil)
  if (slowRead) {
    await inside.readSlowly(server.folder)
    for (const until = performance.now() + 20_000; ; await Bun.sleep(100)) {
      const { slowReads } = await inside.look()
      if (slowReads.running) break
      if (slowReads.failed !== '' || performance.now() > until) throw new Error(`no slow read: ${slowReads.failed}`)
    }
  }
  const healthz: number[] = []
  const asked: Promise<unknown>[] = []
  const running = load(server, { senders: 64, rate: 500, warmup: 1.5, seconds })
  await Bun.sleep(2_500)
  await inside.reset()
  const stop = pace(50, (_index, due) => {
    asked.push(fetch(`${server.url}/healthz`).then(() => healthz.push(performance.now() - due)))
  })
  await Bun.sleep((seconds - 1) * 1_000)
  const { lagMs, slowReads } = await inside.look()
  stop()
  const result = await running
  await Promise.all(asked)
  return { load: result, healthzMs: roundedSummary(summarize(healthz)), inside: { lagMs, slowReads } }
}

async function probe(name: string, shim: string | undefined, slowRead: boolean): Promise<void> {
  const way = insideServer()
  const slow: Record<string, string> = shim === undefined ? {} : { LD_PRELOAD: shim, SLOW_FSYNC_MS: fsyncMs }
  const start = name.startsWith('ours') ? startOurs : startLimit
  const server = await start({ ...way.options, env: { ...way.options.env, ...slow } })
  try {
    const { load: result, healthzMs, inside } = await measure(server, way, slowRead)
    const { latencyMs, server: cost } = result
    const three = ({ p50, p99, max }: Summary): string => `${p50} / ${p99} / ${max}`
    const reads = slowRead ? `${inside.slowReads.done} x ${inside.slowReads.meanMs} ms` : 'none'
    const cells = [
      name,
      three(inside.lagMs),
      three(healthzMs),
      three(latencyMs),
      `${cost?.cpuUsPerMessage ?? ''}`,
      reads,
      result.othersCpuShare,
    ]
    const bad = result.refused + result.unanswered + result.closed
    process.stdout.write(`| ${cells.join(' | ')} |${bad === 0 ? '' : ` ! ${bad} refused, unanswered or closed`}\n`)
    if (inside.slowReads.failed !== '') process.stdout.write(`! slow read: ${inside.slowReads.failed}\n`)
  } finally {
    await server.stop()
  }
}

const folder = await mkdtemp(join(tmpdir(), 'kontuar-probe-'))
try {
  const shim = await buildShim(folder)
  process.stdout.write(`500 msg/s from 64 visitors; + ${fsyncMs} ms in every fsync; times in ms as p50 / p99 / max\n\n`)
  process.stdout.write(
    '| server | event-loop lag | /healthz | ack | CPU us/msg | slow reads in the Worker | others, cores |\n|---|---|---|---|---|---|---|\n',
  )
  await probe('bare limit', undefined, false)
  await probe('ours', undefined, false)
  await probe('bare limit, slow fsync', shim, false)
  await probe('ours, slow fsync', shim, false)
  await probe('ours, slow fsync and slow reads', shim, true)
} finally {
  await rm(folder, { recursive: true, force: true })
}
