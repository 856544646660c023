import { inArray } from 'drizzle-orm'
import type { Executor } from '../../platform/db/executor.ts'
import type { ContainerMovement } from '../containers/index.ts'
import { type AddressRow, addressesOf, type ContactRow, contactAddresses, contacts } from '../contacts/index.ts'
import { type OrderRow, orders } from '../orders/index.ts'
import { type ZoneRow, zones } from '../zones/index.ts'

// How the API tells of things: by the shop's own names, times as RFC 3339 writes them, no ids of ours.

const time = (at: number): string => new Date(at).toISOString()

export const zoneJson = ({ externalId, name, districts, colour, position, days, ...zone }: ZoneRow) => ({
  ...{ externalId, name, districts, colour, position, days },
  ...{ minimumMinor: zone.minimumMinor, currency: zone.currency, note: zone.note },
  changedAt: time(zone.changedAt),
})

export async function contactJson(contact: ContactRow, executor: Executor) {
  const addresses = await addressesOf(contact.id, executor)
  const names = await zoneNames([contact.zoneId, ...addresses.map(({ zoneId }) => zoneId)], executor)
  const { externalId, name, email, phone, locale, zoneId, createdAt, changedAt } = contact
  return {
    ...{ externalId, name, email, phone, locale },
    addresses: addresses.filter((one) => one.externalId !== null).map((one) => addressJson(one, names)),
    zone: names.get(zoneId) ?? null,
    createdAt: time(createdAt),
    changedAt: time(changedAt ?? createdAt),
  }
}

const addressJson = (
  { externalId, address, zoneId, district, note, main }: AddressRow,
  names: Map<string | null, string | null>,
) => ({
  ...{ externalId, address, zone: names.get(zoneId) ?? null, district, note, main },
})

export async function orderJson(order: OrderRow, executor: Executor) {
  const [contact] = await executor
    .select({ externalId: contacts.externalId })
    .from(contacts)
    .where(inArray(contacts.id, [order.contactId]))
  const [address] = await executor
    .select({ externalId: contactAddresses.externalId })
    .from(contactAddresses)
    .where(inArray(contactAddresses.id, [order.addressId ?? '']))
  const { externalId, number, placedAt, currency, sumMinor, status, statusColour, lines, note, changedAt } = order
  return {
    ...{ externalId, contact: contact?.externalId ?? null, number, placedAt: time(placedAt), currency, sumMinor },
    ...{ status, statusColour, address: address?.externalId ?? null, lines, note, changedAt: time(changedAt) },
  }
}

export async function movementJson(movement: ContainerMovement, executor: Executor) {
  const [contact] = await executor
    .select({ externalId: contacts.externalId })
    .from(contacts)
    .where(inArray(contacts.id, [movement.contactId]))
  const [order] = await executor
    .select({ externalId: orders.externalId })
    .from(orders)
    .where(inArray(orders.id, [movement.orderId ?? '']))
  const { externalId, type, delivered, returned, at, note, changedAt } = movement
  return {
    ...{ externalId, contact: contact?.externalId ?? null, type, delivered, returned, at: time(at) },
    ...{ order: order?.externalId ?? null, note, changedAt: time(changedAt) },
  }
}

async function zoneNames(ids: (string | null)[], executor: Executor): Promise<Map<string | null, string | null>> {
  const wanted = [...new Set(ids.filter((id) => id !== null))]
  if (wanted.length === 0) return new Map()
  const found = await executor
    .select({ id: zones.id, externalId: zones.externalId, removedAt: zones.removedAt })
    .from(zones)
    .where(inArray(zones.id, wanted))
  return new Map(found.filter(({ removedAt }) => removedAt === null).map(({ id, externalId }) => [id, externalId]))
}
