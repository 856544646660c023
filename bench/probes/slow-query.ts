import { sql } from 'drizzle-orm'
import type { SlowRead } from '../../src/platform/db/slow-reads.ts'

/** A read that takes its time and holds its snapshot of the messages meanwhile, as a large report would. */
export const slowQuery: SlowRead<number, number> = {
  name: 'bench.slow-query',
  run(db, rows) {
    const found: { total: number }[] = db.all(
      sql`WITH RECURSIVE n (i) AS (SELECT count(*) * 0 + 1 FROM messages UNION ALL SELECT i + 1 FROM n WHERE i < ${rows})
        SELECT count(*) AS total FROM n`,
    )
    return found[0]?.total ?? 0
  },
}
