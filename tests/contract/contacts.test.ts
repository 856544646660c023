import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { eq, inArray } from 'drizzle-orm'
import { addMissingWords } from '../../src/features/contacts/add-missing-words.ts'
import {
  contacts,
  describeContact,
  findContacts,
  importContacts,
  keepContact,
} from '../../src/features/contacts/index.ts'
import { contactWords } from '../../src/features/contacts/schema.ts'
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
    zoneId: null,
    changedAt: null,
  }
  expect(kept).toEqual(
    people.map((one) => ({ ...nothing, ...one, ...('email' in one ? { emailFolded: one.email.toLowerCase() } : {}) })),
  )
})

describe('a contact is found', () => {
  const found = async (query: string) => (await findContacts(query, 5)).map(({ id }) => id)

  test('by the beginnings of words of the name, the address, the number and the phone, however they are written', async () => {
    const known = {
      name: 'Żaneta Ёлкина-O’Hara',
      email: 'J.Doe@Fern.Example',
      phone: '+7 (921) 000-77-48',
      externalId: 'K-0815',
    }
    const { id } = await write((tx) => keepContact(tx, known))
    for (const query of [
      'zaneta',
      'ŻAN',
      'елкина',
      'елк zan',
      'hara',
      'j.doe@fern',
      'fern',
      '0815',
      '79210007748',
      '+7 921 000-77',
      '921 000 77',
    ])
      expect([query, await found(query)]).toEqual([query, [id]])
    for (const query of ['', ' .,- ', 'aneta', 'zan petrov', '7748', '%', "' or 1=1"])
      expect([query, await found(query)]).toEqual([query, []])
  })

  test('by what is known of them now, and no longer by what was', async () => {
    const { id } = await write((tx) => keepContact(tx, { name: 'Quentin' }))
    await write((tx) => describeContact(tx, id, { name: 'Rosalind' }))
    expect([await found('quentin'), await found('rosa')]).toEqual([[], [id]])
  })

  test('also one from before there was a search, and the newest first', async () => {
    const [older, newer] = [newId(), newId()]
    await write((tx) =>
      importContacts(
        tx,
        [older, newer].map((id) => ({ id, createdAt: 1, name: 'Wilhelmina' })),
      ),
    )
    await write((tx) => tx.delete(contactWords).where(eq(contactWords.contactId, older)))
    expect(await found('wilh')).toEqual([newer])
    expect(await addMissingWords()).toBe(1)
    expect(await found('wilh')).toEqual([newer, older])
    expect(await addMissingWords()).toBe(0)
  })

  test('by the beginning of a word of any length, cut between characters', async () => {
    const { id } = await write((tx) => keepContact(tx, { name: `x${'𠀀'.repeat(49)}`, externalId: 'y'.repeat(300) }))
    expect([await found('x𠀀𠀀'), await found('yyyy')]).toEqual([[id], [id]])
  })

  test('by nothing, of whom there is nothing to find them by', async () => {
    await write((tx) => keepContact(tx, { name: '🙂' }))
    expect(await addMissingWords()).toBe(0)
    expect(await found('🙂')).toEqual([])
  })
})
