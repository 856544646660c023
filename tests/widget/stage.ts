import { Chat } from '../../src/browser/widget/chat.ts'
import { makeKeeper } from '../../src/browser/widget/keeper.ts'
import type { Answer, Outside, Wire } from '../../src/browser/widget/outside.ts'
import type { ToFrame, ToLoader } from '../../src/browser/widget/port.ts'
import type { Availability, Entry, Pending, SiteInfo, Visitor } from '../../src/browser/widget/protocol.ts'
import { defaultSettings } from '../../views/widget/settings.ts'
import { type Host, openVault } from '../../src/browser/widget/vault.ts'

/** A clock that stands still until it is moved, and runs what falls due on the way. */
export class Clock {
  now = 1_000_000
  #due: { at: number; run: () => void }[] = []

  after = (ms: number, run: () => void) => {
    const timer = { at: this.now + ms, run }
    this.#due.push(timer)
    return () => {
      this.#due = this.#due.filter((other) => other !== timer)
    }
  }

  async pass(ms: number) {
    const until = this.now + ms
    await settle()
    for (;;) {
      const [next] = this.#due.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)
      if (!next) break
      this.#due = this.#due.filter((other) => other !== next)
      this.now = Math.max(this.now, next.at)
      next.run()
      await settle()
    }
    this.now = until
  }
}

/** Lets every promise that can go on do so. */
export async function settle() {
  for (let turn = 0; turn < 30; turn++) await Promise.resolve()
}

type Frame = { type: string; [field: string]: unknown }

/** One end of a WebSocket that a test plays the server of. */
export class FakeWire implements Wire {
  onopen: Wire['onopen'] = null
  onmessage: Wire['onmessage'] = null
  onclose: Wire['onclose'] = null
  readonly sent: Frame[] = []
  open = true
  /** called with every frame that the widget sends */
  answer: (frame: Frame) => void = () => {}

  send(text: string) {
    const frame = JSON.parse(text) as Frame
    this.sent.push(frame)
    this.answer(frame)
  }

  close() {
    this.open = false
  }

  push(frame: Frame) {
    this.onmessage?.({ data: JSON.stringify(frame) })
  }

  break() {
    this.open = false
    this.onclose?.()
  }

  of = (type: string) => this.sent.filter((frame) => frame.type === type)
}

export const site: SiteInfo = {
  id: 'site-1',
  name: 'Northwater',
  chatEnabled: true,
  audience: 'anyone',
  greeting: null,
  widget: defaultSettings,
}
export const there: Availability = { agents: 1, status: 'online', backAt: null }
export const nobodyThere: Availability = { agents: 0, status: 'away', backAt: null }

type Send = Pick<Pending, 'clientId' | 'body' | 'kind' | 'form'>

/** A server with one visitor's conversation, that a test lets stumble at will. */
export class FakeServer {
  readonly clock = new Clock()
  readonly wires: FakeWire[] = []
  readonly requests: { method: string; path: string; body: unknown; token: string | null }[] = []
  readonly conversationId = 'c-1'
  log: Entry[] = []
  tokens = 0
  /** whether sockets come up, and whether HTTP is answered */
  socketsWork = true
  httpWorks = true
  site = site
  availability = there
  visitor: Visitor = { verified: false, blocked: false, email: null }
  /** answers a send instead of keeping it; undefined keeps it */
  onSend: (send: Send) => Frame | null | undefined = () => undefined

  readonly outside: Outside = {
    openSocket: () => this.#openSocket(),
    request: (method, path, token, body) => this.#request(method, path, token, body),
    now: () => this.clock.now,
    random: () => 0.5,
    after: this.clock.after,
  }

  get wire(): FakeWire {
    const wire = this.wires.at(-1)
    if (!wire) throw new Error('no socket was opened')
    return wire
  }

  /** Appends an entry to the log and pushes it, unless told not to. */
  say(kind: 'agent' | 'visitor', body: string, { push = true, clientId }: { push?: boolean; clientId?: string } = {}) {
    const before = this.log.at(-1)?.seq ?? 0
    const entry: Entry = {
      conversationId: this.conversationId,
      seq: before + 1,
      after: before,
      kind: 'text',
      author: kind === 'agent' ? { kind, name: 'Anna' } : { kind },
      body,
      at: this.clock.now,
      ...(clientId && { clientId }),
    }
    this.log.push(entry)
    if (push) for (const wire of this.wires) if (wire.open) wire.push({ type: 'entry', ...entry })
    return entry
  }

