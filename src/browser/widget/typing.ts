import type { Outside } from './outside.ts'

const everyMs = 300

/** Passes on what the visitor types, at most every 300 ms; the last state always goes out. */
export class Typing {
  readonly #outside: Outside
  readonly #say: (text: string) => void
  #text = ''
  #cancel: (() => void) | null = null

  constructor(outside: Outside, say: (text: string) => void) {
    this.#outside = outside
    this.#say = say
  }

  typed(text: string) {
    if (text === this.#text) return
    this.#text = text
    this.#cancel ??= this.#outside.after(everyMs, () => {
      this.#cancel = null
      this.#say(this.#text)
    })
  }

  /** The text has become a message, or is gone: the preview ends with it, at once. */
  stop() {
    this.#cancel?.()
    this.#cancel = null
    if (this.#text === '') return
    this.#text = ''
    this.#say('')
  }
}
