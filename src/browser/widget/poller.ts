import { backoffMs } from './backoff.ts'
import type { Outside } from './outside.ts'

const firstMs = 3_000
const mostMs = 30_000

/** Asks over HTTP while the socket fails: every 3 s, slowing to 30 s while nothing comes. */
export class Poller {
  /** whether the last question was answered */
  answered = false

  readonly #outside: Outside
  readonly #ask: () => Promise<'news' | 'nothing' | 'no answer'>
  readonly #asked: () => void
  #waitMs = firstMs
  #failures = 0
  #cancel = () => {}
  #stopped = false

  constructor(outside: Outside, ask: () => Promise<'news' | 'nothing' | 'no answer'>, asked: () => void) {
    this.#outside = outside
    this.#ask = ask
    this.#asked = asked
    this.soon()
  }

  /** Asks at once, and often again from here on: something is going on. */
  soon() {
    this.#waitMs = firstMs
    this.#in(0)
  }

  stop() {
    this.#stopped = true
    this.#cancel()
  }

  #in(ms: number) {
    this.#cancel()
    this.#cancel = this.#outside.after(ms, () => void this.#round())
  }

  async #round() {
    const answer = await this.#ask()
    if (this.#stopped) return
    this.answered = answer !== 'no answer'
    if (this.answered) this.#failures = 0
    this.#waitMs = answer === 'news' ? firstMs : Math.min(mostMs, this.#waitMs * 1.2)
    this.#in(this.answered ? this.#waitMs : backoffMs(this.#failures++, this.#outside.random(), firstMs, 15_000))
    this.#asked()
  }
}
