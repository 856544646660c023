import type { CardAsked, Client, Placed, Rest } from '../../../views/console/card-data.ts'
import { isId } from '../../platform/lib/id.ts'
import { movementsOf, type Owed, owedBy, owedInAll } from '../containers/index.ts'
import { type AddressRow, addressesOf, findContactsById } from '../contacts/index.ts'
import { addressOf, lastOrderOf, type OrderCursor, ordersById, ordersOf } from '../orders/index.ts'
import { listZones, type ZoneRow } from '../zones/index.ts'

const ordersOnPage = 10
const mostMovements = 60

/** What the shop knows of a contact, and with `more` all of it. */
export async function clientOf(contactId: string, asked: CardAsked): Promise<Client> {
  const [contacts, lastOrder, address, zones, owed, addresses] = await Promise.all([
    findContactsById([contactId]),
    lastOrderOf(contactId),
    addressOf(contactId),
    listZones(),
    owedBy(contactId),
    addressesOf(contactId),
  ])
  const placed = placedIn(zones)
  return {
    contactId,
    externalId: contacts[0]?.externalId ?? null,
    lastOrder,
    address: address && placed(address),
    owedInAll: owedInAll(owed),
    rest: asked.more ? await restOf(contactId, asked, { owed, addresses: addresses.map(placed) }) : null,
  }
}

const placedIn =
  (zones: ZoneRow[]) =>
  (address: AddressRow): Placed => ({ ...address, zone: zones.find(({ id }) => id === address.zoneId) ?? null })

async function restOf(
  contactId: string,
  { orders: page }: CardAsked,
  known: { owed: Owed[]; addresses: Placed[] },
): Promise<Rest> {
  const [movements, orders] = await Promise.all([
    movementsOf(contactId, mostMovements),
    ordersOf(contactId, orderCursorOf(page), ordersOnPage + 1),
  ])
  const numbers = await ordersById(movements.flatMap(({ orderId }) => orderId ?? []))
  const last = orders.length > ordersOnPage ? orders[ordersOnPage - 1] : undefined
  return {
    ...known,
    movements: movements.map((one) => ({ ...one, orderNumber: numbers.get(one.orderId ?? '')?.number ?? null })),
    orders: orders.slice(0, ordersOnPage),
    older: last === undefined ? null : `${last.placedAt}.${last.id}`,
  }
}

/** A place in the history of orders as an address says it; null for the beginning, and for none. */
export function orderCursorOf(page: string): OrderCursor | null {
  const [at = '', id = ''] = page.split('.')
  return /^\d{1,15}$/.test(at) && isId(id) ? { at: Number(at), id } : null
}
