import type { Outside, Wire } from './outside.ts'
import type { ServerFrame } from './protocol.ts'

// A ping that nothing answered before the next one is due means a dead peer: silence is noticed within 40 s.
const pingEveryMs = 20_000
const welcomeWithinMs = 10_000

/** One WebSocket from opening to end. It notices a peer that has gone silent, and ends exactly once. */
export class SocketLink {
  readonly #outside: Outside
  readonly #wire: Wire
  readonly #onEnd: () => void
  #heardAt: number
  #timer: () => void
  #ended = false

  constructor(outside: Outside, hello: object, onFrame: (frame: ServerFrame) => void, onEnd: () => void) {
    this.#outside = outside
    this.#onEnd = onEnd
    this.#heardAt = outside.now()
    this.#wire = outside.openSocket()
    this.#wire.onopen = () => this.send(hello)
    this.#wire.onclose = () => this.end()
    this.#wire.onmessage = ({ data }) => {
      if (this.#ended) return
      this.#heardAt = outside.now()
      const frame = parseFrame(data)
      if (frame?.type === 'welcome') this.#beat()
      if (frame) onFrame(frame)
    }
    this.#timer = outside.after(welcomeWithinMs, () => this.end())
  }

  send(frame: object) {
    if (this.#ended) return
    try {
      this.#wire.send(JSON.stringify(frame))
    } catch {
      this.end()
    }
  }

  /** Asks for a sign of life; without one within `ms` the link ends. */
  probe(ms: number) {
    const asked = this.#outside.now()
    this.send({ type: 'ping' })
    this.#outside.after(ms, () => {
      if (this.#heardAt < asked) this.end()
    })
  }

  /** Ends the link and says so; a wire that is dead may take minutes to notice its own end. */
  end() {
    if (this.#ended) return
    this.#ended = true
    this.#timer()
    this.#wire.onopen = this.#wire.onmessage = this.#wire.onclose = null
    this.#wire.close()
    this.#onEnd()
  }

  #beat(pingedAt = 0) {
    this.#timer()
    this.#timer = this.#outside.after(pingEveryMs, () => {
      if (this.#heardAt < pingedAt) return this.end()
      this.send({ type: 'ping' })
      this.#beat(this.#outside.now())
    })
  }
}

function parseFrame(data: unknown): ServerFrame | null {
  try {
    const frame: unknown = typeof data === 'string' ? JSON.parse(data) : null
    return typeof frame === 'object' && frame !== null && 'type' in frame ? (frame as ServerFrame) : null
  } catch {
    return null
  }
}
