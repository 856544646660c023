import { type AgentLive, rowsIn } from '../support/agent-client.ts'
import {
  type Entries,
  entriesOverHttp,
  type Entry,
  type ServerFrame,
  VisitorSocket,
} from '../support/visitor-client.ts'
import type { Reader, Seen } from './history.ts'
import { randomFor, type Random } from './random.ts'
import { patienceMs, think, type Visitor, type World } from './world.ts'
import type { AgentWriter } from './writers.ts'

/** What a reader has shown so far, and the one rule that it heals itself by. */
export class Stream {
  readonly reader: Reader

  constructor(name: string, kind: Reader['kind'], sees: Reader['sees'], conversationId = '') {
    this.reader = { name, kind, sees, conversationId, watermark: 0, shown: [], passedOver: [] }
  }

  /** A live entry; false when it stands past a hole, and the reader must ask. */
  entry(entry: Entry): boolean {
    const { reader } = this
    if (!this.#belongs(entry.conversationId)) return true
    const repeat = entry.seq <= reader.watermark
    const pastHole = entry.after > reader.watermark
    if (repeat || pastHole) {
      reader.passedOver.push(seenIn(entry))
      return !pastHole
    }
    reader.shown.push(seenIn(entry))
    reader.watermark = entry.seq
    return true
  }

  /** A page: nothing visible lies in `from`..`to` but its items. False when it leaves a hole before it. */
  page({ conversationId, from, to, items }: Entries): boolean {
    const { reader } = this
    if (conversationId === null) return true
    if (!this.#belongs(conversationId)) return true
    const { watermark } = reader
    for (const { after: _, ...item } of items) {
      const list = from > watermark || item.seq <= watermark ? reader.passedOver : reader.shown
      list.push(seenIn(item as Entry))
    }
    if (from > watermark) return false
    reader.watermark = Math.max(watermark, to)
    return true
  }

  #belongs(conversationId: string): boolean {
    this.reader.conversationId ||= conversationId
    return this.reader.conversationId === conversationId
  }
}

function seenIn({ seq, kind, author, body, after }: Entry): Seen {
  return { seq, kind, author: author.kind, body, ...(after === undefined ? {} : { after }) }
}

/** A visitor's window that stays open, or flaps: it drops the connection now and then and resumes by its watermark. */
export class SocketReader {
  readonly stream: Stream
  #world: World
  #visitor: Visitor
  #random: Random
  #flapping: boolean

  constructor(world: World, visitor: Visitor, kind: 'live' | 'flapping') {
    const name = `${kind} reader of ${visitor.name}`
    this.#world = world
    this.#visitor = visitor
    this.#flapping = kind === 'flapping'
    this.stream = new Stream(name, kind, 'public')
    this.#random = randomFor(world.seed, name)
  }

