import { afterAll, beforeAll, expect, test } from 'bun:test'
import { settleZones } from '../../src/features/clients/settle-zones.ts'
import { importMovements, movementsOf, owedBy } from '../../src/features/containers/index.ts'
import { addressesOf, importAddresses, importContacts } from '../../src/features/contacts/index.ts'
import { contactsWithOrder, importOrders, lastOrderOf } from '../../src/features/orders/index.ts'
import { bringInTemplates, listTemplates } from '../../src/features/templates/index.ts'
import { importZones, listZones } from '../../src/features/zones/index.ts'
import { answersOf } from '../../src/cli/demo-seed/answers.ts'
import { dealingsOf, zonesOf } from '../../src/cli/demo-seed/dealings.ts'
import { write } from '../../src/platform/db/write.ts'
import { locales } from '../../src/platform/lib/i18n.ts'
import { newId } from '../../src/platform/lib/id.ts'
import { openFreshStore } from '../support/store.ts'

let close: () => Promise<void>

beforeAll(async () => {
  close = await openFreshStore()
})
afterAll(() => close())

const until = Date.UTC(2026, 5, 15)

test('a whole shop is brought in at once, and nobody has to move', async () => {
  const zones = zonesOf(until)
  const people = Array.from({ length: 240 }, (_, place) => {
    const id = newId()
    const locale = locales[place % locales.length]!
    const { zoneId, ...dealings } = dealingsOf(place, id, locale, zones.get(locale) ?? [], until)
    return { contact: { id, name: `Client ${place}`, createdAt: until, zoneId }, dealings }
  })
  await write(async (tx) => {
    await importZones(tx, [...zones.values()].flat())
    await bringInTemplates(tx, answersOf(until))
    await importContacts(
      tx,
      people.map(({ contact }) => contact),
    )
    await importAddresses(
      tx,
      people.flatMap(({ dealings }) => dealings.addresses),
    )
    await importOrders(
      tx,
      people.flatMap(({ dealings }) => dealings.orders),
    )
    await importMovements(
      tx,
      people.flatMap(({ dealings }) => dealings.movements),
    )
  })
  expect(await listZones()).toEqual([...zones.values()].flat())
  expect((await listTemplates()).map(({ name }) => name)).toEqual(answersOf(until).map(({ name }) => name))
  const ids = people.map(({ contact }) => contact.id)
  expect(await write((tx) => settleZones(tx, ids))).toEqual([])
  const busy = people.find(({ dealings }) => dealings.movements.length > 2)!
  const { id } = busy.contact
  expect(await addressesOf(id)).toEqual(busy.dealings.addresses)
  expect(await lastOrderOf(id)).toMatchObject({
    id: busy.dealings.orders[0]!.id,
    lines: busy.dealings.orders[0]!.lines,
  })
  expect(await contactsWithOrder(busy.dealings.orders[0]!.number, 2)).toEqual([id])
  expect(await movementsOf(id, 99)).toHaveLength(busy.dealings.movements.length)
  expect((await owedBy(id)).every(({ owed }) => owed >= 0)).toBe(true)
})
