import { and, asc, desc, eq, gte, inArray, isNull, lt, sql } from 'drizzle-orm'
import type { Executor } from '../../platform/db/executor.ts'
import { db } from '../../platform/db/open.ts'
import { type AddressRow, findAddress, mainAddressOf } from '../contacts/index.ts'
import { foldNumber } from './fold-number.ts'
import { type OrderRow, orders } from './schema.ts'

const last = '\u{10ffff}'

/** A place in a history: past this order. */
export type OrderCursor = { at: number; id: string }

/** A contact's orders, the newest first, from past `before` on. */
export async function ordersOf(
  contactId: string,
  before: OrderCursor | null,
  limit: number,
  executor: Executor = db,
): Promise<OrderRow[]> {
  const { placedAt, id } = orders
  const past = before ? sql`(${placedAt}, ${id}) < (${before.at}, ${before.id})` : undefined
  return executor
    .select()
    .from(orders)
    .where(and(eq(orders.contactId, contactId), isNull(orders.removedAt), past))
    .orderBy(desc(placedAt), desc(id))
    .limit(limit)
}

/** The newest order of a contact; null when they have none. */
export const lastOrderOf = async (contactId: string, executor: Executor = db): Promise<OrderRow | null> =>
  (await ordersOf(contactId, null, 1, executor))[0] ?? null

/** The newest orders of these contacts, by contact. */
export async function lastOrdersOf(contactIds: string[]): Promise<Map<string, OrderRow>> {
  const found = await Promise.all(contactIds.map(async (id) => [id, await lastOrderOf(id)] as const))
  return new Map(found.filter((one): one is [string, OrderRow] => one[1] !== null))
}

/** Who has an order whose number begins so, by the number: at most `limit` of them. */
export async function contactsWithOrder(number: string, limit: number): Promise<string[]> {
  const beginning = foldNumber(number)
  if (beginning === '') return []
  const found = await db
    .select({ contactId: orders.contactId })
    .from(orders)
    .where(
      and(gte(orders.numberFolded, beginning), lt(orders.numberFolded, beginning + last), isNull(orders.removedAt)),
    )
    .orderBy(asc(orders.numberFolded), asc(orders.id))
    .limit(limit * 4)
  return [...new Set(found.map(({ contactId }) => contactId))].slice(0, limit)
}

/** Where a contact is delivered to: the address of their last order that is still theirs, else their main one. */
export async function addressOf(contactId: string, executor: Executor = db): Promise<AddressRow | null> {
  const order = await lastOrderOf(contactId, executor)
  const there = order?.addressId ? await findAddress(order.addressId, executor) : null
  return there ?? (await mainAddressOf(contactId, executor))
}

/** Orders by their ids, for what refers to them. */
export async function ordersById(ids: string[]): Promise<Map<string, OrderRow>> {
  if (ids.length === 0) return new Map()
  const found = await db.select().from(orders).where(inArray(orders.id, ids))
  return new Map(found.map((order) => [order.id, order]))
}
