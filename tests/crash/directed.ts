import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { AgentClient } from '../support/agent-client.ts'
import {
  type Entries,
  type Entry,
  newClientId,
  type Outcome,
  session,
  VisitorSocket,
} from '../support/visitor-client.ts'
import type { Evidence } from './checker.ts'
import { flagsOf, type Place, readFinal, readUndone } from './final.ts'
import { History } from './history.ts'
import { readyzSays, until } from './waiting.ts'
import { randomFor } from './random.ts'
import type * as Readers from './readers.ts'
import { ServerProcess } from './server-process.ts'
import type { Account, FailPoint } from './server-settings.ts'
import { Sink } from './sink.ts'
import { SmallDisk } from './small-disk.ts'

type Options = {
  environment?: Record<string, string>
  /** Keeps everything there. */
  database?: string | null
  /** The data folder of the PostgreSQL that dies at the fail point, instead of the house. */
  strikes?: string | null
  agents?: Account[]
}

/**
 * One visitor, one reader and one blow, each at a moment that is chosen and not left to luck. Runs the server, and the
 * reader's rule, of the tree at `tree`, so that a bug can be planted in a copy.
 */
export class Directed {
  #folder: string
  #place: Place
  #options: Options
  #history: History
  #server: ServerProcess
  #sink = new Sink(randomFor(1, 'sink'))
  #base = ''
  #siteId = ''
  #token = ''
  #turns = 0
  #socket: VisitorSocket | null = null
  #stream: Readers.Stream
  #watching: VisitorSocket | null = null

  private constructor(folder: string, tree: string, stream: Readers.Stream, options: Options) {
    const { environment, database = null } = options
    this.#folder = folder
    this.#place = { data: join(folder, 'data'), database }
    this.#options = options
    this.#stream = stream
    this.#history = new History(join(folder, 'history.jsonl'))
    this.#server = new ServerProcess(join(folder, 'server.log'), environment, join(tree, 'tests/crash/server.ts'))
  }

  /** Opens the house of `tree` in `folder`, with a fail point that waits to be armed. */
  static async open(
    folder: string,
    tree: string,
    failPoint: FailPoint | null,
    options: Options = {},
  ): Promise<Directed> {
    const { Stream } = (await import(join(tree, 'tests/crash/readers.ts'))) as typeof Readers
    const directed = new Directed(folder, tree, new Stream('live reader', 'live', 'public'), options)
    try {
      await directed.#start(failPoint)
      directed.#token = (await session(directed.#base, directed.#siteId)).visitorToken
      return directed
    } catch (error) {
      await directed.close()
      throw error
    }
  }

  /** Sends a new message and settles with its outcome. */
  async send(body = 'water, please'): Promise<{ outcome: Outcome; again(): Promise<Outcome> }> {
    const turn = ++this.#turns
    const pending = { clientId: newClientId(), body: `${turn}: ${body}`, turn }
    const again = () => this.#attempt(pending)
    return { outcome: await again(), again }
  }

  /** Every agent answers the visitor's conversation `each` times, all of them at once; nothing is sent a second time. */
  async crowd(conversationId: string, each: number): Promise<void> {
    const answering = (this.#options.agents ?? []).map(async ({ name, email, password }) => {
      const client = new AgentClient(this.#base)
      await client.signIn(email, password)
      for (let turn = 1; turn <= each; turn++) {
        const pending = { clientId: newClientId(), body: `${name} ${turn}`, turn }
        const attempt = this.#history.invoke({ who: { kind: 'agent', name }, ...pending })
        this.#answered(attempt, pending.clientId, await client.send(conversationId, pending))
      }
    })
    await Promise.all(answering)
  }

