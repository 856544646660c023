import { afterAll, beforeAll, expect, test } from 'bun:test'
import fc from 'fast-check'
import { containerMovements } from '../../src/features/containers/index.ts'
import { contactAddresses, contacts } from '../../src/features/contacts/index.ts'
import { fieldNames } from '../../src/features/clients/told.ts'
import { contactWords } from '../../src/features/contacts/schema.ts'
import { orders } from '../../src/features/orders/index.ts'
import { zones } from '../../src/features/zones/index.ts'
import { db } from '../../src/platform/db/open.ts'
import { ApiClient } from '../support/api-client.ts'
import { openHouse, type TestHouse } from '../support/house.ts'

let house: TestHouse
let api: ApiClient

beforeAll(async () => {
  house = await openHouse({ 'no-limits': true })
  api = await ApiClient.of(house.url, 'Clara')
  await api.put('zones/z', { name: 'North' })
  await api.put('contacts/c', { name: 'Marina', addresses: [{ externalId: 'a', address: 'Lenina 1', zone: 'z' }] })
  await api.put('orders/o', { contact: 'c', ...bought })
})
afterAll(() => house.close())

const bought = { placedAt: '2026-01-31T18:00:00Z', currency: 'EUR', sumMinor: 100, status: 'New' }

const tables = [zones, contacts, contactAddresses, contactWords, orders, containerMovements] as const

async function everything(): Promise<string> {
  const rows = await Promise.all(tables.map((table) => db.select().from(table)))
  return JSON.stringify(rows.map((some) => some.map((row) => JSON.stringify(row)).toSorted()))
}

// --- what programs may send by mistake or on purpose

const odd = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    '',
    ' ',
    0,
    -0,
    -1,
    1e21,
    2 ** 53,
    true,
    [],
    {},
    'a\u0000',
    '\ud800',
    '\u2028',
    'z',
    'c',
    'a',
    'o',
    'x'.repeat(5000),
  ),
  fc.constantFrom(
    '<script>alert(1)</script>',
    "'; drop table contacts; --",
    '{{contact.name}}',
    '__proto__',
    '9999-99-99T99:99:99Z',
  ),
  fc.jsonValue({ maxDepth: 3 }),
  fc.string({ unit: 'binary' }),
)
const plausible: Record<string, fc.Arbitrary<unknown>> = {
  name: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }),
  email: fc.emailAddress(),
  phone: fc.constantFrom('+7 921 000-01-48', '8(000)1'),
  locale: fc.constantFrom('ru', 'pt-BR'),
  districts: fc.uniqueArray(fc.constantFrom('Parnas', 'Озерки', 'x'), { maxLength: 3 }),
  colour: fc.constantFrom('cyan', 'blue'),
  days: fc.uniqueArray(fc.integer({ min: 1, max: 7 })),
  minimumMinor: fc.nat(),
  currency: fc.constantFrom('EUR', 'RUB'),
  contact: fc.constantFrom('c', 'nobody'),
  order: fc.constantFrom('o', 'nothing', null),
  address: fc.constantFrom<unknown>('a', null, { externalId: 'b', address: 'Nevsky 2', zone: 'z' }),
  addresses: fc.constantFrom<unknown>(
    [],
    [
      { externalId: 'b', address: 'Nevsky 2', zone: 'z' },
      { externalId: 'a', address: 'L' },
    ],
  ),
  number: fc.string({ minLength: 1, maxLength: 10 }),
  placedAt: fc.constantFrom('2026-01-31T18:00:00Z', '2026-01-31T18:00:00+03:00'),
  at: fc.constantFrom('2026-01-31T18:00:00.5Z'),
  sumMinor: fc.nat(),
  status: fc.constantFrom('New', 'В пути'),
  lines: fc.constantFrom<unknown>([], [{ name: 'Water', quantity: '2', sumMinor: 5 }]),
  type: fc.constantFrom('19 l', '5 l'),
  delivered: fc.nat({ max: 9 }),
  returned: fc.nat({ max: 9 }),
  note: fc.string({ maxLength: 20 }),
}
/** Fields of that kind, most of them as they should be; at times one that is not of it. */
const bodyOf = (of: string) => {
  const names = Object.values(fieldNames)[kinds.indexOf(of)] ?? []
  const field = fc
    .constantFrom(...names)
    .chain((name) =>
      fc
        .oneof({ weight: 9, arbitrary: plausible[name] ?? odd }, { weight: 1, arbitrary: odd })
        .map((value): [string, unknown] => [name, value]),
    )
  const more = fc.dictionary(fc.string({ maxLength: 8 }), odd, { maxKeys: 1 })
  return fc
    .tuple(fc.boolean(), fc.array(field, { maxLength: 5 }), fc.oneof({ weight: 9, arbitrary: fc.constant({}) }, more))
    .map(([whole, fields, rest]): object => ({ ...(whole ? fine[of] : {}), ...Object.fromEntries(fields), ...rest }))
}
const kinds = ['zones', 'contacts', 'orders', 'container-movements']
/** For a few names, so that what was made is changed, too. */
const sending = fc
  .constantFrom(...kinds)
  .chain((of) => fc.tuple(fc.constantFrom(...['n1', 'n2', 'n3'].map((name) => `${of}/${name}`)), bodyOf(of)))
