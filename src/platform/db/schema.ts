import { count, table, time } from './columns.ts'

/** One row, rewritten by the write probe: proof that a commit reaches the disk. */
export const probes = table('store_probes', {
  id: count().primaryKey(),
  at: time().notNull(),
})
