const stealAfterMs = 5_000

/**
 * Of all tabs of a shop, the one whose turn it is drains the queue. A tab that is looked at does not wait for long for
 * one in the background, whose timers the browser has slowed down. Without Web Locks (plain http) every tab has its turn:
 * what is sent twice, the server keeps once.
 */
export class Turn {
  readonly #locks: LockManager | undefined
  readonly #name: string
  readonly #document: Pick<Document, 'visibilityState'>
  readonly #granted: (granted: boolean) => void
  #giveBack: (() => void) | null = null
  #waiting: AbortController | null = null

  constructor(
    locks: LockManager | undefined,
    name: string,
    document: Pick<Document, 'visibilityState'>,
    granted: (granted: boolean) => void,
  ) {
    this.#locks = locks
    this.#name = name
    this.#document = document
    this.#granted = granted
  }

  ask() {
    if (!this.#locks) return this.#granted(true)
    if (this.#giveBack || this.#waiting) return
    const waiting = new AbortController()
    this.#waiting = waiting
    this.#request({ signal: waiting.signal })
    setTimeout(() => this.#steal(waiting), stealAfterMs)
  }

  end() {
    this.#waiting?.abort()
    this.#waiting = null
    this.#giveBack?.()
    this.#giveBack = null
  }

  #steal(waiting: AbortController) {
    if (this.#waiting !== waiting) return
    if (this.#document.visibilityState !== 'visible') return void setTimeout(() => this.#steal(waiting), stealAfterMs)
    waiting.abort()
    this.#request({ steal: true })
  }

  #request(options: LockOptions) {
    let mine: (() => void) | null = null
    const held = () =>
      new Promise<void>((release) => {
        mine = this.#giveBack = release
        this.#waiting = null
        this.#granted(true)
      })
    this.#locks?.request(this.#name, options, held).catch((error: unknown) => {
      if (mine && mine === this.#giveBack) {
        // another tab has taken the turn over
        this.#giveBack = null
        this.#granted(false)
      } else if (!mine && !(error instanceof Error && error.name === 'AbortError')) {
        // a sandboxed page has the locks but may not use them
        this.#waiting = null
        this.#granted(true)
      }
    })
  }
}
