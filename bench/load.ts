/**
 * The load generator: a process of its own, so that it never shares an event loop with what it measures.
 *
 *   bun bench/load.ts --url http://127.0.0.1:3000 --site ID --pid PID [--senders 64] [--seconds 4] [--warmup 1] [--rate R]
 *
 * Without --rate the loop is closed: each sender waits for its ack. With --rate it is open: messages are due at fixed
 * times whatever the server does, and latency counts from the moment a message was due (no coordinated omission).
 * --stamp writes that moment into each text, for whoever watches the other end. --hold connects, sends one message from
 * each visitor, prints `ready` and waits for a line on stdin.
 * Prints one JSON line.
 */
import { parseArgs } from 'node:util'
import { pace } from './support/pace.ts'
import { cpuSeconds, machineCpuSeconds, memoryMiB } from './support/process.ts'
import { rounded, roundedSummary, type Summary, summarize } from './support/stats.ts'
import { bodyFor, connectVisitor, randomId, type ServerFrame, type Visitor } from './support/visitor.ts'

export type LoadResult = {
  mode: 'closed' | 'open'
  senders: number
  seconds: number
  acked: number
  ackedPerSecond: number
  latencyMs: Summary
  /** Open loop only: how late the generator itself was. Part of latencyMs, the same for every server measured. */
  lateMs?: Summary
  refused: number
  unanswered: number
  closed: number
  server?: { cpuUsPerMessage: number; cpuShare: number; memoryMiB: number; peakMemoryMiB: number }
  generatorCpuShare: number
  /** What everybody else on the machine used meanwhile, in cores. */
  othersCpuShare: number
}

const limits = { senders: 1_024, seconds: 600, messages: 1_000_000 }

type Sender = { visitor: Visitor; pending: Map<string, { due: number; body: string; counted: boolean }> }

type Options = {
  url: string
  site: string
  pid?: number
  senders: number
  seconds: number
  warmup: number
  rate?: number
  stamp: boolean
  hold: boolean
}

