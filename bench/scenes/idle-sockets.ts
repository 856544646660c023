/**
 * What a visitor who only looks costs: a socket after `hello`, as every open widget with a token holds one. What the
 * process has resident after forced collections, less what it had before them, by the number of sockets. The server's own
 * flood limits are on: what they remember of a visitor is part of the price.
 */
import { readFileSync } from 'node:fs'
import type { IdleResult } from '../idle.ts'
import { CannotMeasure, type Run, type Round, scene } from '../scene.ts'
import type { Held } from '../support/held.ts'
import { insideServer, type Memory } from '../support/inside.ts'
import { cpuSeconds, machineCpuSeconds } from '../support/process.ts'
import { holdIdle, type Server, startLimit, startOurs } from '../support/servers.ts'
import { rounded } from '../support/stats.ts'

type Key = 'ten' | 'most'

// What the server opens besides, with room for the sessions asked for over HTTP.
const otherFiles = 500
// Beyond it the machine's memory would be what is measured.
const mostSockets = 50_000
const socketsOfProcess = 5_000

const value = { atMost: 10 }

export const idleSocketsScene = scene<Key>({
  name: 'idle-sockets',
  figures: {
    ten: { name: 'memory per idle visitor socket, 10,000', unit: 'KB', against: 'bare limit', value },
    most: { name: 'the same, as many as the file limit allows', unit: 'KB', value },
  },
  rounds: (wanted) => Math.min(2, wanted),
  async *play(run) {
    for (;;) yield await playRound(run)
  },
})

async function playRound(run: Run): Promise<Round<Key>> {
  await run.calm()
  const machineBefore = machineCpuSeconds()
  const startedAt = performance.now()
  const some = run.of({ full: 10_000, quick: 2_000, smoke: 100 })
  const most = (server: Server): number => run.of({ full: fileLimit(server) - otherFiles, quick: 4_000, smoke: 200 })
  const ours = await measure(run, startOurs, (server) => [some, most(server)])
  const limit = await measure(run, startLimit, () => [some])
  const [first, last] = ours.steps
  if (first === undefined || last === undefined) throw new Error('no sockets')
  const busy = machineCpuSeconds() - machineBefore - ours.cpu - limit.cpu
  return {
    pairs: {
      ten: { ours: first.bytesEach / 1000, other: (limit.steps[0]?.bytesEach ?? Number.NaN) / 1000 },
      most: { ours: last.bytesEach / 1000 },
    },
    othersCpuShare: rounded(Math.max(0, busy / ((performance.now() - startedAt) / 1_000))),
    troubles: [...ours.troubles, ...limit.troubles],
    raw: { ours, limit },
  }
}

type Start = typeof startOurs

async function measure(run: Run, start: Start, stepsFor: (server: Server) => number[]) {
  const inside = insideServer()
  const env = { ...inside.options.env, KONTUAR_LIMITS_SESSIONS_PER_MINUTE: '1000000000' }
  const server = await start({ ...inside.options, env, limits: true })
  const holders: Held<IdleResult>[] = []
  let open = 0
  const openUpTo = async (sockets: number): Promise<void> => {
    while (open < sockets) {
      const more = Math.min(socketsOfProcess, sockets - open)
      const holder = holdIdle(server, more, 1 + Math.floor(open / 1_000))
      holders.push(holder)
      open += more
      await holder.ready
    }
  }
  try {
    // Before the first socket: what the first ones bring along once (code, buffers) is counted in.
    const before = await inside.collected()
    const steps = []
    for (const sockets of stepsFor(server)) {
      await openUpTo(Math.min(sockets, mostSockets))
      const after = await inside.collected()
      const bytesEach = (after.rssBytes - before.rssBytes) / open
      const heapBytesEach = (after.heapBytes - before.heapBytes) / open
      steps.push({ sockets: open, bytesEach, heapBytesEach, objects: grown(before, after, open) })
      run.note(`${open} sockets: ${Math.round(bytesEach)} bytes each`)
    }
    const cpu = cpuSeconds(server.pid)
    for (const holder of holders) holder.go()
    const closed = (await Promise.all(holders.map(({ result }) => result))).reduce((sum, one) => sum + one.closed, 0)
    return { steps, cpu, troubles: closed === 0 ? [] : [`${closed} sockets closed by themselves`] }
  } finally {
    for (const holder of holders) holder.go()
    await server.stop()
  }
}

/** The kinds of object of which each socket holds some. */
function grown(before: Memory, after: Memory, sockets: number): Record<string, number> {
  const each = Object.entries(after.objects).map(
    ([kind, count]) => [kind, rounded((count - (before.objects[kind] ?? 0)) / sockets)] as const,
  )
  return Object.fromEntries(each.filter(([, count]) => count >= 0.5))
}

/** How many files the server may have open: one for each socket. */
function fileLimit({ pid }: Server): number {
  const [, soft] = /^Max open files\s+(\d+|unlimited)/m.exec(readFileSync(`/proc/${pid}/limits`, 'utf8')) ?? []
  const files = soft === 'unlimited' ? mostSockets + otherFiles : Number(soft)
  if (!(files >= 10_000 + otherFiles)) throw new CannotMeasure(`the server may open only ${soft} files (ulimit -n)`)
  return files
}
