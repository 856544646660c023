/**
 * What time it is for the server, whatever the visitor's device shows. Everything that comes was written before it came:
 * so its time is one that has passed, and the latest known is the closest.
 */
export class ServerClock {
  readonly #deviceNow: () => number
  #aheadMs: number | null = null

  constructor(deviceNow: () => number) {
    this.#deviceNow = deviceNow
  }

  now = () => this.#deviceNow() + (this.#aheadMs ?? 0)

  /** It is `at` now: what the server says of itself, without much delay. */
  set(at: number) {
    this.#aheadMs = at - this.#deviceNow()
  }

  /** It was `at` at some time before now. */
  heard(at: number) {
    this.#aheadMs = Math.max(this.#aheadMs ?? 0, at - this.#deviceNow())
  }
}
