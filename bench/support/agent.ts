/**
 * An agent's console without a browser: signs in through the form, holds /live open, and fetches its list again on a
 * poke, no oftener than the page does.
 */
import { Wire } from './wire.ts'

export type AgentOptions = {
  url: string
  email: string
  password: string
  folder: string
  locale: string
  /** The page's own throttle between two fetches of its list. */
  throttleMs: number
  on: {
    fragment(text: string): void
    poke(): void
    list(tookMs: number, html: string): void
    trouble(what: string): void
  }
}

export class Agent {
  private readonly options: AgentOptions
  private readonly cookie: string
  private readonly wire: Wire
  private throttled = false

  private constructor(options: AgentOptions, cookie: string, wire: Wire) {
    this.options = options
    this.cookie = cookie
    this.wire = wire
  }

  static async signIn(options: AgentOptions): Promise<Agent> {
    const { url, email, password, locale, on } = options
    const answer = await fetch(`${url}/sign-in`, {
      method: 'POST',
      redirect: 'manual',
      headers: { origin: url, 'sec-fetch-site': 'same-origin', 'accept-language': locale },
      body: new URLSearchParams({ email, password }),
      signal: AbortSignal.timeout(120_000),
    })
    await answer.arrayBuffer()
    const cookie = answer.headers
      .getSetCookie()
      .map((line) => line.slice(0, line.indexOf(';')))
      .join('; ')
    if (cookie === '') throw new Error(`${email} could not sign in: ${answer.status}`)
    const self: { agent?: Agent } = {}
    const wire = await Wire.connect({
      url: `${url}/live`,
      headers: { Origin: url, Cookie: cookie, 'Accept-Language': locale },
      onText: (text) => self.agent?.receive(text),
      onClose: (code, reason) => on.trouble(`/live closed: ${code} ${reason}`),
    })
    self.agent = new Agent(options, cookie, wire)
    return self.agent
  }

  watch(conversationId: string): void {
    this.wire.send(JSON.stringify({ type: 'watch', conversationId }))
  }

  /** As htmx asks, for what a poke or a click brings. */
  async get(path: string): Promise<string> {
    return await this.request('GET', path, { 'hx-request': 'true' })
  }

  /** As a browser asks for a page. */
  async page(path: string): Promise<string> {
    return await this.request('GET', path, {})
  }

  /** As a program asks. */
  async json(path: string): Promise<string> {
    return await this.request('GET', path, { accept: 'application/json' })
  }

  async take(conversationId: string): Promise<void> {
    await this.request('PUT', `/c/${conversationId}/take`, { 'hx-request': 'true' })
  }

  /** Reads all that waits. */
  async readAll(): Promise<void> {
    await this.request('POST', '/inbox/read-all?folder=waiting', { 'hx-request': 'true' })
  }

  close(): void {
    this.options.on.trouble = () => {}
    this.wire.close()
  }

  private receive(text: string): void {
    if (!text.startsWith('{')) return this.options.on.fragment(text)
    const message = JSON.parse(text) as { poke?: string }
    if (message.poke !== undefined) {
      this.options.on.poke()
      void this.refetch()
    }
  }

  private async refetch(): Promise<void> {
    if (this.throttled) return
    this.throttled = true
    setTimeout(() => {
      this.throttled = false
    }, this.options.throttleMs)
    const startedAt = performance.now()
    try {
      const rows = await this.get(`/inbox/rows?folder=${this.options.folder}`)
      this.options.on.list(performance.now() - startedAt, rows)
    } catch (error) {
      this.options.on.trouble(String(error))
    }
  }

  private async request(method: string, path: string, asked: Record<string, string>): Promise<string> {
    const { url, locale } = this.options
    const answer = await fetch(url + path, {
      method,
      redirect: 'manual',
      headers: {
        cookie: this.cookie,
        'accept-language': locale,
        ...asked,
        ...(method === 'GET' ? {} : { origin: url, 'sec-fetch-site': 'same-origin', accept: 'application/json' }),
      },
    })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status}`)
    return text
  }
}
