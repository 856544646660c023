import { and, eq, isNull } from 'drizzle-orm'
import type { Executor } from '../../platform/db/executor.ts'
import { containerMovements } from '../containers/index.ts'
import { contacts } from '../contacts/index.ts'
import { orders } from '../orders/index.ts'
import { zones } from '../zones/index.ts'
import { contactJson, movementJson, orderJson, zoneJson } from './as-json.ts'

// What programs have told, as they are told of it; null for what there is not, or no longer.

export async function findFedZone(externalId: string, executor: Executor): Promise<object | null> {
  const [zone] = await executor
    .select()
    .from(zones)
    .where(and(eq(zones.externalId, externalId), isNull(zones.removedAt)))
  return zone ? zoneJson(zone) : null
}

export async function findFedContact(externalId: string, executor: Executor): Promise<object | null> {
  const [contact] = await executor.select().from(contacts).where(eq(contacts.externalId, externalId))
  return contact ? contactJson(contact, executor) : null
}

export async function findFedOrder(externalId: string, executor: Executor): Promise<object | null> {
  const [order] = await executor
    .select()
    .from(orders)
    .where(and(eq(orders.externalId, externalId), isNull(orders.removedAt)))
  return order ? orderJson(order, executor) : null
}

export async function findFedMovement(externalId: string, executor: Executor): Promise<object | null> {
  const [movement] = await executor
    .select()
    .from(containerMovements)
    .where(and(eq(containerMovements.externalId, externalId), isNull(containerMovements.removedAt)))
  return movement ? movementJson(movement, executor) : null
}
