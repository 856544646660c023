import { eq } from 'drizzle-orm'
import type { Tx } from '../../platform/db/executor.ts'
import { orders } from './schema.ts'

/** Deletes all orders of a contact who is forgotten. */
export async function forgetOrders(tx: Tx, contactId: string): Promise<void> {
  await tx.delete(orders).where(eq(orders.contactId, contactId))
}
