/**
 * A long shift: 200 agents' consoles open, each showing a list and half of them a conversation, while visitors write 200
 * messages a second for ten minutes. How late do the agents see them, and does the server hold more at the end of the
 * shift than when it had settled in?
 */
import { type Round, type Run, scene } from '../scene.ts'
import { openConsoles, openConversations, Seen, waitingConversations } from '../support/consoles.ts'
import { insideServer, type Memory } from '../support/inside.ts'
import { cpuSeconds } from '../support/process.ts'
import { seedAgents } from '../support/seed-agents.ts'
import { holdLoad, type Server, startOurs } from '../support/servers.ts'
import { rounded, roundedSummary, summarize } from '../support/stats.ts'
import { troublesOf } from './visitors.ts'

type Key = 'push' | 'pushP50' | 'rss' | 'heap'

const against = 'minute 3'

export const agentsScene = scene<Key>({
  name: 'agents-200',
  figures: {
    push: {
      name: 'push delay p99, 200 agents, 200 msg/s',
      unit: 'ms',
      against: 'its ack',
      value: { atMost: 250 },
    },
    pushP50: { name: 'push delay p50, the same', unit: 'ms', against: 'its ack' },
    rss: { name: 'memory after forced GC, minute 10', unit: 'MiB', against, ratio: { atMost: 1.1 } },
    heap: { name: 'JavaScript heap after forced GC, minute 10', unit: 'MiB', against, ratio: { atMost: 1.1 } },
  },
  rounds: () => 1,
  async *play(run) {
    for (;;) yield await playRound(run)
  },
})

async function playRound(run: Run): Promise<Round<Key>> {
  const people = run.of({ full: 200, quick: 200, smoke: 4 })
  const inside = insideServer()
  const server = await startOurs({ ...inside.options, prepare: (folder) => seedAgents(folder, people) })
  try {
    return await measure(run, server, people, inside.collected)
  } finally {
    await server.stop()
  }
}

async function measure(
  run: Run,
  server: Server,
  people: number,
  collected: () => Promise<Memory>,
): Promise<Round<Key>> {
  const { rate, minuteMs } = run.of({
    full: { rate: 200, minuteMs: 60_000 },
    quick: { rate: 200, minuteMs: 6_000 },
    smoke: { rate: 50, minuteMs: 200 },
  })
  const warmupMs = run.of({ full: 2_000, quick: 2_000, smoke: 100 })
  const seen = new Seen()
  const agents = await openConsoles(server.url, people, seen)
  const held = holdLoad(server, {
    senders: run.of({ full: 64, quick: 64, smoke: 4 }),
    rate,
    warmup: warmupMs / 1_000,
    seconds: (10 * minuteMs) / 1_000,
    stamp: true,
  })
  await held.ready
  const [first] = agents
  if (first === undefined) throw new Error('nobody is signed in')
  await openConversations(agents, await waitingConversations(first), 2)
  run.note(`${agents.length} consoles open`)
  await run.calm()
  held.go()
  await Bun.sleep(warmupMs)
  seen.forget()
  const ownBefore = cpuSeconds(process.pid)
  const startedAt = performance.now()
  // A forced collection stops the server: what was sent meanwhile comes late, and is counted like everything else.
  const until = (minute: number): Promise<void> =>
    Bun.sleep(Math.max(0, startedAt + minute * minuteMs - performance.now()))
  await until(3)
  const early = await collected()
  run.note(`minute 3: ${mib(early.rssBytes)} MiB resident, heap ${mib(early.heapBytes)} MiB`)
  await until(9.8)
  const late = await collected()
  run.note(`minute 10: ${mib(late.rssBytes)} MiB resident, heap ${mib(late.heapBytes)} MiB`)
  await until(10)
  const ownShare = (cpuSeconds(process.pid) - ownBefore) / ((performance.now() - startedAt) / 1_000)
  const delays = roundedSummary(summarize(seen.now.delays), 3)
  const acks = await held.result
  for (const agent of agents) agent.close()
  return {
    pairs: {
      push: { ours: delays.p99, other: acks.latencyMs.p99 },
      pushP50: { ours: delays.p50, other: acks.latencyMs.p50 },
      rss: { ours: mib(late.rssBytes), other: mib(early.rssBytes) },
      heap: { ours: mib(late.heapBytes), other: mib(early.heapBytes) },
    },
    // The agents live in this process: to the load generator they are others.
    othersCpuShare: rounded(Math.max(0, acks.othersCpuShare - ownShare)),
    troubles: [...troublesOf('visitors', acks), ...seen.troubleLines()],
    raw: { delays, acks, early, late },
  }
}

const mib = (bytes: number): number => rounded(bytes / 1024 / 1024, 1)