  keep({ clientId, body, kind = 'text', form }: Send) {
    const known = this.log.find((entry) => entry.clientId === clientId)
    const entry = known ?? this.say('visitor', body, { clientId, push: false })
    if (kind === 'feedback') Object.assign(entry, { kind, form })
    if (kind === 'email') Object.assign(entry, { kind: 'event', body: 'email_given', email: body })
    return {
      frame: { type: 'ack', clientId, conversationId: this.conversationId, seq: entry.seq, at: entry.at },
      entry,
      known,
    }
  }

  bodies = () => this.log.map(({ body }) => body)

  #openSocket(): Wire {
    const wire = new FakeWire()
    this.wires.push(wire)
    this.clock.after(1, () => {
      if (!wire.open) return
      if (!this.socketsWork) return wire.break()
      wire.answer = (frame) => this.clock.after(1, () => wire.open && this.#take(wire, frame))
      wire.onopen?.()
    })
    return wire
  }

  #take(wire: FakeWire, frame: Frame) {
    if (frame.type === 'hello') {
      const seq = this.log.at(-1)?.seq ?? 0
      const conversations = seq ? [{ id: this.conversationId, seq, state: 'active', readSeq: 0 }] : []
      wire.push({ type: 'welcome', conversations, agents: [], ...this.#standing() })
      if (frame.since !== undefined) wire.push(this.page(frame.since as number))
    } else if (frame.type === 'since') wire.push(this.page(frame.seq as number))
    else if (frame.type === 'ping') wire.push({ type: 'pong' })
    else if (frame.type === 'send') {
      const send = frame as Frame & Send
      const answer = this.onSend(send)
      if (answer) wire.push(answer)
      if (answer !== undefined) return
      const kept = this.keep(send)
      wire.push(kept.frame)
      if (!kept.known) for (const other of this.wires) if (other.open) other.push({ type: 'entry', ...kept.entry })
    }
  }

  pageLength = 200

  page(since: number): Frame {
    const items = this.log.filter(({ seq }) => seq > since)
    const shown = items.slice(0, this.pageLength)
    const more = items.length > shown.length
    const to = more ? (shown.at(-1)?.seq ?? since) : (this.log.at(-1)?.seq ?? since)
    return {
      type: 'entries',
      conversationId: this.log.length ? this.conversationId : null,
      from: since,
      to,
      items: shown,
      more,
    }
  }

  async #request(method: string, path: string, token: string | null, body: unknown): Promise<Answer> {
    this.requests.push({ method, path, body, token })
    await Promise.resolve()
    if (!this.httpWorks) throw new TypeError('network')
    if (path === '/sessions') {
      const { visitorToken } = body as { visitorToken?: string }
      return {
        status: 200,
        json: { visitorToken: visitorToken ?? `token-${++this.tokens}`, ...this.#standing() },
      }
    }
    if (path === '/read') return { status: 200, json: {} }
    if (path === '/messages') {
      const answer = this.onSend(body as Send)
      if (answer === null) throw new TypeError('network')
      if (answer) return { status: answer.type === 'ack' ? 200 : 429, json: answer }
      return { status: 200, json: this.keep(body as Send).frame }
    }
    const since = Number(new URL(path, 'http://x').searchParams.get('since'))
    return { status: 200, json: { ...this.page(since), ...this.#standing() } }
  }

  #standing = () => ({ site: this.site, availability: this.availability, visitor: this.visitor })
}

/** Web Locks among the tabs of one page's origin. */
class SharedLocks {
  #queues = new Map<string, { run: () => void }[]>()
  #held = new Map<string, { steal: (error: Error) => void }>()

  request(name: string, ...rest: [LockOptions, () => unknown] | [() => unknown]): Promise<unknown> {
    const held = rest.at(-1) as () => unknown
    const options = rest.length === 2 ? rest[0] : {}
    return new Promise((resolve, reject) => {
      const queue = this.#queues.get(name) ?? []
      this.#queues.set(name, queue)
      const waiting = {
        run: () => {
          const mine = { steal: reject }
          this.#held.set(name, mine)
          void Promise.resolve(held()).then((value) => {
            if (this.#held.get(name) !== mine) return
            this.#held.delete(name)
            resolve(value)
            queue.shift()?.run()
          })
        },
      }
      options.signal?.addEventListener('abort', () => {
        const at = queue.indexOf(waiting)
        if (at < 0) return
        queue.splice(at, 1)
        reject(new DOMException('aborted', 'AbortError'))
      })
      const holder = this.#held.get(name)
      if (!holder) return waiting.run()
      if (!options.steal) return void queue.push(waiting)
      holder.steal(new DOMException('stolen', 'AbortError'))
      waiting.run()
    })
  }
}

/** A storage that several tabs share, with the events that the other tabs get. */
export class SharedStorage {
  readonly map = new Map<string, string>()
  readonly locks = new SharedLocks() as unknown as LockManager
  readonly tabs: { storage: Storage; heard: (event: StorageEvent) => void }[] = []
  full = false
  /** when the other tabs hear of a change; at once, unless a test wants it later */
  soon: (run: () => void) => unknown = (run) => run()

  open(heard: (event: StorageEvent) => void = () => {}): Storage {
    const tab = { heard } as (typeof this.tabs)[number]
    const tell = (key: string, oldValue: string | null, newValue: string | null) => {
      const event = { key, oldValue, newValue } as StorageEvent
      for (const other of this.tabs) if (other !== tab) this.soon(() => other.heard(event))
    }
    const { map } = this
    const isFull = () => this.full
    tab.storage = {
      get length() {
        return map.size
      },
      key: (index) => [...map.keys()][index] ?? null,
      getItem: (key) => map.get(key) ?? null,
      setItem(key, value) {
        if (isFull()) throw new DOMException('full', 'QuotaExceededError')
        const old = map.get(key) ?? null
        map.set(key, value)
        tell(key, old, value)
      },
      removeItem(key) {
        const old = map.get(key) ?? null
        if (map.delete(key)) tell(key, old, null)
      },
      clear: () => map.clear(),
    }
    this.tabs.push(tab)
    return tab.storage
  }
}

let identifiers = 0

/** A tab of the shop with the widget in it: keeper and chat with a port between them, and no screen. */
export function openTab(
  server: FakeServer,
  shared = new SharedStorage(),
  options: { open?: boolean; host?: Partial<Host>; noLocks?: boolean; hidden?: boolean } = {},
) {
  const navigator = options.noLocks ? {} : { locks: shared.locks }
  const storage = shared.open((event) => keeper.otherTab(event))
  const host: Host = {
    localStorage: storage,
    sessionStorage: new SharedStorage().open(),
    navigator,
    setTimeout: (run, ms) => server.clock.after(ms, run),
  }
  // Descriptors, not values: a storage that throws does so when it is reached for.
  Object.defineProperties(host, Object.getOwnPropertyDescriptors(options.host ?? {}))
  const vault = openVault(host, 'site-1')
  const unread: number[] = []
  const keeper = makeKeeper({
    vault,
    navigator,
    document: { visibilityState: 'visible' },
    page: () => ({ url: 'https://shop.test/', title: 'Shop' }),
    now: () => server.clock.now,
    close: () => {},
    unread: (count) => unread.push(count),
  })
  const toLoader: ToLoader[] = []
  const rings: boolean[] = []
  const chat = new Chat('site-1', {
    outside: server.outside,
    newIdentifier: () => `id-${++identifiers}`,
    post(message) {
      toLoader.push(message)
      queueMicrotask(() => void keeper.take(message))
    },
    changed: () => {},
    visible: () => !options.hidden,
    launcherName: (count) => `${count}`,
    ring: (muted) => rings.push(muted),
  })
  keeper.start((message: ToFrame) => queueMicrotask(() => chat.take(message)), options.open ?? true)
  return { chat, keeper, vault, unread, rings, toLoader, storage, pass: (ms: number) => server.clock.pass(ms) }
}

/** What the visitor sees, in order: `body` of the log and what waits, with how it stands. */
export function seenBy(chat: Chat): string[] {
  return [
    ...chat.entries.map(({ body }) => body),
    ...chat.outbox.items.map((item) => {
      if (item.failed) return `${item.body} (not sent: ${item.failed.code})`
      return item.seq === undefined ? `${item.body} (pending)` : item.body
    }),
  ]
}
