import type { Tx } from '../../platform/db/executor.ts'
import { writeLocking } from '../../platform/db/write.ts'
import { now } from '../../platform/lib/clock.ts'
import { type FieldProblem } from '../../platform/lib/read-fields.ts'
import { refuse } from '../../platform/lib/refuse.ts'
import { type ContactRow, contactToChange, everyAddressOf, type FedAddress, feedAddress } from '../contacts/index.ts'
import { changeOrder, keepOrder, type OrderChange, type OrderRow, orderToChange } from '../orders/index.ts'
import { FieldsInvalid, mustBeFine } from '../../platform/http/api-problem.ts'
import { orderJson } from './as-json.ts'
import {
  type Expected,
  expectsSomething,
  type Fed,
  mustBeExpected,
  namedContact,
  namedZones,
  withZone,
  wrong,
} from './fed.ts'
import { settleZones } from './settle-zones.ts'
import { tell } from './tell.ts'

export type ToldOrder = {
  fields: OrderChange
  contact: string | undefined
  /** By its name among the contact's, or whole; null: none. */
  address: string | FedAddress | null | undefined
}

/** Keeps what a program tells of an order. Refuses `fields_invalid` and `precondition_failed`. */
export const feedOrder = (externalId: string, told: ToldOrder, expected: Expected): Promise<Fed> =>
  writeLocking(async (tx) => {
    // The contact first, as everybody does who changes what a contact has.
    const named = told.contact === undefined ? null : await namedContact(tx, told.contact)
    const before = await orderToChange(tx, { externalId })
    const there = before?.removedAt === null ? before : null
    if (expectsSomething(expected)) mustBeExpected(expected, there && (await orderJson(there, tx)))
    const contact = named ?? (before && (await contactToChange(tx, { id: before.contactId })))
    if (!contact) throw new FieldsInvalid(missing(told, ['contact']))
    const { addressId, moved } = await addressFor(tx, contact, told.address, before)
    const { order, changed } = await keep(tx, externalId, told, { before, contact, addressId })
    const people = [contact.id, ...(before && before.contactId !== contact.id ? [before.contactId] : [])]
    const settled = changed || moved ? await settleZones(tx, people) : []
    for (const id of changed ? people : []) await tell(tx, 'order.changed', id)
    for (const id of new Set([...settled, ...(moved ? [contact.id] : [])])) await tell(tx, 'contact.changed', id)
    return { created: !there, json: await orderJson(order, tx) }
  })

type Place = { before: OrderRow | null; contact: ContactRow; addressId: string | null | undefined }

async function keep(tx: Tx, externalId: string, told: ToldOrder, { before, contact, addressId }: Place) {
  const change = { ...told.fields, contactId: contact.id, ...(addressId === undefined ? {} : { addressId }) }
  if (before) return changeOrder(tx, before, { ...change, removedAt: null })
  mustBeFine(missing(told, needed))
  const { placedAt = 0, currency = '', sumMinor = 0, status = '', number = externalId } = change
  const order = await keepOrder(tx, { ...change, placedAt, currency, sumMinor, status, number, externalId })
  return { order, changed: true }
}

const needed = ['placedAt', 'currency', 'sumMinor', 'status'] as const

const missing = ({ fields }: ToldOrder, names: readonly ('contact' | (typeof needed)[number])[]): FieldProblem[] =>
  names
    .filter((name) => name === 'contact' || fields[name] === undefined)
    .map((name) => ({ pointer: `/${name}`, code: 'missing' }))

/** The address of an order: undefined leaves it as it is. */
async function addressFor(
  tx: Tx,
  contact: ContactRow,
  told: ToldOrder['address'],
  before: OrderRow | null,
): Promise<{ addressId: string | null | undefined; moved: boolean }> {
  // An order that goes over to somebody else leaves the first one's address.
  const none = before && before.contactId !== contact.id ? null : undefined
  if (told === undefined || told === null) return { addressId: told === null ? null : none, moved: false }
  const known = await everyAddressOf(tx, contact.id)
  const name = typeof told === 'string' ? told : told.externalId
  const there = known.find(({ externalId }) => externalId === name)
  if (typeof told === 'string') {
    if (!there || there.removedAt !== null) throw wrong('/address', 'unknown_reference')
    return { addressId: there.id, moved: false }
  }
  if (!there && told.address === undefined) throw wrong('/address/address', 'missing')
  const zones = await namedZones(tx, [told])
  const { address, changed } = await feedAddress(tx, contact.id, withZone(told, zones), known)
  return { addressId: address.id, moved: changed }
}

/** Takes an order away. One that is gone stays so. Refuses `not_found` and `precondition_failed`. */
export const removeFedOrder = (externalId: string, expected: Expected): Promise<void> =>
  writeLocking(async (tx) => {
    const order = await orderToChange(tx, { externalId })
    if (!order) throw refuse('not_found')
    mustBeExpected(expected, order.removedAt === null ? await orderJson(order, tx) : null)
    const { changed } = await changeOrder(tx, order, { removedAt: order.removedAt ?? now() })
    if (!changed) return
    const settled = await settleZones(tx, [order.contactId])
    await tell(tx, 'order.changed', order.contactId)
    for (const id of settled) await tell(tx, 'contact.changed', id)
  })
