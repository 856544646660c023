import { refuse } from '../lib/refuse.ts'
import type { Tx } from './executor.ts'
import { refusalOf, storeState } from './state.ts'

/** Moments at which a test may stop the process: where a crash would hurt most. */
export type StoreHooks = { beforeCommit?(): void; afterCommit?(): void; beforeAck?(): void }

export type Body = (tx: Tx) => Promise<unknown>
export type Asked = {
  /** The body locks what it decides by (`lockingRows`), so that it needs no stricter isolation. Nothing to SQLite. */
  locks: boolean
  /** Those with the same key run one after another, in the order asked. On SQLite all do. */
  turn: string | null
  /** Also tried while the store is known to be full or failing. */
  evenWhenFull: boolean
}

/** Who runs the bodies, one for each open store. */
export type Writer = {
  run(body: Body, asked: Asked): Promise<unknown>
  /** The reactions of the body that runs in `tx`; null when there is none. */
  reactionsOf(tx: Tx): (() => void)[] | null
  /** Lets what was asked for finish and gives the store back to be closed. */
  stop(): Promise<void>
}

let writer: Writer | null = null
let closing = false

/** Makes this the one writer of the process. */
export function useWriter(started: Writer): void {
  writer = started
  closing = false
}

/** Lets what was asked for finish; refuses the rest with `stopping`. */
export async function stopWriter(): Promise<void> {
  closing = true
  await writer?.stop()
  writer = null
}

/**
 * The only way to change anything. Runs the body in a transaction and settles once it is on disk (COMMIT with fsync). On
 * SQLite bodies run one after another in the single writer, those of one turn of the event loop in one transaction; on
 * PostgreSQL each has its own, and the outcome is as if they had run one after another.
 *
 * The body uses `tx` alone, awaits nothing but queries on it, and may run again: it must have no effect outside `tx`
 * other than through `afterCommit`. What it throws rolls back its own changes and rejects here.
 *
 * Refuses `storage_full`, `storage_failed`, `storage_damaged` and `stopping`; all of them are worth retrying.
 */
export function write<T>(body: (tx: Tx) => Promise<T>): Promise<T> {
  return ask(body, { locks: false, turn: null, evenWhenFull: false })
}

/**
 * As `write`, for the paths that everybody uses at once: the body locks each row that it decides by before it decides
 * (`lockingRows`), or leaves the decision to a unique index, so that PostgreSQL need not watch all that it reads. Bodies
 * with the same `turn` are kept in the order in which they were asked for.
 */
export function writeLocking<T>(body: (tx: Tx) => Promise<T>, turn: string | null = null): Promise<T> {
  return ask(body, { locks: true, turn, evenWhenFull: false })
}

/** As `write`, and also tried while the store is known to be full or failing: how it is found out that it works again. */
export function writeToProbe<T>(body: (tx: Tx) => Promise<T>): Promise<T> {
  return ask(body, { locks: true, turn: null, evenWhenFull: true })
}

/** Calls `reaction` once the body that runs in `tx` is on disk and acknowledged; never if it is rolled back. */
export function afterCommit(tx: Tx, reaction: () => void): void {
  const reactions = writer?.reactionsOf(tx)
  if (!reactions) throw new Error('afterCommit outside of a write body')
  reactions.push(reaction)
}

function ask<T>(body: (tx: Tx) => Promise<T>, asked: Asked): Promise<T> {
  if (!writer || closing) return Promise.reject(refuse('stopping', { retryAfterMs: 1000 }))
  const { mode } = storeState()
  if (mode !== 'ok' && !asked.evenWhenFull) return Promise.reject(refusalOf(mode))
  return writer.run(body, asked) as Promise<T>
}
