import { afterAll, beforeAll, expect, test } from 'bun:test'
import { eq } from 'drizzle-orm'
import { contacts, keepContact } from '../../src/features/contacts/index.ts'
import { db } from '../../src/platform/db/open.ts'
import { write } from '../../src/platform/db/write.ts'
import { openFreshStore } from '../support/store.ts'
import { texts } from './values.ts'

let close: () => Promise<void>

beforeAll(async () => {
  close = await openFreshStore()
})
afterAll(() => close())

test.each([
  { name: 'Мария Соколова' },
  { email: 'M.Sokolova@mail.example', locale: 'ru' },
  { phone: '+7 921 000-01-48', externalId: '0042' },
  ...texts.map((name) => ({ name, externalId: name.slice(0, 50) })),
])('a contact comes back as it was kept: %j', async (known) => {
  const contact = await write((tx) => keepContact(tx, known))
  const nothing = { name: null, email: null, phone: null, externalId: null, locale: null }
  const [kept] = await db.select().from(contacts).where(eq(contacts.id, contact.id))
  expect(kept).toEqual({ ...contact, ...nothing, ...known })
})
