import type { Tx } from '../../platform/db/executor.ts'
import { insertAll } from '../../platform/db/insert-all.ts'
import { type ContainerMovement, containerMovements } from './schema.ts'

/** Adds many movements at once, as they are. */
export const importMovements = (tx: Tx, rows: ContainerMovement[]): Promise<void> =>
  insertAll(tx, containerMovements, rows)
