import { and, asc, eq, inArray, isNotNull, isNull, lt, lte, min, or } from 'drizzle-orm'
import type { Tx } from '../db/executor.ts'
import { claimingRows } from '../db/lock-rows.ts'
import { db } from '../db/open.ts'
import { afterCommit, write, writeLocking } from '../db/write.ts'
import { now } from '../lib/clock.ts'
import { newId } from '../lib/id.ts'
import { cut } from '../lib/text.ts'
import { outbox } from './schema.ts'

export type OutboxRow = typeof outbox.$inferSelect

/** Longest time between the event and the last try; then the row is dead and waits for a person. */
export const giveUpAfterMs = 72 * 3600_000
/** How long a try may take before another may begin. */
export const leaseMs = 60_000
const keepDoneMs = 7 * 24 * 3600_000
const slowestRetryMs = 3600_000

let wake: () => void = () => undefined

/** Who is to be woken when a row is due. */
export function onEnqueued(listener: () => void): void {
  wake = listener
}

/**
 * Adds a reaction to this transaction. `key` names what it reacts to: the same job and key are kept once.
 */
export async function enqueue(tx: Tx, job: string, payload: unknown, key?: string): Promise<void> {
  const at = now()
  const row = { id: newId(), job, key: key ?? null, payload, createdAt: at, dueAt: at }
  await tx.insert(outbox).values(row).onConflictDoNothing()
  afterCommit(tx, () => wake())
}

const waiting = and(isNull(outbox.doneAt), isNull(outbox.deadAt))
const notLeased = (at: number) => or(isNull(outbox.leasedUntil), lt(outbox.leasedUntil, at))

/** Leases up to `limit` rows that are due, so that nobody else tries them for `leaseMs`. */
export async function claim(limit: number): Promise<OutboxRow[]> {
  const at = now()
  const due = and(waiting, lte(outbox.dueAt, at), notLeased(at))
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
  await writeLocking((tx) =>
    tx
      .update(outbox)
      .set({ doneAt: now(), leasedUntil: null, attempts: row.attempts + 1 })
      .where(eq(outbox.id, row.id)),
  )
}

/** Puts the row back for later, or declares it dead once `giveUpAfterMs` have passed since it was written. */
export async function markFailed(row: OutboxRow, error: string): Promise<void> {
  const at = now()
  const attempts = row.attempts + 1
  const deadAt = at - row.createdAt > giveUpAfterMs ? at : null
  const dueAt = at + retryDelayMs(attempts)
  await writeLocking((tx) =>
    tx
      .update(outbox)
      .set({
        attempts,
        deadAt,
        dueAt,
        leasedUntil: null,
        lastError: cut(error.replaceAll('\0', '').toWellFormed(), 500),
      })
      .where(eq(outbox.id, row.id)),
  )
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
