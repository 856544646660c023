import { and, asc, eq, inArray, isNotNull, isNull, lt, lte, max, min, or, sql } from 'drizzle-orm'
import type { Tx } from '../db/executor.ts'
import { claimingRows } from '../db/lock-rows.ts'
import { db } from '../db/open.ts'
import { afterCommit, write, writeLocking } from '../db/write.ts'
import { now } from '../lib/clock.ts'
import { newId } from '../lib/id.ts'
import { cut } from '../lib/text.ts'
import { record } from '../live/bus.ts'
import { outbox } from './schema.ts'

declare module '../live/bus.ts' {
  interface Events {
    /** A reaction was given up: nobody tries it again but by hand. */
    'job.dead': { job: string; id: string; error: string }
    /** Something is to be done, was done, or was tried in vain. */
    'job.moved': { job: string }
  }
}

export type OutboxRow = typeof outbox.$inferSelect

/** Longest time between the event and the last try; then the row is dead and waits for a person. */
export const giveUpAfterMs = 72 * 3600_000
/** How long a try may take before another may begin. */
export const leaseMs = 60_000
const keepDoneMs = 7 * 24 * 3600_000
const slowestRetryMs = 3600_000

let wake: () => void = () => undefined

/** Has the worker look again, once this write is on disk. */
export const wakeAfter = (tx: Tx): void => afterCommit(tx, () => wake())

/** Who is to be woken when a row is due. */
export function onEnqueued(listener: () => void): void {
  wake = listener
}

/** `afterMs`: not before so long from now. `lane` and `place`: after whatever of the same lane has a smaller place. */
export type When = { afterMs?: number; lane?: string; place?: number }

/**
 * Adds a reaction to this transaction. `key` names what it reacts to: the same job and key are kept once.
 */
export async function enqueue(
  tx: Tx,
  job: string,
  payload: unknown,
  key?: string,
  { afterMs = 0, lane, place = 0 }: When = {},
): Promise<void> {
  const at = now()
  const dueAt = Math.max(at + afterMs, lane === undefined ? 0 : await lastDueIn(tx, lane))
  const row = { id: newId(), job, key: key ?? null, payload, createdAt: at, dueAt }
  await tx
    .insert(outbox)
    .values(lane === undefined ? row : { ...row, lane, place })
    .onConflictDoNothing()
  afterCommit(tx, () => wake())
  await record(tx, 'job.moved', { job })
}

/** What was given with a reaction that is not done, as this transaction sees it; null: there is none of this key. */
export async function awaited<P>(tx: Tx, job: string, key: string): Promise<P | null> {
  const [row] = await tx
    .select({ payload: outbox.payload })
    .from(outbox)
    .where(and(eq(outbox.job, job), eq(outbox.key, key), waiting))
  return (row?.payload ?? null) as P | null
}

// Nobody in a lane is due before whoever stands in front, or all behind one that fails would be looked at in vain.
async function lastDueIn(tx: Tx, lane: string): Promise<number> {
  const [last] = await tx
    .select({ dueAt: max(outbox.dueAt) })
    .from(outbox)
    .where(and(eq(outbox.lane, lane), waiting))
  return last?.dueAt ?? 0
}

const waiting = and(isNull(outbox.doneAt), isNull(outbox.deadAt))
// By their names in the store: the builder would take both tables for one.
const firstOfLane = sql`(outbox.lane is null or not exists (select 1 from outbox before where before.lane = outbox.lane
  and before.done_at is null and before.dead_at is null and before.place < outbox.place))`
const notLeased = (at: number) => or(isNull(outbox.leasedUntil), lt(outbox.leasedUntil, at))

