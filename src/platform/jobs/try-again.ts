import { and, eq, gt, inArray, isNotNull, isNull, lte } from 'drizzle-orm'
import type { Tx } from '../db/executor.ts'
import { write } from '../db/write.ts'
import { now } from '../lib/clock.ts'
import { record } from '../live/bus.ts'
import { wakeAfter } from './outbox.ts'
import { outbox } from './schema.ts'

const undone = isNull(outbox.doneAt)

/**
 * Has reactions of these jobs tried at once that failed before; with `dead` those too that were given up, for another 72
 * hours from now. Who is being tried goes on.
 */
export async function tryAgainInside(tx: Tx, { jobs, dead }: { jobs: string[]; dead: boolean }): Promise<void> {
  const at = now()
  const ofJobs = and(undone, inArray(outbox.job, jobs), isNull(outbox.leasedUntil))
  await tx
    .update(outbox)
    .set({ dueAt: at })
    .where(and(ofJobs, isNull(outbox.deadAt), gt(outbox.attempts, 0)))
  // Nobody of a lane is left behind one who is due again.
  await tx
    .update(outbox)
    .set({ dueAt: at })
    .where(and(ofJobs, isNull(outbox.deadAt), isNotNull(outbox.lane)))
  if (dead)
    await tx
      .update(outbox)
      .set({ dueAt: at, createdAt: at, deadAt: null })
      .where(and(ofJobs, isNotNull(outbox.deadAt)))
  for (const job of jobs) await record(tx, 'job.moved', { job })
  wakeAfter(tx)
}

/** The same for all of these jobs, dead ones too. */
export const tryAllAgain = (jobs: string[]): Promise<void> => write((tx) => tryAgainInside(tx, { jobs, dead: true }))

/** The same for one of these jobs, and whoever stands before it in its lane. False when there is no such one. */
export async function tryAgain(jobs: string[], id: string): Promise<boolean> {
  return write(async (tx) => {
    const at = now()
    const [row] = await tx
      .select()
      .from(outbox)
      .where(and(eq(outbox.id, id), undone, inArray(outbox.job, jobs)))
    if (!row) return false
    const again = row.deadAt === null ? { dueAt: at } : { dueAt: at, createdAt: at, deadAt: null }
    await tx.update(outbox).set(again).where(eq(outbox.id, id))
    if (row.lane !== null)
      await tx
        .update(outbox)
        .set({ dueAt: at })
        .where(and(eq(outbox.lane, row.lane), undone, isNull(outbox.deadAt), lte(outbox.place, row.place ?? 0)))
    await record(tx, 'job.moved', row)
    wakeAfter(tx)
    return true
  })
}
