import { afterAll, beforeAll, expect, test } from 'bun:test'
import { eq } from 'drizzle-orm'
import { keepContact } from '../../src/features/contacts/index.ts'
import { contactsOf, keepVisitor, knowVisitor, type VisitorActor } from '../../src/features/visitors/index.ts'
import { visitors } from '../../src/features/visitors/schema.ts'
import { db } from '../../src/platform/db/open.ts'
import { write } from '../../src/platform/db/write.ts'
import { newId } from '../../src/platform/lib/id.ts'
import { newVisitor } from '../support/cast.ts'
import { openHouse, type TestHouse } from '../support/house.ts'
import { refusalOf } from '../support/refusal.ts'
import { isRefusedAsTaken } from '../support/taken.ts'

let house: TestHouse

beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house.close())

const keep = (visitor: VisitorActor) => write((tx) => keepVisitor(tx, visitor))
const kept = ({ visitorId }: VisitorActor) => db.select().from(visitors).where(eq(visitors.id, visitorId))

test('a visitor is kept once, however many messages are their first', async () => {
  const boris = newVisitor(house.site.id)
  await Promise.all(Array.from({ length: 16 }, () => keep(boris)))
  const { visitorId, siteId, tokenHash } = boris
  const createdAt = expect.any(Number)
  const unheard = { page: null, referrer: null, language: null, timeZone: null, userAgent: null, lastSeenAt: null }
  const unknown = { contactId: null, verifiedAt: null, blockedAt: null, ...unheard }
  expect(await kept(boris)).toEqual([{ id: visitorId, siteId, tokenHash, ...unknown, createdAt }])
})

test('a visitor belongs to a site that is there', async () => {
  expect(await refusalOf(keep(newVisitor(newId())))).not.toBeNull()
})

test('a token stands for one visitor, by the database itself', async () => {
  const boris = newVisitor(house.site.id)
  await keep(boris)
  const [row] = await kept(boris)
  expect(await isRefusedAsTaken(write((tx) => tx.insert(visitors).values({ ...row!, id: newId() })))).toBe(true)
})

test('a thousand visitors are looked up at once, and those who are known are named', async () => {
  const boris = newVisitor(house.site.id)
  await keep(boris)
  await write(async (tx) => knowVisitor(tx, boris.visitorId, await keepContact(tx, { name: 'Борис' })))
  const found = await contactsOf([...Array.from({ length: 1000 }, newId), boris.visitorId])
  expect([...found]).toEqual([[boris.visitorId, { id: expect.any(String), name: 'Борис', email: null, phone: null }]])
})
