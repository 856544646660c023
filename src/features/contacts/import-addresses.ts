import type { Tx } from '../../platform/db/executor.ts'
import { insertAll } from '../../platform/db/insert-all.ts'
import { type AddressRow, contactAddresses } from './schema.ts'

/** Adds many addresses at once, as they are: whoever brings them in says in which zone their people live, too. */
export const importAddresses = (tx: Tx, rows: AddressRow[]): Promise<void> => insertAll(tx, contactAddresses, rows)
