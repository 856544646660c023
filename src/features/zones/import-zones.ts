import type { Tx } from '../../platform/db/executor.ts'
import { insertAll } from '../../platform/db/insert-all.ts'
import { type ZoneRow, zones } from './schema.ts'

/** Adds zones at once, as they are. */
export const importZones = (tx: Tx, rows: ZoneRow[]): Promise<void> => insertAll(tx, zones, rows)
