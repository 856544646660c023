import { findContacts, findContactsById } from '../contacts/index.ts'
import { contactsWithOrder, lastOrdersOf } from '../orders/index.ts'
import { listZones } from '../zones/index.ts'
import type { FoundPerson } from '../../../views/console/card-link.tsx'

/** Contacts that words are about: by name, e-mail, phone, the shop's own name for them, or the number of an order. */
export async function findPeople(query: string, limit: number): Promise<FoundPerson[]> {
  const [byWords, byOrder] = await Promise.all([findContacts(query, limit), contactsWithOrder(query, limit)])
  const known = new Set(byWords.map(({ id }) => id))
  const others = await findContactsById(byOrder.filter((id) => !known.has(id)))
  const people = [...byWords, ...others].slice(0, limit)
  const [last, zones] = await Promise.all([lastOrdersOf(people.map(({ id }) => id)), listZones()])
  return people.map(({ id, name, email, phone, externalId, zoneId }) => ({
    ...{ id, name, email, phone, externalId },
    zone: zones.find((zone) => zone.id === zoneId) ?? null,
    order: last.get(id)?.number ?? null,
  }))
}
