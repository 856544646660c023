import { and, count, desc, gt, inArray, isNotNull, isNull, sql } from 'drizzle-orm'
import { db } from '../db/open.ts'
import type { OutboxRow } from './outbox.ts'
import { outbox } from './schema.ts'

/** How a reaction that is not done stands: not tried yet, failed and to be tried again, given up. */
export const undoneStates = ['waiting', 'failed', 'dead'] as const
export type UndoneState = (typeof undoneStates)[number]
export type UndoneCursor = { at: number; id: string }

const conditions = {
  waiting: sql`${outbox.deadAt} is null and ${outbox.attempts} = 0`,
  failed: and(isNull(outbox.deadAt), gt(outbox.attempts, 0)),
  dead: isNotNull(outbox.deadAt),
}

export const stateOf = ({ deadAt, attempts }: OutboxRow): UndoneState =>
  deadAt !== null ? 'dead' : attempts > 0 ? 'failed' : 'waiting'

/** What of these jobs is not done, the newest first, from past `before` on. */
export async function listUndone(
  jobs: string[],
  { state, before, limit }: { state: UndoneState | null; before: UndoneCursor | null; limit: number },
): Promise<OutboxRow[]> {
  const { createdAt, id } = outbox
  const past = before ? sql`(${createdAt}, ${id}) < (${before.at}, ${before.id})` : undefined
  return db
    .select()
    .from(outbox)
    .where(and(isNull(outbox.doneAt), inArray(outbox.job, jobs), state ? conditions[state] : undefined, past))
    .orderBy(desc(createdAt), desc(id))
    .limit(limit)
}

/** How many of these jobs stand how. */
export async function countUndone(jobs: string[]): Promise<Record<UndoneState, number>> {
  const counts = await Promise.all(
    undoneStates.map(async (state) => {
      const [row] = await db
        .select({ rows: count() })
        .from(outbox)
        .where(and(isNull(outbox.doneAt), inArray(outbox.job, jobs), conditions[state]))
      return [state, row?.rows ?? 0] as const
    }),
  )
  return Object.fromEntries(counts) as Record<UndoneState, number>
}
