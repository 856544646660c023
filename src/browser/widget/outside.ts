/** What the connection needs of the world, so that a test can play it. */
export type Outside = {
  openSocket(): Wire
  /** Rejects when no answer came; any status is an answer. */
  request(method: 'GET' | 'POST', path: string, token: string | null, body?: unknown): Promise<Answer>
  now(): number
  random(): number
  /** Runs once after `ms`, and answers how to call it off. */
  after(ms: number, run: () => void): () => void
}

export type Answer = { status: number; json: unknown }

export type Wire = {
  send(text: string): void
  close(): void
  onopen: (() => void) | null
  onmessage: ((event: { data: unknown }) => void) | null
  onclose: (() => void) | null
}

const requestTimeoutMs = 15_000
const api = '/api/widget/v1'

/** The browser's own network; `origin` is the one that the frame was served from. */
export function browserOutside(origin: string): Outside {
  return {
    openSocket: () => new WebSocket(`${origin.replace(/^http/, 'ws')}${api}/socket`) as Wire,
    async request(method, path, token, body) {
      const response = await fetch(`${origin}${api}${path}`, {
        method,
        credentials: 'omit',
        headers: {
          ...(token && { authorization: `Bearer ${token}` }),
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(requestTimeoutMs),
      })
      return { status: response.status, json: await response.json().catch(() => null) }
    },
    now: () => Date.now(),
    random: () => Math.random(),
    after(ms, run) {
      const timer = setTimeout(run, ms)
      return () => clearTimeout(timer)
    },
  }
}
