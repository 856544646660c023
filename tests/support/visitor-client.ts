// A visitor as docs/protocol.md describes one, written from the protocol and not from our own code.

export type Outcome =
  | { outcome: 'ok'; conversationId: string; seq: number; at: number }
  | { outcome: 'refused'; code: string; retryable: boolean; retryAfterMs?: number; message?: string }
  | { outcome: 'unknown'; why: string }

export type Entry = {
  type: 'entry'
  conversationId: string
  seq: number
  after: number
  kind: 'text' | 'event'
  author: { kind: 'visitor' | 'agent' | 'system'; name?: string; id?: string }
  body: string
  at: number
  clientId?: string
  data?: unknown
}

export type Entries = {
  type: 'entries'
  conversationId: string | null
  from: number
  to: number
  items: Entry[]
  more: boolean
  readSeq?: number
}

export type ServerFrame = { type: string; [field: string]: unknown } | Entry | Entries

export type Session = {
  visitorToken: string
  site: { id: string; name: string; chatEnabled: boolean; greeting?: string | null; locale?: string | null }
  availability: { agents: number; status: 'online' | 'away' }
}

export type Sending = { clientId: string; body: string; kind?: string; page?: unknown; conversationId?: string }

const api = '/api/widget/v1'

/** How long an answer is waited for where nothing else is said: longer than a busy machine takes, with the slower store. */
export const patienceMs = 15_000

/** An id of 22 characters from 128 random bits, as the protocol asks of a `clientId`. */
export function newClientId(): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString('base64url')
}

/** Opens a session; throws when the server does not answer 200 within `timeoutMs`. */
export async function session(
  base: string,
  siteId: string,
  visitorToken?: string,
  options: { headers?: Record<string, string>; timeoutMs?: number } = {},
): Promise<Session> {
  const response = await fetch(`${base}${api}/sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...options.headers },
    body: JSON.stringify(visitorToken ? { siteId, visitorToken } : { siteId }),
    signal: AbortSignal.timeout(options.timeoutMs ?? patienceMs),
  })
  if (response.status !== 200) throw new Error(`sessions answered ${response.status}: ${await response.text()}`)
  return (await response.json()) as Session
}

/** `POST messages`. Anything but an ack or a refusal with a code is `unknown`: it may have been stored. */
export async function sendOverHttp(
  base: string,
  token: string,
  sending: Sending,
  options: { timeoutMs?: number } = {},
): Promise<Outcome> {
  try {
    const response = await fetch(`${base}${api}/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify(sending),
      signal: AbortSignal.timeout(options.timeoutMs ?? patienceMs),
    })
    return readOutcome(response.status, await response.text())
  } catch (error) {
    return { outcome: 'unknown', why: String(error) }
  }
}

/** `GET entries`; throws when the answer is not 200 or does not come. */
export async function entriesOverHttp(
  base: string,
  token: string,
  query: { since?: number; conversationId?: string; timeoutMs?: number } = {},
): Promise<Entries> {
  const search = new URLSearchParams({ since: String(query.since ?? 0) })
  if (query.conversationId) search.set('conversation', query.conversationId)
  const response = await fetch(`${base}${api}/entries?${search}`, {
    headers: { authorization: `Bearer ${token}` },
    signal: AbortSignal.timeout(query.timeoutMs ?? patienceMs),
  })
  if (response.status !== 200) throw new Error(`entries answered ${response.status}: ${await response.text()}`)
  return (await response.json()) as Entries
}

/** What an HTTP answer to a send means. A 5xx without a known retryable code leaves the fate of the message open. */
export function readOutcome(status: number, text: string): Outcome {
  let answer: Record<string, unknown>
  try {
    answer = JSON.parse(text) as Record<string, unknown>
  } catch {
    return { outcome: 'unknown', why: `status ${status}, not JSON` }
  }
  if (status === 200 && typeof answer.seq === 'number') {
    return { outcome: 'ok', conversationId: String(answer.conversationId), seq: answer.seq, at: Number(answer.at) }
  }
  if (typeof answer.code !== 'string' || status === 500) return { outcome: 'unknown', why: `status ${status}: ${text}` }
  return refusedBy(answer)
}

function refusedBy(answer: Record<string, unknown>): Outcome {
  return {
    outcome: 'refused',
    code: String(answer.code),
    retryable: answer.retryable === true,
    ...(typeof answer.retryAfterMs === 'number' ? { retryAfterMs: answer.retryAfterMs } : {}),
    ...(typeof answer.message === 'string' ? { message: answer.message } : {}),
  }
}

export type SocketOptions = {
  token?: string
  conversationId?: string
  /** Watermark to resume from; when given, `entries` follow the welcome. */
  since?: number
  /** Fields of `hello` to add or replace. */
  hello?: Record<string, unknown>
  /** Connect without saying hello. */
  silent?: boolean
  headers?: Record<string, string>
  timeoutMs?: number
  onFrame?: (frame: ServerFrame) => void
  /** Frames are not kept in `frames`: for sockets that live long. */
  forget?: boolean
}

type Waiting = { match: (frame: ServerFrame) => boolean; resolve: (frame: ServerFrame) => void }

export class VisitorSocket {
  readonly frames: ServerFrame[] = []
  /** Resolves when the socket is gone, for whatever reason; never rejects. */
  readonly closed: Promise<{ code: number; reason: string }>
  #socket: WebSocket
  #waiting = new Set<Waiting>()
  #sends = new Map<string, (outcome: Outcome) => void>()
  #gone: { code: number; reason: string } | undefined