  /** Waits until the house writes nothing of its own accord. */
  async quiet(): Promise<void> {
    await until(async () => (await readUndone(this.#place)) === 0)
  }

  /** From now on the fail point is deadly. */
  async arm(): Promise<void> {
    await this.quiet()
    writeFileSync(this.#armedBy, '')
  }

  /** Waits for the death at the fail point, and starts the house again without one. */
  async dieAndRestart(failPoint: FailPoint): Promise<void> {
    await this.#server.exited
    this.#history.add({ type: 'kill', how: failPoint })
    await this.#start(null)
  }

  /** The house takes writes again after its database was away. */
  async recovers(): Promise<void> {
    await readyzSays(200, this.#base, 15_000)
  }

  /** The reader connects and asks for the first page only. */
  async watch(): Promise<VisitorSocket> {
    const { reader } = this.#stream
    this.#watching = await VisitorSocket.connect(this.#base, { token: this.#token, since: reader.watermark })
    return this.#watching
  }

  /** The reader takes what has come, asks for what it misses, and connects anew when it has to. */
  async catchUp(): Promise<void> {
    const socket = this.#watching?.open ? this.#watching : await this.watch()
    const asks = () => socket.say({ type: 'since', seq: this.#stream.reader.watermark })
    const taken = new Set<unknown>()
    let more = true
    while (more) {
      more = false
      await socket.ping()
      for (const frame of socket.frames) {
        if (taken.has(frame)) continue
        taken.add(frame)
        const page = frame as Entries
        const hole = frame.type === 'entry' && !this.#stream.entry(frame as Entry)
        const unfinished = frame.type === 'entries' && (!this.#stream.page(page) || page.more)
        if (hole || unfinished) {
          asks()
          more = true
        }
      }
    }
  }

  /** Shows the reader what has come so far, though the connection may be gone. */
  take(): void {
    for (const frame of this.#watching?.frames ?? []) {
      if (frame.type === 'entry') this.#stream.entry(frame as Entry)
      if (frame.type === 'entries') this.#stream.page(frame as Entries)
    }
    this.#watching?.terminate()
    this.#watching = null
  }

  async evidence(): Promise<Evidence> {
    const final = await readFinal(this.#place)
    const texts = final.messages.filter(({ kind }) => kind === 'text').length
    await until(() => new Set(this.#sink.copies.map(({ id }) => id)).size >= texts)
    return { history: this.#history.events, final, readers: [this.#stream.reader], sink: this.#sink.copies }
  }

  async close(): Promise<void> {
    this.#socket?.terminate()
    this.#watching?.terminate()
    await this.#server.kill()
    await this.#sink.close()
  }

  get #armedBy(): string {
    return join(this.#folder, 'armed')
  }

  async #start(failPoint: FailPoint | null): Promise<void> {
    const flags = { ...flagsOf(this.#place), port: '0', 'no-limits': true, 'log-level': 'warn' } as const
    const { agents = [], strikes = null } = this.#options
    const settings = { flags, sink: this.#sink.url, agents, failPoint, failAfter: 1, armedBy: this.#armedBy, strikes }
    const started = await this.#server.start(settings)
    if (!started) throw new Error(`the house did not open: see ${this.#folder}/server.log`)
    this.#base = `http://127.0.0.1:${started.port}`
    this.#siteId = started.siteId
    this.#history.add({ type: 'ready', tookMs: started.tookMs, slowed: false })
  }

  async #attempt(pending: { clientId: string; body: string; turn: number }): Promise<Outcome> {
    const attempt = this.#history.invoke({ who: { kind: 'visitor', name: 'boris' }, ...pending })
    if (!this.#socket?.open) this.#socket = await VisitorSocket.connect(this.#base, { token: this.#token })
    const outcome = await this.#socket.send({ clientId: pending.clientId, body: pending.body })
    this.#answered(attempt, pending.clientId, outcome)
    return outcome
  }

  #answered(attempt: number, clientId: string, said: Outcome): void {
    const { outcome: type, ...rest } = said
    const open = said.outcome === 'refused' && /^(internal_error|storage_silent)$/.test(said.code)
    const event = open ? { type: 'unknown', why: said.code } : { type, ...rest }
    this.#history.add({ attempt, clientId, ...event } as never)
  }
}

/** A story that ends in evidence. */
export type Story = (folder: string, tree: string) => Promise<Evidence>

/** The house dies with a message written and not committed; the next message takes its place in the log. */
export const diesBeforeCommit: Story = (folder, tree) =>
  tell(Directed.open(folder, tree, 'before-commit'), async (house) => {
    await house.send('the first one')
    await house.watch()
    await house.catchUp()
    await house.arm()
    await house.send('the one that is cut off')
    await house.dieAndRestart('before-commit')
    house.take()
    await house.send('the one that comes instead')
  })

/** The house dies with a message committed and not acknowledged; the visitor sends it again. */
export const diesBeforeAck: Story = (folder, tree) =>
  tell(Directed.open(folder, tree, 'before-ack'), async (house) => {
    await house.send('the first one')
    await house.arm()
    const cutOff = await house.send('the one without an answer')
    await house.dieAndRestart('before-ack')
    await cutOff.again()
  })

/**
 * The disk fills up while the visitor writes; room comes back, and what was refused is sent again. Three times: now and then
 * it is a write of the house's own that finds it full.
 */
export const fillsTheDisk: Story = async (folder, tree) => {
  const disk = SmallDisk.mount(join(folder, 'data'), 8)
  if (!disk) throw new Error('no disk to fill')
  try {
    return await tell(Directed.open(folder, tree, null), async (house) => {
      await house.send('the first one')
      for (let times = 3; times > 0; times--) {
        disk.fill()
        const refused = await sendUntilRefused(house)
        disk.empty()
        while ((await refused.again())?.outcome === 'refused') await Bun.sleep(50)
      }
    })
  } finally {
    disk.unmount()
  }
}

async function sendUntilRefused(house: Directed): Promise<{ again(): Promise<Outcome> }> {
  for (let left = 500; left > 0; left--) {
    const sent = await house.send('filling up '.repeat(300))
    if (sent.outcome.outcome === 'refused') return sent
  }
  throw new Error('the disk never filled up')
}

/** A live entry comes to a reader that has seen the first of several pages. */
export const comesBetweenPages: Story = (folder, tree) =>
  tell(Directed.open(folder, tree, null), async (house) => {
    for (let count = 20; count > 0; count--) await house.send('x'.repeat(7900))
    const socket = await house.watch()
    const live = socket.frame('entry')
    await house.send('the one that comes between')
    await live
  })

export async function tell(opening: Promise<Directed>, story: (house: Directed) => Promise<void>): Promise<Evidence> {
  const house = await opening
  try {
    await story(house)
    await house.catchUp()
    return await house.evidence()
  } finally {
    await house.close()
  }
}