async function run(options: Options): Promise<LoadResult> {
  const latencies: number[] = []
  const late: number[] = []
  const prefix = randomId()
  const senders: Sender[] = []
  let acked = 0
  let refused = 0
  let closed = 0
  let made = 0
  let measuring = false
  let stopping = false
  let running = false
  let counting = false

  function sendOne(sender: Sender, due: number): void {
    if (made >= limits.messages) return
    const clientId = `${prefix}-${made}`
    const body = options.stamp ? `[due ${(performance.timeOrigin + due).toFixed(3)}] ${bodyFor(made)}` : bodyFor(made)
    made += 1
    sender.pending.set(clientId, { due, body, counted: counting })
    sender.visitor.send(clientId, body)
  }

  function onFrame(from: Sender | undefined, frame: ServerFrame): void {
    if (frame.type !== 'ack' && frame.type !== 'refuse') return
    const clientId = frame.clientId
    if (from === undefined || clientId === undefined) return
    const sent = from.pending.get(clientId)
    if (sent === undefined) return
    if (frame.type === 'refuse') {
      refused += 1
      if (frame.retryable === true) {
        setTimeout(() => from.visitor.send(clientId, sent.body), frame.retryAfterMs ?? 100)
        return
      }
      from.pending.delete(clientId)
    } else {
      from.pending.delete(clientId)
      if (measuring) acked += 1
      if (sent.counted) latencies.push(performance.now() - sent.due)
    }
    if (options.rate === undefined && running) sendOne(from, performance.now())
  }

  /** Waits for the acks that are still due, and tells how many never came. */
  async function settled(): Promise<number> {
    const outstanding = (): number => senders.reduce((sum, sender) => sum + sender.pending.size, 0)
    for (const until = performance.now() + 5_000; outstanding() > 0 && performance.now() < until; ) await Bun.sleep(10)
    return outstanding()
  }

  for (let index = 0; index < options.senders; index += 16) {
    const group = Array.from({ length: Math.min(16, options.senders - index) }, async () => {
      const self: { sender?: Sender } = {}
      const visitor = await connectVisitor(options.url, options.site, {
        frame: (frame) => onFrame(self.sender, frame),
        close: () => {
          if (!stopping) closed += 1
        },
      })
      self.sender = { visitor, pending: new Map() }
      senders.push(self.sender)
    })
    await Promise.all(group)
  }

  if (options.hold) {
    for (const sender of senders) sendOne(sender, performance.now())
    await settled()
    process.stdout.write('ready\n')
    for await (const _ of console) break
  }
  running = true
  let stopPacing = (): void => {}
  if (options.rate === undefined) {
    for (const sender of senders) sendOne(sender, performance.now())
  } else {
    stopPacing = pace(options.rate, (index, due) => {
      const sender = senders[index % senders.length]
      if (sender === undefined) return
      if (counting) late.push(performance.now() - due)
      sendOne(sender, due)
    })
  }

  await Bun.sleep(options.warmup * 1_000)
  const { pid } = options
  const cpuBefore = pid === undefined ? 0 : cpuSeconds(pid)
  const machineBefore = machineCpuSeconds()
  const ownBefore = cpuSeconds(process.pid)
  const startedAt = performance.now()
  measuring = true
  counting = true
  await Bun.sleep(options.seconds * 1_000)
  measuring = false
  counting = false
  const elapsed = (performance.now() - startedAt) / 1_000
  const ackedInWindow = acked
  const cpu = pid === undefined ? 0 : cpuSeconds(pid) - cpuBefore
  const ownCpu = cpuSeconds(process.pid) - ownBefore
  const othersCpu = Math.max(0, machineCpuSeconds() - machineBefore - cpu - ownCpu)
  stopping = true
  running = false
  stopPacing()

  const unanswered = await settled()
  const memory = pid === undefined ? undefined : memoryMiB(pid)
  for (const sender of senders) sender.visitor.wire.close()

  return {
    mode: options.rate === undefined ? 'closed' : 'open',
    senders: senders.length,
    seconds: rounded(elapsed),
    acked: ackedInWindow,
    ackedPerSecond: rounded(ackedInWindow / elapsed, 1),
    latencyMs: roundedSummary(summarize(latencies), 3),
    ...(options.rate === undefined ? {} : { lateMs: roundedSummary(summarize(late), 3) }),
    refused,
    unanswered,
    closed,
    ...(memory === undefined
      ? {}
      : {
          server: {
            cpuUsPerMessage: rounded((cpu * 1e6) / ackedInWindow, 1),
            cpuShare: rounded(cpu / elapsed),
            memoryMiB: rounded(memory.now, 1),
            peakMemoryMiB: rounded(memory.peak, 1),
          },
        }),
    generatorCpuShare: rounded(ownCpu / elapsed),
    othersCpuShare: rounded(othersCpu / elapsed),
  }
}

function bounded(name: string, value: string | undefined, fallback: number, most: number): number {
  const number = value === undefined ? fallback : Number(value)
  if (!(number >= 0 && number <= most)) throw new Error(`--${name} must be between 0 and ${most}`)
  return number
}

if (import.meta.main) {
  const text = { type: 'string' } as const
  const flag = { type: 'boolean' } as const
  const { values } = parseArgs({
    options: {
      url: text,
      site: text,
      pid: text,
      senders: text,
      seconds: text,
      warmup: text,
      rate: text,
      stamp: flag,
      hold: flag,
    },
  })
  const url = values.url ?? 'http://127.0.0.1:3000'
  if (!['127.0.0.1', 'localhost', '[::1]'].includes(new URL(url).hostname)) throw new Error('loopback only')
  const result = await run({
    url,
    site: values.site ?? '',
    senders: bounded('senders', values.senders, 64, limits.senders),
    seconds: bounded('seconds', values.seconds, 4, limits.seconds),
    stamp: values.stamp ?? false,
    hold: values.hold ?? false,
    warmup: bounded('warmup', values.warmup, 1, 60),
    ...(values.pid === undefined ? {} : { pid: Number(values.pid) }),
    ...(values.rate === undefined ? {} : { rate: bounded('rate', values.rate, 0, 50_000) }),
  })
  process.stdout.write(`${JSON.stringify(result)}\n`)
  process.exit(0)
}
