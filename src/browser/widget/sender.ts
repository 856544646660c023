import { backoffMs } from './backoff.ts'
import type { Outbox, Waiting } from './outbox.ts'
import type { Outside } from './outside.ts'
import type { Ack, RefusedSend } from './protocol.ts'

type Message = Pick<Waiting, 'clientId' | 'kind' | 'body' | 'form' | 'page'>

export type Way = {
  /** null when nothing can be sent now; else how: a promise settles with the answer, or the answer comes as a frame */
  send: ((message: Message) => Promise<void> | void) | null
  /** whether a message of its kind is taken at the moment */
  takes(item: Waiting): boolean
  /** it goes on the wire for the first time */
  trying(item: Waiting): void
  acknowledged(item: Waiting | undefined, ack: Ack): void
  refused(item: Waiting): void
  /** what a refusal says of the shop; true: the message waits until it is otherwise */
  holds(code: string, item: Waiting | undefined): boolean
  /** no answer within the time that a live link needs */
  silent(): void
  /** something could be sent: is it this tab's turn? */
  ready(): void
  changed(): void
}

const ackWithinMs = 15_000

/** Drains the outbox: in order, one message at a time, for ever. */
export class Sender {
  /** why the server takes no message of ours at the moment, as a refusal's code */
  heldBack: string | null = null

  readonly #outbox: Outbox
  readonly #outside: Outside
  readonly #way: Way
  #turn = false
  #sending: string | null = null
  #refusals = 0
  #retryAt = 0
  #askedToWaitMs = 0
  #cancelRetry = () => {}
  #cancelAck = () => {}

  constructor(outbox: Outbox, outside: Outside, way: Way) {
    this.#outbox = outbox
    this.#outside = outside
    this.#way = way
  }

  /** Whether this tab is the one that drains. */
  setTurn(turn: boolean) {
    this.#turn = turn
    if (turn) this.drain()
  }

  drain() {
    const item = this.#outbox.next((one) => this.#way.takes(one))
    const send = this.#way.send
    if (!item || !send || this.#sending) return
    const waitMs = this.#retryAt - this.#outside.now()
    // A clock that was put back makes nobody wait for longer than was asked.
    if (waitMs > 0 && waitMs <= this.#askedToWaitMs) return this.#retryIn(waitMs)
    if (!this.#turn) return this.#way.ready()
    this.#sending = item.clientId
    this.#cancelAck = this.#outside.after(ackWithinMs, () => this.#way.silent())
    if (!item.tried) {
      item.tried = true
      this.#way.trying(item)
    }
    const { clientId, kind, body, form, page } = item
    void send({ clientId, body, ...(kind && { kind }), ...(form && { form }), ...(page && { page }) })
  }

  /** The way broke: what was on it goes out again under the same id. */
  interrupt() {
    this.#sending = null
    this.#cancelAck()
  }

  acknowledge(ack: Ack) {
    this.#settle(ack.clientId)
    this.#refusals = 0
    this.heldBack = null
    const item = this.#outbox.find(ack.clientId)
    if (item) item.seq = ack.seq
    this.#way.acknowledged(item, ack)
    this.#way.changed()
    this.drain()
  }

  refuse({ clientId = '', code, message, retryable, retryAfterMs, field }: RefusedSend) {
    this.#settle(clientId)
    const item = this.#outbox.find(clientId)
    // Nothing of a refused message was kept.
    if (item && !retryable) item.tried = false
    if (this.#way.holds(code, item)) {
      if (item) this.#way.refused(item)
    } else if (retryable) this.#waitFor(code, retryAfterMs)
    else if (item) {
      item.failed = { code, message, ...(field && { field }) }
      this.#way.refused(item)
    }
    this.#way.changed()
    this.drain()
  }

  #waitFor(code: string, retryAfterMs?: number) {
    this.heldBack = code
    this.#askedToWaitMs = retryAfterMs ?? backoffMs(this.#refusals++, this.#outside.random())
    this.#retryAt = this.#outside.now() + this.#askedToWaitMs
  }

  #settle(clientId: string) {
    if (this.#sending === clientId) this.interrupt()
  }

  #retryIn(ms: number) {
    this.#cancelRetry()
    this.#cancelRetry = this.#outside.after(ms, () => this.drain())
  }
}
