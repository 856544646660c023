/**
 * A visitor's message on an agent's screen: from the moment it was due to its fragment on the socket of the agent who has
 * the conversation open, beside the visitors' own acks of the same seconds. A third of the conversations is taken, as in a
 * house at work; every console shows a list besides, and asks for it again when it is poked.
 */
import { type Run, type Round, scene } from '../scene.ts'
import { openConsoles, openConversations, Seen, waitingConversations } from '../support/consoles.ts'
import { seedAgents } from '../support/seed-agents.ts'
import { cpuSeconds } from '../support/process.ts'
import { holdLoad, type Server, startOurs } from '../support/servers.ts'
import { rounded, roundedSummary, summarize } from '../support/stats.ts'
import { troublesOf } from './visitors.ts'

const against = 'its ack'

type Key = 'p50' | 'p99'

export const pushScene = scene<Key>({
  name: 'push',
  figures: {
    p50: { name: "send -> agent's socket p50, 500 msg/s", unit: 'ms', against, ratio: { atMost: 1.5 } },
    p99: { name: "send -> agent's socket p99, 500 msg/s", unit: 'ms', against, ratio: { atMost: 1.5 } },
  },
  async *play(run) {
    for (;;) yield await playRound(run)
  },
})

/** On a server of its own each time: the conversations of the last round would stand in the lists of this one. */
async function playRound(run: Run): Promise<Round<Key>> {
  const people = run.of({ full: 64, quick: 64, smoke: 4 })
  const server = await startOurs({ prepare: (folder) => seedAgents(folder, people) })
  try {
    return await measure(run, server, people)
  } finally {
    await server.stop()
  }
}

async function measure(run: Run, server: Server, people: number): Promise<Round<Key>> {
  const { rate, seconds, warmup } = run.of({
    full: { rate: 500, seconds: 10, warmup: 1.5 },
    quick: { rate: 500, seconds: 2, warmup: 0.5 },
    smoke: { rate: 50, seconds: 2, warmup: 0.1 },
  })
  const seen = new Seen()
  const agents = await openConsoles(server.url, people, seen)
  const held = holdLoad(server, { senders: people, rate, seconds, warmup, stamp: true })
  await held.ready
  const [first] = agents
  if (first === undefined) throw new Error('nobody is signed in')
  await openConversations(agents, await waitingConversations(first), 1)
  await run.calm()
  held.go()
  await Bun.sleep(warmup * 1_000)
  seen.forget()
  const ownBefore = cpuSeconds(process.pid)
  await Bun.sleep(seconds * 1_000)
  const ownShare = (cpuSeconds(process.pid) - ownBefore) / seconds
  const delays = roundedSummary(summarize(seen.now.delays), 3)
  const acks = await held.result
  for (const agent of agents) agent.close()
  return {
    pairs: {
      p50: { ours: delays.p50, other: acks.latencyMs.p50 },
      p99: { ours: delays.p99, other: acks.latencyMs.p99 },
    },
    // The agents live in this process: to the load generator they are others.
    othersCpuShare: rounded(Math.max(0, acks.othersCpuShare - ownShare)),
    troubles: [...troublesOf('visitors', acks), ...seen.troubleLines()],
    raw: { delays, acks },
  }
}
