import { type FieldProblem, fieldsOf, isObject, knownOnly } from '../../platform/lib/read-fields.ts'
import { readMovement } from '../containers/index.ts'
import { longestExternalId, readAddresses, readContact, readFedAddress } from '../contacts/index.ts'
import { readOrder } from '../orders/index.ts'
import { readZone, type ZoneChange } from '../zones/index.ts'
import type { ToldContact } from './feed-contact.ts'
import type { ToldMovement } from './feed-movement.ts'
import type { ToldOrder } from './feed-order.ts'

/** A body whose fields are to be read, and where to say what is wrong with them. */
export type Told = { body: Record<string, unknown>; problems: FieldProblem[] }

// Answered, and taken as they come back: what is read only changes nothing.
const readOnly = ['externalId', 'createdAt', 'changedAt']

export const fieldNames = {
  zone: ['name', 'districts', 'colour', 'position', 'days', 'minimumMinor', 'currency', 'note'],
  contact: ['name', 'email', 'phone', 'locale', 'addresses'],
  order: [
    ...['contact', 'number', 'placedAt', 'currency', 'sumMinor', 'status', 'statusColour', 'address'],
    ...['lines', 'note'],
  ],
  movement: ['contact', 'type', 'delivered', 'returned', 'at', 'order', 'note'],
} as const

function reading({ body, problems }: Told, names: readonly string[]) {
  knownOnly(body, '', [...names, ...readOnly], problems)
  return fieldsOf(body, '', problems)
}

export const toldZone = (told: Told): ZoneChange => readZone(reading(told, fieldNames.zone))

export function toldContact(told: Told): ToldContact {
  // Where a contact lives follows from their addresses and orders.
  const read = reading(told, [...fieldNames.contact, 'zone'])
  return { fields: readContact(read), addresses: readAddresses(read, told.problems) }
}

export function toldOrder(told: Told): ToldOrder {
  const read = reading(told, fieldNames.order)
  const address = read.raw('address')
  return {
    fields: readOrder(read, told.problems),
    contact: nameOf(read, 'contact') ?? undefined,
    address: isObject(address) ? readFedAddress(address, '/address', told.problems) : nameOf(read, 'address', true),
  }
}

export function toldMovement(told: Told): ToldMovement {
  const read = reading(told, fieldNames.movement)
  return {
    fields: readMovement(read),
    contact: nameOf(read, 'contact') ?? undefined,
    order: nameOf(read, 'order', true),
  }
}

/** The shop's own name for something else. `optional`: null says that there is none. */
function nameOf(read: ReturnType<typeof fieldsOf>, field: string, optional = false): string | null | undefined {
  const name = read.line(field, longestExternalId)
  if (name === '' || (name === null && !optional)) return read.wrong(field, 'missing')
  return name
}