/** Leases up to `limit` rows that are due, so that nobody else tries them for `leaseMs`. */
export async function claim(limit: number): Promise<OutboxRow[]> {
  const at = now()
  const due = and(waiting, lte(outbox.dueAt, at), notLeased(at), firstOfLane)
  const [any] = await db.select({ id: outbox.id }).from(outbox).where(due).limit(1)
  if (!any) return []
  return writeLocking(async (tx) => {
    const rows = await claimingRows(
      tx.select({ id: outbox.id }).from(outbox).where(due).orderBy(asc(outbox.dueAt)).limit(limit),
    )
    const ids = rows.map((row) => row.id)
    return tx
      .update(outbox)
      .set({ leasedUntil: at + leaseMs })
      .where(inArray(outbox.id, ids))
      .returning()
  })
}

/** Frees what a process that died had leased. Only who holds the data folder alone may call it. */
export async function releaseLeases(): Promise<void> {
  const [leased] = await db.select({ id: outbox.id }).from(outbox).where(isNotNull(outbox.leasedUntil)).limit(1)
  if (leased) await write((tx) => tx.update(outbox).set({ leasedUntil: null }).where(isNotNull(outbox.leasedUntil)))
}

export async function markDone(row: OutboxRow): Promise<void> {
  await writeLocking(async (tx) => {
    await tx
      .update(outbox)
      .set({ doneAt: now(), leasedUntil: null, attempts: row.attempts + 1 })
      .where(eq(outbox.id, row.id))
    await record(tx, 'job.moved', row)
  })
}

/**
 * Puts the row back for later, or declares it dead once `giveUpAfterMs` have passed since it was written, or at once with
 * `hopeless`: then `job.dead` is told.
 */
export async function markFailed(row: OutboxRow, error: string, hopeless = false): Promise<void> {
  const at = now()
  const attempts = row.attempts + 1
  const deadAt = hopeless || at - row.createdAt > giveUpAfterMs ? at : null
  const dueAt = at + retryDelayMs(attempts)
  const lastError = cut(error.replaceAll('\0', '').toWellFormed(), 500)
  await writeLocking(async (tx) => {
    await tx.update(outbox).set({ attempts, deadAt, dueAt, leasedUntil: null, lastError }).where(eq(outbox.id, row.id))
    await record(tx, 'job.moved', row)
    if (deadAt === null) await holdBack(tx, row, dueAt)
    else await record(tx, 'job.dead', { job: row.job, id: row.id, error: lastError })
  })
}

/** Puts a row that has nothing to do yet back until `dueAt`. That is no failed try. */
export async function putOff(row: OutboxRow, dueAt: number): Promise<void> {
  await writeLocking(async (tx) => {
    await tx.update(outbox).set({ dueAt, leasedUntil: null }).where(eq(outbox.id, row.id))
    await holdBack(tx, row, dueAt)
  })
}

async function holdBack(tx: Tx, { lane }: OutboxRow, dueAt: number): Promise<void> {
  if (lane === null) return
  await tx
    .update(outbox)
    .set({ dueAt })
    .where(and(eq(outbox.lane, lane), waiting, lt(outbox.dueAt, dueAt)))
}

/** Exponential backoff from one second to an hour, with half of it left to chance so that failures spread. */
export function retryDelayMs(attempts: number): number {
  const whole = Math.min(slowestRetryMs, 1000 * 2 ** Math.min(attempts - 1, 20))
  return Math.round(whole / 2 + (Math.random() * whole) / 2)
}

/** When the next row may be tried, in UTC milliseconds; null when nothing waits. */
export async function nextDueAt(): Promise<number | null> {
  const [row] = await db
    .select({ dueAt: min(outbox.dueAt) })
    .from(outbox)
    .where(waiting)
  return row?.dueAt ?? null
}

/** Age of the oldest row that is overdue, in milliseconds; 0 when nothing is. */
export async function oldestDueAgeMs(): Promise<number> {
  const [row] = await db
    .select({ dueAt: min(outbox.dueAt) })
    .from(outbox)
    .where(waiting)
  return row?.dueAt == null ? 0 : Math.max(0, now() - row.dueAt)
}

/** Removes rows that were done long ago. */
export async function forgetDone(): Promise<void> {
  const before = now() - keepDoneMs
  await write((tx) => tx.delete(outbox).where(and(isNotNull(outbox.doneAt), lt(outbox.doneAt, before))))
}
