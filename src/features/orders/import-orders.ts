import type { Tx } from '../../platform/db/executor.ts'
import { insertAll } from '../../platform/db/insert-all.ts'
import { foldNumber } from './fold-number.ts'
import { type OrderRow, orders } from './schema.ts'

/** Adds many orders at once, as they are: whoever brings them in says in which zone their people live, too. */
export const importOrders = (tx: Tx, rows: Omit<OrderRow, 'numberFolded'>[]): Promise<void> =>
  insertAll(
    tx,
    orders,
    rows.map((row) => ({ ...row, numberFolded: foldNumber(row.number) })),
  )
