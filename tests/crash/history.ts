import { appendFileSync } from 'node:fs'
import type { FailPoint } from './server-settings.ts'

/** A sender. Two tabs of one visitor have two names and are of one. */
export type Who = { kind: 'visitor' | 'agent'; name: string; of?: string }

/** One attempt at sending one message; every attempt at the same message carries the same clientId. */
export type Invoke = {
  type: 'invoke'
  attempt: number
  who: Who
  clientId: string
  body: string
  /** Place in the sender's queue for this conversation, from 1. */
  turn: number
}
export type Ok = { type: 'ok'; attempt: number; clientId: string; conversationId: string; seq: number }
export type Refused = { type: 'refused'; attempt: number; clientId: string; code: string; retryable: boolean }
export type Unknown = { type: 'unknown'; attempt: number; clientId: string; why: string }

/** A verb that writes an event into the log of a conversation. */
export type Verb = {
  type: 'verb'
  verb: 'take' | 'finish' | 'reopen'
  agent: string
  conversationId: string
  status: number
}

export type Kill = { type: 'kill'; how: 'random' | FailPoint }
/** The chat switched on or off; `askedAt` is the number of events before it was asked for. */
export type Switch = { type: 'switch'; on: boolean; status: number; askedAt: number }
export type Ready = { type: 'ready'; tookMs: number; slowed: boolean }
export type Nemesis = { type: 'nemesis'; name: string }
/** A clean stop by SIGTERM that was asked for. */
export type Stop = { type: 'stop'; exitCode: number | null; tookMs: number }

/** What was seen while the disk was full, and after. */
export type DiskFull = {
  type: 'disk-full'
  reads: number
  readsFailed: number
  nacked: number
  readyzWhileFull: number
  readyzAfter: number
  resumed: boolean
  restarted: boolean
}

export type HistoryEvent = Invoke | Ok | Refused | Unknown | Verb | Kill | Switch | Ready | Nemesis | Stop | DiskFull

/** An entry as it came over the wire to a reader. */
export type Seen = {
  seq: number
  kind: 'text' | 'feedback' | 'event'
  author: 'visitor' | 'agent' | 'system'
  body: string
  /** `after` of a live entry; absent on items of a page. */
  after?: number
}

export type Reader = {
  name: string
  kind: 'live' | 'flapping' | 'http' | 'console'
  /** Consoles see every entry, visitors the public ones. */
  sees: 'all' | 'public'
  conversationId: string
  watermark: number
  /** In the order in which they were shown. */
  shown: Seen[]
  /** Came over the wire and was not shown: repeats, and live entries past a hole. */
  passedOver: Seen[]
}

export type SinkCopy = { id: string; conversationId: string; seq: number }

/** Keeps the history in memory and, as JSONL, in a file that survives a crash of the suite itself. */
export class History {
  readonly events: HistoryEvent[] = []
  readonly #path: string
  #unwritten = ''
  #attempts = 0

  constructor(path: string) {
    this.#path = path
  }

  invoke(event: Omit<Invoke, 'type' | 'attempt'>): number {
    const attempt = ++this.#attempts
    this.add({ type: 'invoke', attempt, ...event })
    return attempt
  }

  add(event: HistoryEvent): void {
    this.events.push(event)
    this.#unwritten += `${JSON.stringify({ atMs: Math.round(performance.now()), ...event })}\n`
    if (this.#unwritten.length > 64 * 1024) this.flush()
  }

  flush(): void {
    appendFileSync(this.#path, this.#unwritten)
    this.#unwritten = ''
  }
}

export function writeJsonLines(path: string, rows: readonly unknown[]): void {
  for (let from = 0; from < rows.length; from += 1000) {
    const lines = rows.slice(from, from + 1000).map((row) => `${JSON.stringify(row)}\n`)
    appendFileSync(path, lines.join(''))
  }
}
