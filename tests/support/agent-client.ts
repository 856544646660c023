import { type Outcome, patienceMs, readOutcome } from './visitor-client.ts'

export type Answer = { status: number; location: string | null; text: string; json: Record<string, unknown> }

/** A row that the console's live socket pushed, read from the fragment's attributes. */
export type PushedRow = { seq: number; clientId: string | null; html: string }

/** An agent at the console: a cookie jar, the console's own endpoints, and its live socket. */
export class AgentClient {
  readonly base: string
  readonly origin: string
  readonly cookies = new Map<string, string>()
  timeoutMs = patienceMs

  /** `origin` is the server's public origin when it differs from `base` (a proxy between). */
  constructor(base: string, origin = base) {
    this.base = base
    this.origin = origin
  }

  /** Signs in; throws when no session cookie comes back. */
  async signIn(email: string, password: string): Promise<void> {
    this.cookies.clear()
    const answer = await this.request('POST', '/sign-in', { email, password }, { accept: 'text/html' })
    if (answer.status >= 400 || this.cookies.size === 0) {
      throw new Error(`sign-in of ${email} answered ${answer.status}: ${answer.text.slice(0, 200)}`)
    }
  }

  async signOut(): Promise<Answer> {
    return await this.request('POST', '/sign-out')
  }

  /** Answers in a conversation through the console's own form. */
  async send(conversationId: string, message: { clientId: string; body: string }): Promise<Outcome> {
    try {
      const { status, text, location } = await this.request('POST', `/c/${conversationId}/messages`, message)
      if (status >= 300 && status < 400) {
        return { outcome: 'refused', code: `redirected to ${location}`, retryable: false }
      }
      return readOutcome(status, text)
    } catch (error) {
      return { outcome: 'unknown', why: String(error) }
    }
  }

  async take(conversationId: string): Promise<Answer> {
    return await this.request('PUT', `/c/${conversationId}/take`)
  }

  async finish(conversationId: string): Promise<Answer> {
    return await this.request('PUT', `/c/${conversationId}/closure`)
  }

  async reopen(conversationId: string): Promise<Answer> {
    return await this.request('DELETE', `/c/${conversationId}/closure`)
  }

  async read(conversationId: string, seq: number): Promise<Answer> {
    return await this.request('PUT', `/c/${conversationId}/read`, { seq: String(seq) })
  }

  async switchChat(siteId: string, on: boolean): Promise<Answer> {
    return await this.request(on ? 'PUT' : 'DELETE', `/settings/sites/${siteId}/chat`)
  }

  async get(path: string, accept = 'text/html'): Promise<Answer> {
    return await this.request('GET', path, undefined, { accept })
  }

  /** One request with cookies and the server's own Origin; redirects are not followed. Throws on a dead network. */
  async request(
    method: string,
    path: string,
    form?: Record<string, string>,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const response = await fetch(this.base + path, {
      method,
      redirect: 'manual',
      headers: {
        accept: 'application/json',
        cookie: this.cookieHeader(),
        ...(method === 'GET' ? {} : { origin: this.origin, 'sec-fetch-site': 'same-origin' }),
        ...headers,
      },
      ...(form ? { body: new URLSearchParams(form) } : {}),
      signal: AbortSignal.timeout(this.timeoutMs),
    })
    for (const line of response.headers.getSetCookie()) this.#keepCookie(line)
    const text = await response.text()
    return { status: response.status, location: response.headers.get('location'), text, json: parsed(text) }
  }

  /** Opens the console's live socket; throws when it does not open. */
  async live(onMessage?: (text: string) => void): Promise<AgentLive> {
    return await AgentLive.connect(this, onMessage)
  }

  cookieHeader(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  }

  #keepCookie(line: string): void {
    const [pair = '', ...attributes] = line.split(';')
    const cut = pair.indexOf('=')
    const name = pair.slice(0, cut).trim()
    const dies = attributes.some((attribute) => /^\s*max-age=0\s*$/i.test(attribute))
    if (dies) this.cookies.delete(name)
    else this.cookies.set(name, pair.slice(cut + 1).trim())
  }
}

export class AgentLive {
  readonly messages: string[] = []
  readonly closed: Promise<{ code: number; reason: string }>
  #socket: WebSocket
  #waiting = new Set<(text: string) => void>()

  private constructor(agent: AgentClient, onMessage?: (text: string) => void) {
    const headers = { cookie: agent.cookieHeader(), origin: agent.origin }
    this.#socket = new WebSocket(`${agent.base.replace(/^http/, 'ws')}/live`, { headers } as unknown as string[])
    this.#socket.onerror = () => {}
    this.#socket.onmessage = (event) => {
      const text = String(event.data)
      if (onMessage) onMessage(text)
      else this.messages.push(text)
      for (const waiting of this.#waiting) waiting(text)
    }
    this.closed = new Promise((resolve) => {
      this.#socket.onclose = ({ code, reason }) => resolve({ code, reason })
    })
  }

  static async connect(agent: AgentClient, onMessage?: (text: string) => void): Promise<AgentLive> {
    const live = new AgentLive(agent, onMessage)
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        live.terminate()
        reject(new Error('the live socket did not open in time'))
      }, agent.timeoutMs)
      live.#socket.onopen = () => {
        clearTimeout(timer)
        resolve()
      }
      void live.closed.then(({ code, reason }) => {
        clearTimeout(timer)
        reject(new Error(`the live socket was refused: ${code} ${reason}`))
      })
    })
    return live
  }

  watch(conversationId: string): void {
    this.say({ type: 'watch', conversationId })
  }

  unwatch(): void {
    this.say({ type: 'unwatch' })
  }

  async ping(timeoutMs?: number): Promise<void> {
    const pong = this.nextMessage((text) => text.includes('"pong"'), timeoutMs)
    this.say({ type: 'ping' })
    await pong
  }

  say(frame: unknown): void {
    this.raw(JSON.stringify(frame))
  }

  /** Bytes as they are, valid or not. */
  raw(data: string): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(data)
  }

  /** The first message ever received that matches, or the next to come. */
  message(match: (text: string) => boolean, timeoutMs?: number): Promise<string> {
    const found = this.messages.find(match)
    return found === undefined ? this.nextMessage(match, timeoutMs) : Promise.resolve(found)
  }

  nextMessage(match: (text: string) => boolean, timeoutMs = patienceMs): Promise<string> {
    return new Promise((resolve, reject) => {
      const look = (text: string) => {
        if (match(text)) finish(() => resolve(text))
      }
      const timer = setTimeout(() => finish(() => reject(new Error('no such live message in time'))), timeoutMs)
      const finish = (settle: () => void) => {
        clearTimeout(timer)
        this.#waiting.delete(look)
        settle()
      }
      this.#waiting.add(look)
      void this.closed.then(({ code }) => finish(() => reject(new Error(`live socket closed ${code}`))))
    })
  }

  async close(): Promise<void> {
    this.#socket.close(1000)
    await this.closed
  }

  terminate(): void {
    ;(this.#socket as WebSocket & { terminate(): void }).terminate()
  }
}

/** The message rows in a pushed fragment or in a page of the console, in the order they stand. */
export function rowsIn(html: string): PushedRow[] {
  const starts = [...html.matchAll(/<[a-z-]+\b[^>]*\bdata-seq="(\d+)"[^>]*>/g)]
  return starts.map((match, index) => ({
    seq: Number(match[1]),
    clientId: /\bdata-client-id="([^"]*)"/.exec(match[0])?.[1] ?? null,
    html: html.slice(match.index, starts[index + 1]?.index),
  }))
}

function parsed(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}
