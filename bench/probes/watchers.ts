/**
 * Probe (b): 200 agents' consoles open, every one showing a list, half of them a conversation too, while visitors write
 * 200 messages a second. How late does a message reach the agents who watch it, and what does all that cost?
 *
 *   bun bench/probes/watchers.ts [--agents 200] [--rate 200] [--seconds 10] [--patience 60]
 */
import { parseArgs } from 'node:util'
import type { Agent } from '../support/agent.ts'
import { untilCalm } from '../support/calm.ts'
import type { Held } from '../support/held.ts'
import type { LoadResult } from '../load.ts'
import { openConsoles, openConversations, Seen, waitingConversations } from '../support/consoles.ts'
import { type Inside, insideServer } from '../support/inside.ts'
import { cpuSeconds, machineCpuSeconds, memoryMiB } from '../support/process.ts'
import { seedAgents } from '../support/seed-agents.ts'
import { holdLoad, type Server, startOurs } from '../support/servers.ts'
import { rounded, type Summary, summarize } from '../support/stats.ts'

const text = { type: 'string' } as const
const { values } = parseArgs({ options: { agents: text, rate: text, seconds: text, patience: text } })
const agentCount = Math.min(1_000, Number(values.agents ?? 200))
const rate = Math.min(2_000, Number(values.rate ?? 200))
const seconds = Math.min(600, Number(values.seconds ?? 10))

const senders = 64
const seen = new Seen()

async function open(server: Server, held: Held<LoadResult>): Promise<Agent[]> {
  const agents = await openConsoles(server.url, agentCount, seen)
  await held.ready
  const first = agents[0]
  if (first === undefined) return agents
  const conversations = await waitingConversations(first)
  if (conversations.length < senders / 2) throw new Error(`only ${conversations.length} conversations in the list`)
  await openConversations(agents, conversations, 2)
  return agents
}

async function probe(server: Server, inside: Inside): Promise<void> {
  const held = holdLoad(server, { senders, rate, seconds, warmup: 2, stamp: true })
  const agents = await open(server, held)
  process.stderr.write(`${agents.length} consoles open\n`)
  const patientUntil = performance.now() + 1_000 * Math.min(3_600, Number(values.patience ?? 60))
  await untilCalm(() => performance.now() < patientUntil)
  held.go()
  await Bun.sleep(2_000)
  seen.forget()
  await inside.reset()
  const cpu = cpuSeconds(server.pid)
  const own = cpuSeconds(process.pid)
  const machine = machineCpuSeconds()
  const startedAt = performance.now()
  await Bun.sleep(seconds * 1_000)
  const elapsed = (performance.now() - startedAt) / 1_000
  const used = cpuSeconds(server.pid) - cpu
  const ownUsed = cpuSeconds(process.pid) - own
  const machineUsed = machineCpuSeconds() - machine
  const { lagMs } = await inside.look()
  const perSecond = (count: number): number => rounded(count / elapsed, 1)
  const three = ({ p50, p99, max }: Summary): string => [p50, p99, max].map((value) => value.toFixed(1)).join(' / ')
  const { delays, messages, renders, fragments, pokes, lists, distinctLists, bytes } = seen.now
  const rows = {
    'push delay, send due -> fragment at an agent, ms': three(summarize(delays)),
    'messages seen by a watching agent /s': perSecond(messages.size),
    'rows rendered for them /s (a message in a locale)': perSecond(renders.size),
    'fragments delivered /s': perSecond(fragments),
    'pokes delivered /s (per agent)': `${perSecond(pokes)} (${rounded(pokes / elapsed / agents.length)})`,
    'lists answered /s': perSecond(lists.length),
    'of them different /s': perSecond(distinctLists.size),
    'list answered, ms': three(summarize(lists)),
    'list size, KiB': rounded(bytes / lists.length / 1024, 1),
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
  for (const line of seen.troubleLines()) process.stdout.write(`! ${line}\n`)
}

const inside = insideServer()
const server = await startOurs({ ...inside.options, prepare: (folder) => seedAgents(folder, agentCount) })
try {
  await probe(server, inside)
} finally {
  await server.stop()
}
