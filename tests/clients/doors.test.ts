import { afterAll, beforeAll, expect, test } from 'bun:test'
import { containerMovements, movementsOf, owedBy, owedInAll } from '../../src/features/containers/index.ts'
import { type AddressRow, contactAddresses, keepContact } from '../../src/features/contacts/index.ts'
import {
  addressOf,
  contactsWithOrder,
  foldNumber,
  lastOrderOf,
  lastOrdersOf,
  type OrderRow,
  orders,
  ordersById,
  ordersOf,
} from '../../src/features/orders/index.ts'
import { findZone, listZones, zones } from '../../src/features/zones/index.ts'
import { write } from '../../src/platform/db/write.ts'
import { newId } from '../../src/platform/lib/id.ts'
import { openFreshStore } from '../support/store.ts'

let close: () => Promise<void>

beforeAll(async () => {
  close = await openFreshStore()
})
afterAll(() => close())

const newContact = () => write((tx) => keepContact(tx, { name: 'Marina' }))

async function keepZone(position: number, more: { removedAt?: number } = {}) {
  const id = newId()
  const zone = { id, name: `Zone ${position}`, districts: ['Parnas'], colour: 'cyan', position, days: [1, 3] }
  await write((tx) => tx.insert(zones).values({ ...zone, createdAt: 1, changedAt: 1, ...more }))
  return id
}

async function keepAddress(contactId: string, more: Partial<AddressRow> = {}) {
  const id = newId()
  const address = { id, contactId, address: 'Lenina 1', main: false, createdAt: 1, changedAt: 1 }
  await write((tx) => tx.insert(contactAddresses).values({ ...address, ...more }))
  return id
}

async function keepOrder(contactId: string, number: string, more: Partial<OrderRow> = {}) {
  const id = newId()
  const order = { id, contactId, number, numberFolded: foldNumber(number), placedAt: 1, currency: 'RUB', sumMinor: 100 }
  const rest = { status: 'Новый', statusColour: 'blue', lines: [], createdAt: 1, changedAt: 1 }
  await write((tx) => tx.insert(orders).values({ ...order, ...rest, ...more }))
  return id
}

test('zones stand in the shop’s own order, without those that are gone', async () => {
  const [second, first, gone] = [await keepZone(2), await keepZone(1), await keepZone(0, { removedAt: 5 })]
  expect((await listZones()).map(({ id }) => id)).toEqual([first, second])
  expect((await findZone(first))?.districts).toEqual(['Parnas'])
  expect([await findZone(gone), await findZone(newId()), await findZone('x'), await findZone(null)]).toEqual([
    null,
    null,
    null,
    null,
  ])
})

test('the last order is the one that was placed last, and the history goes on past any of them', async () => {
  const { id } = await newContact()
  expect(await lastOrderOf(id)).toBeNull()
  const old = await keepOrder(id, '1', { placedAt: 10 })
  const new1 = await keepOrder(id, '2', { placedAt: 30 })
  const new2 = await keepOrder(id, '3', { placedAt: 30 })
  await keepOrder(id, '4', { placedAt: 40, removedAt: 50 })
  expect((await lastOrderOf(id))?.id).toBe(new2)
  expect((await lastOrdersOf([id, newId()])).get(id)?.id).toBe(new2)
  expect((await ordersOf(id, null, 9)).map((one) => one.id)).toEqual([new2, new1, old])
  expect((await ordersOf(id, { at: 30, id: new2 }, 1)).map((one) => one.id)).toEqual([new1])
  expect([...(await ordersById([old, newId()])).keys()]).toEqual([old])
  expect((await ordersById([])).size).toBe(0)
})

test('a contact is found by the beginning of an order’s number, however it is written', async () => {
  const [{ id: anna }, { id: boris }] = [await newContact(), await newContact()]
  await keepOrder(anna, '№ 77-001')
  await keepOrder(anna, '77002')
  await keepOrder(boris, 'AB/77')
  await keepOrder(boris, '77003', { removedAt: 1 })
  expect(await contactsWithOrder('77', 5)).toEqual([anna])
  expect(await contactsWithOrder('ab77', 5)).toEqual([boris])
  for (const nobody of ['7 7 0 0 3', '%', '', '№', "' or 1=1"]) expect(await contactsWithOrder(nobody, 5)).toEqual([])
})

test('an address is that of the last order, else the main one, else the first', async () => {
  const { id } = await newContact()
  expect(await addressOf(id)).toBeNull()
  const first = await keepAddress(id, { createdAt: 1 })
  expect((await addressOf(id))?.id).toBe(first)
  const main = await keepAddress(id, { main: true, createdAt: 2 })
  expect((await addressOf(id))?.id).toBe(main)
  const there = await keepAddress(id, { createdAt: 3 })
  await keepOrder(id, '10', { addressId: there, placedAt: 5 })
  expect((await addressOf(id))?.id).toBe(there)
  const gone = await keepAddress(id, { removedAt: 9 })
  await keepOrder(id, '11', { addressId: gone, placedAt: 6 })
  expect((await addressOf(id))?.id).toBe(main)
})

test('what is owed is the sum of all movements, by type', async () => {
  const { id } = await newContact()
  expect(await owedBy(id)).toEqual([])
  const moved = { contactId: id, createdAt: 1, changedAt: 1 }
  await write(async (tx) => {
    await tx.insert(containerMovements).values([
      { ...moved, id: newId(), type: '19 l', delivered: 4, returned: 0, at: 1 },
      { ...moved, id: newId(), type: '19 l', delivered: 2, returned: 5, at: 2 },
      { ...moved, id: newId(), type: '5 l', delivered: 7, returned: 0, at: 3 },
      { ...moved, id: newId(), type: '5 l', delivered: 9, returned: 0, at: 4, removedAt: 5 },
    ])
  })
  const owed = await owedBy(id)
  expect(owed).toEqual([
    { type: '19 l', owed: 1 },
    { type: '5 l', owed: 7 },
  ])
  expect(owedInAll(owed)).toBe(8)
  expect((await movementsOf(id, 2)).map(({ at }) => at)).toEqual([3, 2])
})
