/**
 * The executable on a data folder that it has had before: from the spawn to the first 200, and what it holds in memory
 * when nobody asks for anything. Beside it an executable that is one line of Bun.serve, compiled the same way.
 */
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildExecutable, compileFlags } from '../../src/build/executable.ts'
import { type Pair, type Run, type Round, scene } from '../scene.ts'
import { cpuSeconds, machineCpuSeconds } from '../support/process.ts'
import { freePort } from '../support/servers.ts'
import { rounded } from '../support/stats.ts'
import { inTurn } from './visitors.ts'

type Key = 'healthz' | 'readyz' | 'rss' | 'pss'
type Measured = { healthzMs: number; readyzMs: number; rssMiB: number; pssMiB: number; cpu: number }
type Program = { command: string[]; ready: string }

const against = 'an empty Bun.serve'

export const executableScene = scene<Key>({
  name: 'executable',
  figures: {
    healthz: { name: 'executable: start to first 200', unit: 'ms', against, ratio: { atMost: 2 } },
    readyz: { name: 'executable: start to first 200 of /readyz', unit: 'ms', against },
    rss: { name: 'executable: idle memory (RSS)', unit: 'MiB', against, ratio: { atMost: 2 } },
    pss: { name: 'executable: idle memory (PSS)', unit: 'MiB', against },
  },
  rounds: (_wanted, size) => (size === 'full' ? 10 : 2),
  async *play(run) {
    const folder = await mkdtemp(join(tmpdir(), 'kontuar-bench-'))
    try {
      const ours = await kontuar(run, folder)
      const empty = await emptyServer(folder)
      // Once each, unmeasured: the folder is made, and the files are in the page cache.
      for (const program of [ours, empty]) await measure(program, 0)
      for (let number = 0; ; number++) yield await playRound(run, number, ours, empty)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  },
})

async function kontuar(run: Run, folder: string): Promise<Program> {
  const binary = process.env['KONTUAR_BINARY'] ?? join(folder, 'kontuar')
  run.note('building')
  if (process.env['KONTUAR_BINARY'] === undefined) await buildExecutable(binary)
  const flags = ['serve', '--host', '127.0.0.1', '--data', join(folder, 'data'), '--log-level', 'warn']
  return { command: [binary, ...flags], ready: '/readyz' }
}

async function emptyServer(folder: string): Promise<Program> {
  const binary = join(folder, 'empty')
  const source = join(import.meta.dir, '../limits/empty.ts')
  const built = Bun.spawnSync([process.execPath, 'build', source, ...compileFlags, '--outfile', binary])
  if (built.exitCode !== 0) throw new Error(`empty.ts could not be compiled: ${built.stderr.toString()}`)
  return { command: [binary], ready: '/' }
}

async function playRound(run: Run, number: number, ours: Program, empty: Program): Promise<Round<Key>> {
  const machineBefore = machineCpuSeconds()
  const startedAt = performance.now()
  const ownBefore = cpuSeconds(process.pid)
  const both = await inTurn(run, number, [ours, empty], (program) =>
    measure(program, run.of({ full: 3_000, quick: 3_000, smoke: 100 })),
  )
  const known = both[0].cpu + both[1].cpu + cpuSeconds(process.pid) - ownBefore
  const busy = machineCpuSeconds() - machineBefore - known
  const pair = (of: (one: Measured) => number): Pair => ({ ours: of(both[0]), other: of(both[1]) })
  return {
    pairs: {
      healthz: pair((one) => one.healthzMs),
      readyz: pair((one) => one.readyzMs),
      rss: pair((one) => one.rssMiB),
      pss: pair((one) => one.pssMiB),
    },
    othersCpuShare: rounded(Math.max(0, busy / ((performance.now() - startedAt) / 1_000))),
    troubles: [],
    raw: { ours: both[0], empty: both[1] },
  }
}

async function measure({ command, ready }: Program, idleMs: number): Promise<Measured> {
  const port = String(freePort())
  const url = `http://127.0.0.1:${port}`
  const spawnedAt = performance.now()
  const child = Bun.spawn(command, {
    env: { PATH: process.env['PATH'] ?? '', PORT: port, KONTUAR_PORT: port },
    stdin: 'ignore',
    stdout: 'ignore',
    stderr: 'inherit',
  })
  try {
    await answers(`${url}/healthz`, spawnedAt)
    const healthzMs = performance.now() - spawnedAt
    await answers(url + ready, spawnedAt)
    const readyzMs = performance.now() - spawnedAt
    await Bun.sleep(idleMs)
    return { healthzMs, readyzMs, ...memoryOf(child.pid), cpu: cpuSeconds(child.pid) }
  } finally {
    child.kill('SIGTERM')
    await child.exited
  }
}

/** Asks again at once: on loopback a refusal costs next to nothing, and a pause would be part of the figure. */
async function answers(url: string, since: number): Promise<void> {
  for (;;) {
    const answer = await fetch(url).catch(() => undefined)
    if (answer?.ok) return void (await answer.arrayBuffer())
    if (performance.now() - since > 30_000) throw new Error(`${url} did not answer`)
    await Bun.sleep(1)
  }
}

function memoryOf(pid: number): { rssMiB: number; pssMiB: number } {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')
  const mib = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(rollup)?.[1]) / 1024
  return { rssMiB: mib('Rss'), pssMiB: mib('Pss') }
}