  async run(): Promise<void> {
    while (!this.#world.over) {
      await this.#readOnce().catch(() => undefined)
      await think(this.#world, this.#random, this.#random.between(5, 150))
    }
  }

  async #readOnce(): Promise<void> {
    let socket: VisitorSocket | null = null
    const early: ServerFrame[] = []
    const onFrame = (frame: ServerFrame) => (socket ? this.#take(socket, frame) : void early.push(frame))
    const { token } = this.#visitor
    const since = this.stream.reader.watermark
    const options = { token, since, timeoutMs: patienceMs, onFrame, forget: true }
    socket = await VisitorSocket.connect(this.#world.base, options)
    for (const frame of early) this.#take(socket, frame)
    const dropsAt = performance.now() + (this.#flapping ? this.#random.between(30, 800) : 1e12)
    try {
      while (socket.open && !this.#world.over && performance.now() < dropsAt) {
        await Promise.race([think(this.#world, this.#random, this.#flapping ? 50 : 700), socket.closed])
        // A connection that stands still looks like one on which nobody writes.
        if (!this.#flapping && socket.open) await socket.ping(patienceMs)
      }
    } finally {
      socket.terminate()
    }
  }

  #take(socket: VisitorSocket, frame: ServerFrame): void {
    const { reader } = this.stream
    if (frame.type === 'entry' && !this.stream.entry(frame as Entry))
      socket.say({ type: 'since', seq: reader.watermark })
    if (frame.type !== 'entries') return
    const page = frame as Entries
    if (!this.stream.page(page) || page.more) socket.say({ type: 'since', seq: reader.watermark })
  }
}

/** A visitor whose network lets no socket through: polls. */
export class HttpReader {
  readonly stream: Stream
  #world: World
  #visitor: Visitor
  #random: Random

  constructor(world: World, visitor: Visitor) {
    const name = `http reader of ${visitor.name}`
    this.#world = world
    this.#visitor = visitor
    this.stream = new Stream(name, 'http', 'public')
    this.#random = randomFor(world.seed, name)
  }

  async run(): Promise<void> {
    while (!this.#world.over) {
      const query = { since: this.stream.reader.watermark, timeoutMs: patienceMs }
      const page = await entriesOverHttp(this.#world.base, this.#visitor.token, query).catch(() => null)
      if (page) this.stream.page(page)
      if (!page?.more) await think(this.#world, this.#random, this.#random.between(50, 400))
    }
  }
}

/** An agent's window: rows are pushed as markup, and after every connection the page asks for what came meanwhile. */
export class ConsoleReader {
  readonly stream: Stream
  #world: World
  #visitor: Visitor
  #agent: AgentWriter
  #random: Random

  constructor(world: World, visitor: Visitor, agent: AgentWriter) {
    const name = `${agent.who.name} at the console`
    this.#world = world
    this.#visitor = visitor
    this.#agent = agent
    this.stream = new Stream(name, 'console', 'all')
    this.#random = randomFor(world.seed, name)
  }

  async run(): Promise<void> {
    while (!this.#world.over) {
      if (this.#agent.signedIn && this.#visitor.conversationId) await this.#readOnce().catch(() => undefined)
      await think(this.#world, this.#random, this.#random.between(20, 200))
    }
  }

  async #readOnce(): Promise<void> {
    const { reader } = this.stream
    reader.conversationId = this.#visitor.conversationId!
    let hole = false
    let healing = true
    const waiting: string[] = []
    const live: AgentLive = await this.#agent.client.live((text) => {
      if (healing) waiting.push(text)
      else hole = !this.#push(text) || hole
    })
    try {
      live.watch(reader.conversationId)
      await live.ping()
      await this.#heal()
      healing = false
      for (const text of waiting) hole = !this.#push(text) || hole
      while (!this.#world.over) {
        if (hole) await this.#heal()
        hole = false
        await Promise.race([think(this.#world, this.#random, 300), live.closed])
        await live.ping(patienceMs)
      }
    } finally {
      live.terminate()
    }
  }

  async #heal(): Promise<void> {
    const { reader } = this.stream
    for (;;) {
      const path = `/c/${reader.conversationId}/entries?after=${reader.watermark}`
      const { status, text } = await this.#agent.client.get(path)
      if (status !== 200) throw new Error(`${path} answered ${status}`)
      const rows = this.#rows(text).filter(({ seq }) => seq > reader.watermark)
      for (const row of rows) this.#show(row)
      if (rows.length === 0) return
    }
  }

  /** False when a row stands past a hole: an agent sees every entry, so the next seq is always one higher. */
  #push(text: string): boolean {
    const { reader } = this.stream
    for (const row of this.#rows(text)) {
      if (row.seq === reader.watermark + 1) this.#show(row)
      else reader.passedOver.push(row)
    }
    return reader.passedOver.every(({ seq }) => seq <= reader.watermark)
  }

  #show(row: Seen): void {
    this.stream.reader.shown.push(row)
    this.stream.reader.watermark = row.seq
  }

  #rows(html: string): Seen[] {
    return rowsIn(html).map(({ seq, html: row }) => {
      const code = /\[([a-z0-9.]+)\]/.exec(row)?.[1]
      const body = code === undefined ? undefined : this.#world.bodies.get(code)
      const author = code === undefined ? 'system' : code.startsWith('visitor') ? 'visitor' : 'agent'
      return { seq, kind: body === undefined ? 'event' : 'text', author, body: body ?? '' }
    })
  }
}
