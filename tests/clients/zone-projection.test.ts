import { afterAll, beforeAll, expect, test } from 'bun:test'
import { eq, inArray, like } from 'drizzle-orm'
import fc from 'fast-check'
import { contacts } from '../../src/features/contacts/index.ts'
import { conversations, findConversation } from '../../src/features/conversations/index.ts'
import { sendMessage } from '../../src/features/messages/index.ts'
import { addressOf } from '../../src/features/orders/index.ts'
import { visitors } from '../../src/features/visitors/schema.ts'
import { findZone } from '../../src/features/zones/index.ts'
import { linkVisitor } from '../../src/features/clients/link-visitor.ts'
import { unlinkVisitor } from '../../src/features/clients/unlink-visitor.ts'
import { db } from '../../src/platform/db/open.ts'
import { newId } from '../../src/platform/lib/id.ts'
import { ApiClient } from '../support/api-client.ts'
import { hire, newVisitor } from '../support/cast.ts'
import { openHouse, type TestHouse } from '../support/house.ts'

let house: TestHouse
let api: ApiClient
let anna: Awaited<ReturnType<typeof hire>>

beforeAll(async () => {
  house = await openHouse({ 'no-limits': true })
  api = await ApiClient.of(house.url, 'Clara')
  anna = await hire('Anna')
})
afterAll(() => house.close())

const bought = { currency: 'EUR', sumMinor: 100, status: 'New' }
const people = ['p1', 'p2']
const [zoneNames, addressNames] = [
  ['z1', 'z2'],
  ['a1', 'a2'],
]
const at = (day: number) => `2026-01-0${day}T00:00:00Z`

/** Something that is done to a shop of two people, two zones and two browsers. */
const deed = fc.oneof(
  fc.record({ does: fc.constant('zone' as const), zone: fc.constantFrom(...zoneNames), gone: fc.boolean() }),
  fc.record({
    does: fc.constant('addresses' as const),
    person: fc.constantFrom(...people),
    of: fc.uniqueArray(
      fc.record({
        externalId: fc.constantFrom(...addressNames),
        zone: fc.constantFrom(...zoneNames, null),
        main: fc.boolean(),
      }),
      { selector: ({ externalId }) => externalId, maxLength: 2 },
    ),
  }),
  fc.record({
    does: fc.constant('order' as const),
    order: fc.constantFrom('o1', 'o2'),
    person: fc.constantFrom(...people),
    address: fc.constantFrom(...addressNames, null),
    day: fc.integer({ min: 1, max: 3 }),
    gone: fc.boolean(),
  }),
  fc.record({ does: fc.constant('link' as const), browser: fc.nat({ max: 1 }), person: fc.constantFrom(...people) }),
  fc.record({ does: fc.constant('unlink' as const), browser: fc.nat({ max: 1 }) }),
  fc.record({ does: fc.constant('write' as const), browser: fc.nat({ max: 1 }) }),
  fc.record({ does: fc.constant('forget' as const), person: fc.constantFrom(...people) }),
)
type Deed = typeof deed extends fc.Arbitrary<infer D> ? D : never

type Shop = { prefix: string; browsers: ReturnType<typeof newVisitor>[] }

async function perform({ prefix, browsers }: Shop, done: Deed): Promise<void> {
  const named = (name: string) => `${prefix}-${name}`
  const browser = 'browser' in done ? browsers[done.browser]! : null
  const visitorId = browser?.visitorId ?? ''
  if (done.does === 'zone')
    await (done.gone
      ? api.delete(`zones/${named(done.zone)}`)
      : api.put(`zones/${named(done.zone)}`, { name: done.zone }))
  if (done.does === 'addresses') {
    const addresses = done.of.map(({ zone, externalId, main }, place) => ({
      ...{ externalId, address: 'Lenina 1', zone: zone && named(zone) },
      ...(main && place === 0 ? { main } : {}),
    }))
    await api.put(`contacts/${named(done.person)}`, { addresses })
  }
  if (done.does === 'order') {
    const path = `orders/${named(done.order)}`
    const told = { ...bought, contact: named(done.person), placedAt: at(done.day), address: done.address }
    await (done.gone ? api.delete(path) : api.put(path, told))
  }
  if (done.does === 'link') {
    const [contact] = await db
      .select()
      .from(contacts)
      .where(eq(contacts.externalId, named(done.person)))
    if (contact) await linkVisitor(anna, visitorId, { contactId: contact.id }).catch(() => null)
  }
  if (done.does === 'unlink') await unlinkVisitor(anna, visitorId).catch(() => null)
  if (done.does === 'write') await sendMessage(browser!, { clientId: newId(), body: 'Hello' })
  if (done.does === 'forget') await api.delete(`contacts/${named(done.person)}`)
}

