import { eq } from 'drizzle-orm'
import type { Tx } from '../../platform/db/executor.ts'
import { lockingRows } from '../../platform/db/lock-rows.ts'
import { now } from '../../platform/lib/clock.ts'
import { newId } from '../../platform/lib/id.ts'
import { foldNumber } from './fold-number.ts'
import type { OrderChange } from './read-order.ts'
import { type OrderRow, orders } from './schema.ts'

export type NewOrder = OrderChange &
  Pick<OrderRow, 'contactId' | 'number' | 'placedAt' | 'currency' | 'sumMinor' | 'status'>
export type OrderValues = OrderChange & Partial<Pick<OrderRow, 'contactId' | 'addressId' | 'removedAt'>>

/** An order for a change, by our id or the shop's own name for it, also one that is gone; null when there is none. */
export async function orderToChange(tx: Tx, by: { externalId: string } | { id: string }): Promise<OrderRow | null> {
  const which = 'id' in by ? eq(orders.id, by.id) : eq(orders.externalId, by.externalId)
  const [order] = await lockingRows(tx.select().from(orders).where(which))
  return order ?? null
}

/** Adds an order of a contact who was locked, as part of another change. */
export async function keepOrder(
  tx: Tx,
  told: NewOrder & { externalId?: string | null; addressId?: string | null },
): Promise<OrderRow> {
  const at = now()
  const order: OrderRow = {
    ...{ id: newId(), externalId: null, addressId: null, statusColour: 'grey', lines: [], note: null, ...told },
    ...{ numberFolded: foldNumber(told.number), createdAt: at, changedAt: at, removedAt: null },
  }
  await tx.insert(orders).values(order)
  return order
}

/** Changes an order that was read for that. What is as wanted stays; `changed` says whether anything was not. */
export async function changeOrder(
  tx: Tx,
  before: OrderRow,
  change: OrderValues,
): Promise<{ order: OrderRow; changed: boolean }> {
  const after: OrderRow = { ...before, ...change }
  if (Bun.deepEquals(after, before)) return { order: before, changed: false }
  const values = {
    ...change,
    numberFolded: foldNumber(after.number),
    changedAt: Math.max(now(), before.changedAt + 1),
  }
  await tx.update(orders).set(values).where(eq(orders.id, before.id))
  return { order: { ...after, ...values }, changed: true }
}
