import { sql } from 'drizzle-orm'
import type { SlowRead } from './slow-reads.ts'
import { modeOf } from './state.ts'

/** What SQLite finds wrong in the file: an empty list when it is sound. */
export const quickCheck: SlowRead<null, string[]> = {
  name: 'store.quick-check',
  run(db) {
    try {
      const rows: { quick_check: string }[] = db.all(sql`PRAGMA quick_check(20)`)
      return rows.map((row) => row.quick_check).filter((line) => line !== 'ok')
    } catch (error) {
      // Where the damage is in the schema itself, the check cannot even begin.
      if (modeOf(error) === 'damaged') return [String(error)]
      throw error
    }
  },
}
