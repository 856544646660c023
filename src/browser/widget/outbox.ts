import type { Pending } from './protocol.ts'
import { inOrder } from './vault.ts'

export type Waiting = Pending & {
  /** false: in this page's memory only; absent: the loader has not answered yet, and nothing is sent before it has */
  kept?: boolean
  /** acknowledged; shown until its entry arrives */
  seq?: number
}

/** The messages of this visitor that are not in the log yet, in the order in which they were written. */
export class Outbox {
  items: Waiting[] = []

  readonly #gone: (clientId: string) => void

  /** `gone` hears of each message that waits no longer, so that it is forgotten wherever else it is kept. */
  constructor(gone: (clientId: string) => void = () => {}) {
    this.#gone = gone
  }

  put(item: Waiting) {
    const at = this.items.findIndex((other) => other.clientId === item.clientId)
    if (at < 0) this.items.push(item)
    else this.items[at] = { ...this.items[at], ...item, failed: item.failed }
    this.items.sort(inOrder)
  }

  find = (clientId: string) => this.items.find((item) => item.clientId === clientId)

  /** The one to send now, of those that may be sent. One that was refused for good does not hold the others back. */
  next = (may: (item: Waiting) => boolean = () => true) =>
    this.items.find((item) => !item.failed && item.seq === undefined && item.kept !== undefined && may(item))

  drop(clientId: string) {
    if (!this.find(clientId)) return
    this.#gone(clientId)
    this.items = this.items.filter((item) => item.clientId !== clientId)
  }
}