const fine: Record<string, object> = {
  zones: { name: 'South' },
  contacts: { name: 'Boris' },
  orders: { contact: 'c', ...bought },
  'container-movements': { contact: 'c', type: '19 l', at: '2026-01-31T18:00:00Z' },
}

const runs = { numRuns: 250 }

test('any JSON is answered, and what is refused changes nothing', async () => {
  let before = await everything()
  const seen = new Set<number>()
  await fc.assert(
    fc.asyncProperty(
      sending,
      fc.option(fc.jsonValue(), { freq: 10, nil: undefined }),
      async ([path, fields], other) => {
        const { status, json } = await api.put(path, other ?? fields)
        seen.add(status)
        expect([200, 201, 400, 413, 422]).toContain(status)
        const after = await everything()
        if (status >= 400) {
          expect(json.code).toBeString()
          expect(after).toBe(before)
        }
        before = after
      },
    ),
    runs,
  )
  expect([...seen]).toEqual(expect.arrayContaining([200, 201, 422]))
}, 60_000)

test('what was taken once is taken again as it was, and changes nothing', async () => {
  let taken = 0
  await fc.assert(
    fc.asyncProperty(sending, async ([path, fields]) => {
      const first = await api.put(path, fields)
      if (first.status >= 400) return
      taken += 1
      const before = await everything()
      const second = await api.put(path, fields)
      expect([second.status, second.json, second.etag]).toEqual([200, first.json, first.etag])
      // And so is what was answered.
      expect([(await api.put(path, first.json)).json]).toEqual([first.json])
      expect(await everything()).toBe(before)
    }),
    runs,
  )
  expect(taken).toBeGreaterThan(50)
}, 180_000)

test('sixteen programs that tell of the same at once make one of it', async () => {
  for (const of of Object.keys(fine)) {
    for (let round = 0; round < 4; round++) {
      const path = `${of}/race-${round}`
      const answers = await Promise.all(
        Array.from({ length: 16 }, (_, n) =>
          api.put(path, { ...fine[of], note: `${n}`, ...(of === 'contacts' ? { note: undefined } : {}) }),
        ),
      )
      expect(answers.filter(({ status }) => status === 201)).toHaveLength(1)
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(15)
      const last = (await api.get(path)).json
      expect(answers.map(({ json }) => JSON.stringify(json))).toContain(JSON.stringify(last))
    }
  }
  const rows = await db.select().from(contacts)
  expect(rows.filter(({ externalId }) => externalId?.startsWith('race-'))).toHaveLength(4)
}, 60_000)

test('any address is answered', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...kinds),
      fc.string({ unit: 'binary', maxLength: 30 }),
      fc.constantFrom('GET', 'PUT', 'DELETE'),
      async (of, id, method) => {
        const step = encodeURIComponent(id.toWellFormed())
        const { status } = await api.request(method, `${of}/${step}`, method === 'PUT' ? '{' : undefined)
        expect(status).toBeLessThan(500)
      },
    ),
    runs,
  )
}, 60_000)
