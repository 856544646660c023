import type { Known } from './known.ts'
import type { Outside } from './outside.ts'
import type { Entries } from './protocol.ts'

const answerWithinMs = 10_000
// A server that cannot fill the hole is not asked in a tight loop.
const noProgressMs = 1_000

/** Asks for what is missing in the log until it is whole: one question at a time. */
export class Asking {
  readonly #known: Known
  readonly #outside: Outside
  /** puts the question; false when it cannot be put now */
  readonly #ask: (conversationId: string, since: number) => boolean
  #asked = false
  #cancel = () => {}

  constructor(known: Known, outside: Outside, ask: (conversationId: string, since: number) => boolean) {
    this.#known = known
    this.#outside = outside
    this.#ask = ask
  }

  since() {
    const { conversation, log } = this.#known
    if (this.#asked || !conversation) return
    this.expectPage()
    if (!this.#ask(conversation.id, log.watermark)) this.stop()
  }

  /** A page comes by itself: `hello` has asked for it. */
  expectPage() {
    this.#asked = true
    this.#in(answerWithinMs)
  }

  takePage(page: Entries) {
    this.stop()
    const { whole, further } = this.#known.takePage(page)
    if (whole) return
    if (further) return this.since()
    this.#in(noProgressMs)
  }

  /** The way broke: what was asked is not answered any more. */
  interrupt() {
    this.#asked = false
  }

  stop() {
    this.#asked = false
    this.#cancel()
  }

  #in(ms: number) {
    this.#cancel()
    this.#cancel = this.#outside.after(ms, () => {
      this.#asked = false
      this.since()
    })
  }
}
