import { sql } from 'drizzle-orm'
import { count, id, index, json, table, text, time, uniqueIndex } from '../db/columns.ts'

/**
 * What has to happen outside, written in the transaction that caused it. `id` is stable over all tries, so that a
 * receiver can drop repeats; `key` makes one row of one reaction. Done rows are kept for a while, dead ones until seen to.
 * Rows of one `lane` are done one after another in the order of their `place`, whatever becomes of the others.
 */
export const outbox = table(
  'outbox',
  {
    id: id().primaryKey(),
    job: text().notNull(),
    key: text(),
    payload: json<unknown>().notNull(),
    createdAt: time().notNull(),
    dueAt: time().notNull(),
    leasedUntil: time(),
    attempts: count().notNull().default(0),
    lastError: text(),
    doneAt: time(),
    deadAt: time(),
    lane: text(),
    place: count(),
  },
  (row) => [
    uniqueIndex('outbox_one_per_reaction').on(row.job, row.key),
    index('outbox_due').on(row.doneAt, row.deadAt, row.dueAt),
    index('outbox_lane').on(row.lane, row.place).where(sql`lane is not null and done_at is null`),
  ],
)