/** Where contacts and conversations stand, of a shop or of all, and where they should: asked the long way round. */
async function faults(of?: Shop): Promise<string[]> {
  const found: string[] = []
  const theirs = of && like(contacts.externalId, `${of.prefix}-%`)
  for (const contact of await db.select().from(contacts).where(theirs)) {
    const zone = await findZone((await addressOf(contact.id))?.zoneId ?? null)
    if ((zone?.id ?? null) !== contact.zoneId)
      found.push(`contact ${contact.externalId}: ${contact.zoneId}, not ${zone?.id}`)
  }
  const zoneOf = new Map((await db.select().from(contacts)).map(({ id, zoneId }) => [id, zoneId]))
  const contactOf = new Map((await db.select().from(visitors)).map(({ id, contactId }) => [id, contactId]))
  const among =
    of &&
    inArray(
      conversations.visitorId,
      of.browsers.map(({ visitorId }) => visitorId),
    )
  for (const { visitorId, zoneId } of await db.select().from(conversations).where(among)) {
    const wanted = zoneOf.get(contactOf.get(visitorId) ?? '') ?? null
    if (wanted !== zoneId) found.push(`conversation of ${visitorId}: ${zoneId}, not ${wanted}`)
  }
  return found
}

let shops = 0

async function openShop(): Promise<Shop> {
  const shop = { prefix: `s${++shops}`, browsers: [newVisitor(house.site.id), newVisitor(house.site.id)] }
  for (const zone of zoneNames) await perform(shop, { does: 'zone', zone, gone: false })
  for (const person of people) {
    await api.put(`contacts/${shop.prefix}-${person}`, {
      addresses: [{ externalId: 'a1', address: 'x', zone: `${shop.prefix}-z1` }],
    })
  }
  await perform(shop, { does: 'write', browser: 0 })
  await perform(shop, { does: 'write', browser: 1 })
  return shop
}

test('whatever is done, contacts and conversations stand in the zone of the address that holds', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(deed, { minLength: 3, maxLength: 12 }), async (deeds) => {
      const shop = await openShop()
      for (const done of deeds) {
        await perform(shop, done)
        expect(await faults(shop)).toEqual([])
      }
    }),
    { numRuns: 40 },
  )
  // Nor was anybody moved of another shop.
  expect(await faults()).toEqual([])
}, 120_000)

test('also when all of it is done at once', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(deed, { minLength: 8, maxLength: 16 }), async (deeds) => {
      const shop = await openShop()
      await Promise.all(deeds.map((done) => perform(shop, done)))
      expect(await faults(shop)).toEqual([])
    }),
    { numRuns: 40 },
  )
  expect(await faults()).toEqual([])
}, 120_000)

test('a conversation begins where its visitor lives, and one that was finished follows, too', async () => {
  const shop = await openShop()
  await perform(shop, { does: 'link', browser: 0, person: 'p1' })
  const [first] = await db.select().from(conversations).where(eq(conversations.visitorId, shop.browsers[0]!.visitorId))
  expect(first?.zoneId).toBeString()
  await perform(shop, { does: 'zone', zone: 'z1', gone: true })
  expect((await findConversation(first!.id))?.zoneId).toBeNull()
  await perform(shop, { does: 'zone', zone: 'z1', gone: false })
  expect((await findConversation(first!.id))?.zoneId).toBe(first!.zoneId)
})