  private constructor(url: string, options: SocketOptions) {
    this.#socket = new WebSocket(url, { headers: options.headers ?? {} } as unknown as string[])
    this.#socket.onmessage = (event) => {
      const frame = JSON.parse(String(event.data)) as ServerFrame
      if (!options.forget) this.frames.push(frame)
      this.#settle(frame)
      options.onFrame?.(frame)
    }
    this.#socket.onerror = () => {}
    this.closed = new Promise((resolve) => {
      this.#socket.onclose = ({ code, reason }) => {
        this.#gone = { code, reason }
        for (const settle of this.#sends.values()) settle({ outcome: 'unknown', why: `socket closed ${code}` })
        this.#sends.clear()
        resolve(this.#gone)
      }
    })
  }

  /** Connects, says hello and waits for `welcome` (not with `silent`). Throws when it does not come. */
  static async connect(base: string, options: SocketOptions = {}): Promise<VisitorSocket> {
    const visitor = new VisitorSocket(`${base.replace(/^http/, 'ws')}${api}/socket`, options)
    try {
      await visitor.#opened(options.timeoutMs ?? patienceMs)
      if (options.silent) return visitor
      const welcome = visitor.frame('welcome', options.timeoutMs)
      visitor.hello(options)
      await welcome
      return visitor
    } catch (error) {
      visitor.terminate()
      throw error
    }
  }

  hello({ token, conversationId, since, hello }: SocketOptions): void {
    this.say({ type: 'hello', protocol: 1, token, conversationId, since, ...hello })
  }

  /** Sends one message and settles with its ack or refusal, or `unknown` when the socket dies or is silent too long. */
  send(sending: Sending, timeoutMs = patienceMs): Promise<Outcome> {
    if (this.#gone) return Promise.resolve({ outcome: 'unknown', why: 'socket was closed' })
    return new Promise((resolve) => {
      const timer = setTimeout(() => settle({ outcome: 'unknown', why: 'no ack in time' }), timeoutMs)
      const settle = (outcome: Outcome) => {
        clearTimeout(timer)
        this.#sends.delete(sending.clientId)
        resolve(outcome)
      }
      this.#sends.set(sending.clientId, settle)
      this.say({ type: 'send', ...sending })
    })
  }

  /** Asks for what came after `seq` and settles with the page that answers. */
  async since(seq: number, conversationId?: string, timeoutMs?: number): Promise<Entries> {
    const page = this.nextFrame((frame) => frame.type === 'entries' && (frame as Entries).from === seq, timeoutMs)
    this.say({ type: 'since', seq, conversationId })
    return (await page) as Entries
  }

  async ping(timeoutMs?: number): Promise<void> {
    const pong = this.nextFrame((frame) => frame.type === 'pong', timeoutMs)
    this.say({ type: 'ping' })
    await pong
  }

  read(seq: number, conversationId?: string): void {
    this.say({ type: 'read', seq, conversationId })
  }

  typing(text?: string): void {
    this.say({ type: 'typing', text })
  }

  /** One frame of any shape. */
  say(frame: unknown): void {
    this.raw(JSON.stringify(frame))
  }

  /** Bytes as they are, valid or not. */
  raw(data: string | Uint8Array<ArrayBuffer>): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(data)
  }

  /** The first frame ever received that matches, or the next to come; throws after `timeoutMs` or when the socket dies. */
  frame(match: string | ((frame: ServerFrame) => boolean), timeoutMs = patienceMs): Promise<ServerFrame> {
    const matches = typeof match === 'string' ? (frame: ServerFrame) => frame.type === match : match
    const found = this.frames.find(matches)
    return found ? Promise.resolve(found) : this.nextFrame(matches, timeoutMs)
  }

  /** The next frame from now on that matches. */
  nextFrame(match: string | ((frame: ServerFrame) => boolean), timeoutMs = patienceMs): Promise<ServerFrame> {
    const matches = typeof match === 'string' ? (frame: ServerFrame) => frame.type === match : match
    return new Promise((resolve, reject) => {
      const waiting: Waiting = { match: matches, resolve: (frame) => finish(() => resolve(frame)) }
      const timer = setTimeout(
        () => finish(() => reject(new Error(`no frame ${typeof match === 'string' ? match : 'that matches'} in time`))),
        timeoutMs,
      )
      const finish = (settle: () => void) => {
        clearTimeout(timer)
        this.#waiting.delete(waiting)
        settle()
      }
      this.#waiting.add(waiting)
      void this.closed.then(({ code, reason }) => finish(() => reject(new Error(`closed ${code} ${reason}`))))
    })
  }

  get open(): boolean {
    return this.#gone === undefined && this.#socket.readyState === WebSocket.OPEN
  }

  async close(): Promise<void> {
    this.#socket.close(1000)
    await this.closed
  }

  /** Drops the connection without a word, as a dead network does. */
  terminate(): void {
    ;(this.#socket as WebSocket & { terminate(): void }).terminate()
  }

  #opened(timeoutMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('the socket did not open in time')), timeoutMs)
      this.#socket.onopen = () => {
        clearTimeout(timer)
        resolve()
      }
      void this.closed.then(({ code, reason }) => {
        clearTimeout(timer)
        reject(new Error(`the socket was refused: ${code} ${reason}`))
      })
    })
  }

  #settle(frame: ServerFrame): void {
    const { clientId } = frame as { clientId?: unknown }
    if (typeof clientId === 'string' && frame.type === 'ack') {
      const { conversationId, seq, at } = frame as unknown as { conversationId: string; seq: number; at: number }
      this.#sends.get(clientId)?.({ outcome: 'ok', conversationId, seq, at })
    }
    if (typeof clientId === 'string' && frame.type === 'refuse') this.#sends.get(clientId)?.(refusedBy({ ...frame }))
    for (const waiting of this.#waiting) if (waiting.match(frame)) waiting.resolve(frame)
  }
}
