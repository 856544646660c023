import { afterAll, beforeAll, expect, test } from 'bun:test'
import { eq, inArray } from 'drizzle-orm'
import { contacts, importContacts, keepContact } from '../../src/features/contacts/index.ts'
import { db } from '../../src/platform/db/open.ts'
import { write } from '../../src/platform/db/write.ts'
import { newId } from '../../src/platform/lib/id.ts'
import { refusalOf } from '../support/refusal.ts'
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
  const nothing = { name: null, email: null, phone: null, externalId: null, locale: null, verifiedAt: null }
  const [kept] = await db.select().from(contacts).where(eq(contacts.id, contact.id))
  expect(kept).toEqual({ ...contact, ...nothing, ...known })
})

test.each(['a\0b', 'a\ud800b'])('%j is nobody’s name, address or number', async (text) => {
  for (const field of ['name', 'email', 'phone', 'externalId', 'locale'])
    expect(await refusalOf(write((tx) => keepContact(tx, { phone: '1', [field]: text })))).toBe('bad_request')
})

test('two hundred and fifty people are brought in at once, each with an id and a time of their own', async () => {
  const people = Array.from({ length: 250 }, (_, n) => ({
    id: newId(),
    createdAt: 1_700_000_000_000 + n,
    ...(n % 2 === 0 ? { name: texts[n % texts.length] ?? '', locale: 'pl' } : { email: `Person${n}@Mail.Example` }),
  }))
  await write((tx) => importContacts(tx, people))
  const ids = people.map(({ id }) => id)
  const kept = await db.select().from(contacts).where(inArray(contacts.id, ids)).orderBy(contacts.createdAt)
  const nothing = {
    name: null,
    email: null,
    emailFolded: null,
    phone: null,
    externalId: null,
    locale: null,
    verifiedAt: null,
  }
  expect(kept).toEqual(
    people.map((one) => ({ ...nothing, ...one, ...('email' in one ? { emailFolded: one.email.toLowerCase() } : {}) })),
  )
})
