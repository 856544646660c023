import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { count, eq } from 'drizzle-orm'
import { feedZone, removeFedZone } from '../../src/features/clients/feed-zone.ts'
import { contactAddresses, contacts, contactsToChange } from '../../src/features/contacts/index.ts'
import { sendMessage } from '../../src/features/messages/index.ts'
import { zones } from '../../src/features/zones/index.ts'
import { dialect } from '../../src/platform/db/dialect.ts'
import { db } from '../../src/platform/db/open.ts'
import { write, writeLocking } from '../../src/platform/db/write.ts'
import { newId } from '../../src/platform/lib/id.ts'
import { newVisitor } from '../support/cast.ts'
import { openHouse, type TestHouse } from '../support/house.ts'
import { eventually } from '../support/waiting.ts'

setDefaultTimeout(60_000)

const people = 4000
const north = newId()
let house: TestHouse

beforeAll(async () => {
  house = await openHouse({ 'no-limits': true })
  const at = { createdAt: 1, changedAt: 1 }
  const zone = { id: north, externalId: 'north', name: 'North', position: 0, districts: [], colour: 'blue', days: [] }
  await write((tx) => tx.insert(zones).values({ ...zone, ...at }))
  for (let done = 0; done < people; done += 1000) {
    const ids = Array.from({ length: 1000 }, () => newId())
    const addresses = ids.map((contactId) => ({ id: newId(), contactId, address: 'Here', zoneId: north, main: true }))
    await write(async (tx) => {
      await tx.insert(contacts).values(ids.map((id) => ({ id, zoneId: north, createdAt: 1 })))
      await tx.insert(contactAddresses).values(addresses.map((one) => ({ ...one, ...at })))
    })
  }
})
afterAll(() => house.close())

async function inNorth(): Promise<number> {
  const [row] = await db.select({ n: count() }).from(contacts).where(eq(contacts.zoneId, north))
  return Number(row?.n)
}

/**
 * On PostgreSQL others write at the same time: whoever is settled last is locked until `mayGo`, so that there is a while
 * to look at. Nothing on SQLite: there all take turns.
 */
async function holdLast(mayGo: Promise<void>): Promise<{ done: Promise<void> }> {
  if (dialect() === 'sqlite') return { done: Promise.resolve() }
  const ids = await db.select({ id: contacts.id }).from(contacts)
  const last =
    ids
      .map(({ id }) => id)
      .toSorted()
      .at(-1) ?? ''
  const isHeld = Promise.withResolvers<void>()
  const done = writeLocking(async (tx) => {
    await contactsToChange(tx, [last])
    isHeld.resolve()
    await mayGo
  })
  await isHeld.promise
  return { done }
}

test('a zone of many people goes and comes back, and whoever writes meanwhile does not wait for all of them', async () => {
  const boris = newVisitor(house.site.id)
  const expected = { match: null, noneMatch: null }
  const mayGo = Promise.withResolvers<void>()
  const { done } = await holdLast(mayGo.promise)
  await removeFedZone('north', expected)
  let left = people
  for (let sent = 1; left === people; sent++) {
    await sendMessage(boris, { clientId: `c${sent}`, body: 'meanwhile' })
    left = await inNorth()
  }
  expect(left).toBeGreaterThan(0)
  mayGo.resolve()
  await done
  await eventually(inNorth, 0)
  await feedZone('north', { name: 'North' }, expected)
  await eventually(inNorth, people)
})
