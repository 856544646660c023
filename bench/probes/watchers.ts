/**
 * Probe (b): 200 agents' consoles open, every one showing a list, half of them a conversation too, while visitors write
 * 200 messages a second. How late does a message reach the agents who watch it, and what does all that cost?
 *
 *   bun bench/probes/watchers.ts [--agents 200] [--rate 200] [--seconds 10] [--patience 60]
 */
import { parseArgs } from 'node:util'
import { untilCalm } from '../support/calm.ts'
import { Agent, type AgentOptions } from '../support/agent.ts'
import { agentEmail, agentPassword, seedAgents } from '../support/seed-agents.ts'
import { cpuSeconds, machineCpuSeconds, memoryMiB } from '../support/process.ts'
import { freePort, type HeldLoad, holdLoad, type Server, startOurs } from '../support/servers.ts'
import { rounded, type Summary, summarize } from '../support/stats.ts'

const text = { type: 'string' } as const
const { values } = parseArgs({ options: { agents: text, rate: text, seconds: text, patience: text } })
const agentCount = Math.min(1_000, Number(values.agents ?? 200))
const rate = Math.min(2_000, Number(values.rate ?? 200))
const seconds = Math.min(600, Number(values.seconds ?? 10))

const senders = 64
const folders = ['waiting', 'waiting', 'active', 'waiting', 'finished', 'active', 'waiting', 'waiting']
const locales = ['ru', 'en', 'pl', 'fr']
const throttleMs = 250

const nothing = () => ({
  delays: [] as number[],
  fragments: 0,
  messages: new Set<string>(),
  renders: new Set<string>(),
  pokes: 0,
  lists: [] as number[],
  distinctLists: new Set<number | bigint>(),
  bytes: 0,
})
const seen = nothing()
const troubles = new Map<string, number>()

const hear = (locale: string): AgentOptions['on'] => ({
  fragment(html) {
    const due = /\[due ([\d.]+)\]/.exec(html)?.[1]
    if (due === undefined) return
    seen.fragments += 1
    seen.messages.add(due)
    seen.renders.add(`${due} ${locale}`)
    seen.delays.push(performance.timeOrigin + performance.now() - Number(due))
  },
  poke() {
    seen.pokes += 1
  },
  list(tookMs, html) {
    seen.lists.push(tookMs)
    seen.distinctLists.add(Bun.hash(html))
    seen.bytes += Buffer.byteLength(html)
  },
  trouble(what) {
    troubles.set(what, (troubles.get(what) ?? 0) + 1)
  },
})

async function openConsoles(server: Server, held: HeldLoad): Promise<Agent[]> {
  const agents: Agent[] = []
  for (let index = 0; index < agentCount; index += 8) {
    const group = Array.from({ length: Math.min(8, agentCount - index) }, async (_, offset) => {
      const number = index + offset
      const locale = locales[number % locales.length] ?? 'en'
      const agent = await Agent.signIn({
        url: server.url,
        email: agentEmail(number),
        password: agentPassword,
        folder: folders[number % folders.length] ?? 'waiting',
        locale,
        throttleMs,
        on: hear(locale),
      })
      agents.push(agent)
    })
    await Promise.all(group)
  }
  await held.ready
  const first = agents[0]
  if (first === undefined) return agents
  const rows = await first.get('/inbox/rows?folder=waiting')
  const conversations = [...new Set([...rows.matchAll(/\/c\/([0-9a-f-]{36})/g)].map((match) => match[1] ?? ''))]
  if (conversations.length < senders / 2) throw new Error(`only ${conversations.length} conversations in the list`)
  // A third is taken, so that the folders of the active are not empty.
  for (const [index, id] of conversations.entries()) if (index % 3 === 0) await agents[index % agents.length]?.take(id)
  for (const [index, agent] of agents.entries()) {
    const id = conversations[(index >> 1) % conversations.length]
    if (index % 2 === 0 && id !== undefined) agent.watch(id)
  }
  return agents
}

async function probe(server: Server, inside: string): Promise<void> {
  const held = holdLoad(server, { senders, rate, seconds, warmup: 2, stamp: true })
  const agents = await openConsoles(server, held)
  process.stderr.write(`${agents.length} consoles open\n`)
  const patientUntil = performance.now() + 1_000 * Math.min(3_600, Number(values.patience ?? 60))
  await untilCalm(() => performance.now() < patientUntil)
  held.go()
  await Bun.sleep(2_000)
  Object.assign(seen, nothing())
  await fetch(`${inside}/reset`)
  const cpu = cpuSeconds(server.pid)
  const own = cpuSeconds(process.pid)
  const machine = machineCpuSeconds()
  const startedAt = performance.now()
  await Bun.sleep(seconds * 1_000)
  const elapsed = (performance.now() - startedAt) / 1_000
  const used = cpuSeconds(server.pid) - cpu
  const ownUsed = cpuSeconds(process.pid) - own
  const machineUsed = machineCpuSeconds() - machine
  const { lagMs } = (await (await fetch(inside)).json()) as { lagMs: Summary }
  const perSecond = (count: number): number => rounded(count / elapsed, 1)
  const three = ({ p50, p99, max }: Summary): string => [p50, p99, max].map((value) => value.toFixed(1)).join(' / ')
  const lists = summarize(seen.lists)
  const rows = {
    'push delay, send due -> fragment at an agent, ms': three(summarize(seen.delays)),
    'messages seen by a watching agent /s': perSecond(seen.messages.size),
    'rows rendered for them /s (a message in a locale)': perSecond(seen.renders.size),
    'fragments delivered /s': perSecond(seen.fragments),
    'pokes delivered /s (per agent)': `${perSecond(seen.pokes)} (${rounded(seen.pokes / elapsed / agents.length)})`,
    'lists answered /s': perSecond(lists.count),
    'of them different /s': perSecond(seen.distinctLists.size),
    'list answered, ms': three(lists),
    'list size, KiB': rounded(seen.bytes / lists.count / 1024, 1),
    'event-loop lag, ms': three(lagMs),
    'server CPU, share of one core': rounded(used / elapsed),
    'server CPU per message, us': rounded((used * 1e6) / (rate * elapsed)),
    'server memory, MiB': rounded(memoryMiB(server.pid).now, 1),
    'the whole machine, cores busy': rounded(machineUsed / elapsed),
    'this probe, share of one core': rounded(ownUsed / elapsed),
  }
  const result = await held.result
  const table = Object.entries({
    ...rows,
    'ack, ms': three(result.latencyMs),
    'refused / unanswered / closed': `${result.refused} / ${result.unanswered} / ${result.closed}`,
  })
  process.stdout.write(
    `${agents.length} agents, ${rate} msg/s from ${senders} visitors, ${seconds} s; p50 / p99 / max\n\n`,
  )
  process.stdout.write(
    `| figure | value |\n|---|---|\n${table.map(([name, value]) => `| ${name} | ${value} |\n`).join('')}`,
  )
  for (const agent of agents) agent.close()
  for (const [what, times] of troubles) process.stdout.write(`! ${times} x ${what}\n`)
}

const port = freePort()
const server = await startOurs({
  env: { BENCH_INSIDE_PORT: String(port) },
  preload: new URL('./inside.ts', import.meta.url).pathname,
  prepare: (folder) => seedAgents(folder, agentCount),
})
try {
  await probe(server, `http://127.0.0.1:${port}`)
} finally {
  await server.stop()
}
