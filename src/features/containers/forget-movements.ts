import { eq, inArray } from 'drizzle-orm'
import type { Tx } from '../../platform/db/executor.ts'
import { orders } from '../orders/index.ts'
import { containerMovements } from './schema.ts'

/** Deletes all movements of a contact who is forgotten; those of others that came with one of their orders no longer name it. */
export async function forgetMovements(tx: Tx, contactId: string): Promise<void> {
  await tx.delete(containerMovements).where(eq(containerMovements.contactId, contactId))
  const theirs = tx.select({ id: orders.id }).from(orders).where(eq(orders.contactId, contactId))
  await tx.update(containerMovements).set({ orderId: null }).where(inArray(containerMovements.orderId, theirs))
}
