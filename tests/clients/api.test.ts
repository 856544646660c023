import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { eq } from 'drizzle-orm'
import { makeKey, revokeKey } from '../../src/features/api-keys/index.ts'
import { apiKeys } from '../../src/features/api-keys/schema.ts'
import { owedBy } from '../../src/features/containers/index.ts'
import { contacts, findContacts } from '../../src/features/contacts/index.ts'
import { lastOrderOf, orders } from '../../src/features/orders/index.ts'
import { listChanges } from '../../src/features/settings/index.ts'
import { listZones } from '../../src/features/zones/index.ts'
import { db } from '../../src/platform/db/open.ts'
import { type Events, on } from '../../src/platform/live/bus.ts'
import { turn } from '../contract/listen.ts'
import { ApiClient } from '../support/api-client.ts'
import { hire } from '../support/cast.ts'
import { openHouse, type TestHouse } from '../support/house.ts'

let house: TestHouse
let api: ApiClient
const told: string[] = []

beforeAll(async () => {
  house = await openHouse()
  api = await ApiClient.of(house.url, 'Clara')
  const names: (keyof Events)[] = ['zone.changed', 'contact.changed', 'order.changed', 'containers.changed']
  for (const name of names) on(name, () => told.push(name))
})
afterAll(() => house.close())

const north = {
  name: 'Север',
  districts: ['Парголово', 'Озерки'],
  colour: 'cyan',
  days: [5, 1, 3],
  minimumMinor: 50_000,
  currency: 'RUB',
}
const marina = {
  name: 'Марина Соколова',
  email: 'M.Sokolova@pochta.example',
  phone: '+7 921 000-01-48',
  addresses: [
    { externalId: 'home', address: 'Выборгское ш., 27, кв. 84', zone: 'north', district: 'Парголово' },
    { externalId: 'office', address: 'Невский, 1', note: 'вход со двора' },
  ],
}
const order = {
  contact: 'K-1',
  number: '48213',
  placedAt: '2026-01-31T18:00:00+03:00',
  currency: 'RUB',
  sumMinor: 167_000,
  status: 'В пути',
  statusColour: 'green',
  address: 'home',
  lines: [{ name: 'Вода «Ключевая», 19 л', quantity: '4', unit: 'шт.', sumMinor: 148_000 }],
}
const movement = {
  contact: 'K-1',
  type: 'Бутыль 19 л',
  delivered: 4,
  returned: 1,
  at: '2026-01-31T18:00:00Z',
  order: 'O-1',
}

const idOf = async (externalId: string) =>
  (await db.select().from(contacts).where(eq(contacts.externalId, externalId)))[0]?.id ?? ''

/** What was told since the last time, once all of it has been: a turn after the answer, in the order of the commits. */
async function news(): Promise<string[]> {
  for (let n = 0; n < 3; n++) await turn()
  return told.splice(0)
}

describe('a shop tells of', () => {
  test('a zone, which then stands among the others', async () => {
    const made = await api.put('zones/north', north)
    expect([made.status, made.type]).toEqual([201, 'application/json; charset=utf-8'])
    expect(made.json).toMatchObject({ externalId: 'north', ...north, days: [1, 3, 5], position: 0, note: null })
    expect((await listZones()).map(({ name }) => name)).toEqual(['Север'])
    expect((await api.get('zones/north')).json).toEqual(made.json)
    expect((await listChanges('zones', null, 5))[0]).toMatchObject({ kind: 'created', subject: 'Север', agentId: null })
  })

  test('a contact, whom agents then find and the shop vouches for', async () => {
    const made = await api.put('contacts/K-1', marina)
    expect([made.status, made.json.zone, made.json.addresses[0]?.main]).toEqual([201, 'north', true])
    const [found] = await findContacts('соколова', 2)
    expect(found).toMatchObject({ externalId: 'K-1', emailFolded: 'm.sokolova@pochta.example' })
    expect(found?.verifiedAt).toBeNumber()
  })

  test('an order, which is then the last one', async () => {
    const made = await api.put('orders/O-1', order)
    expect([made.status, made.json.placedAt]).toEqual([201, '2026-01-31T15:00:00.000Z'])
    expect(await lastOrderOf(await idOf('K-1'))).toMatchObject({ number: '48213', sumMinor: 167_000, status: 'В пути' })
  })

  test('containers, which are then owed', async () => {
    expect((await api.put('container-movements/M-1', movement)).status).toBe(201)
    expect(await owedBy(await idOf('K-1'))).toEqual([{ type: 'Бутыль 19 л', owed: 3 }])
  })

  test('the same once more, and nothing happens', async () => {
    const tags = await Promise.all(
      ['zones/north', 'contacts/K-1', 'orders/O-1', 'container-movements/M-1'].map((one) => api.get(one)),
    )
    await news()
    const again = [
      await api.put('zones/north', north),
      await api.put('contacts/K-1', marina),
      await api.put('orders/O-1', order),
      await api.put('container-movements/M-1', movement),
    ]
    expect(again.map(({ status }) => status)).toEqual([200, 200, 200, 200])
    expect(again.map(({ etag }) => etag)).toEqual(tags.map(({ etag }) => etag))
    // What was answered comes back as it was, too.
    for (const { json } of tags.slice(1, 3))
      await api.put(`${'placedAt' in json ? 'orders/O-1' : 'contacts/K-1'}`, json)
    expect(await news()).toEqual([])
  })

  test('one field alone, and the others stay', async () => {
    await news()
    const { json } = await api.put('orders/O-1', { status: 'Доставлен' })
    expect(json).toMatchObject({ ...order, placedAt: '2026-01-31T15:00:00.000Z', status: 'Доставлен' })
    expect(await news()).toEqual(['order.changed'])
    expect((await api.put('contacts/K-1', { phone: null })).json).toMatchObject({ name: marina.name, phone: null })
    expect((await api.put('contacts/K-1', { phone: marina.phone })).json.addresses).toHaveLength(2)
  })

  test('a whole list of addresses: those that are not in it are gone', async () => {
    const { json } = await api.put('contacts/K-1', { addresses: [{ externalId: 'office', zone: 'north' }] })
    expect(json.addresses).toMatchObject([{ externalId: 'office', address: 'Невский, 1', zone: 'north' }])
    const back = await api.put('contacts/K-1', { addresses: marina.addresses })
    const names = back.json.addresses.map((one: { externalId: string }) => one.externalId)
    expect(names.toSorted()).toEqual(['home', 'office'])
  })

  test('an order with an address that comes along', async () => {
    const address = { externalId: 'dacha', address: 'Зеленогорск, 5', zone: null }
    const made = await api.put('orders/O-2', { ...order, placedAt: '2026-02-01T10:00:00Z', address })
    expect([made.status, made.json.address]).toEqual([201, 'dacha'])
    expect((await api.get('contacts/K-1')).json).toMatchObject({ zone: null })
    expect((await api.delete('orders/O-2')).status).toBe(204)
    expect((await api.get('contacts/K-1')).json).toMatchObject({ zone: 'north' })
  })
})

describe('what is gone', () => {
  test('is gone once, stays so, and comes back when it is told of again', async () => {
    for (const path of ['orders/O-1', 'container-movements/M-1', 'zones/north']) {
      expect([(await api.delete(path)).status, (await api.delete(path)).status]).toEqual([204, 204])
      expect((await api.get(path)).json.code).toBe('not_found')
    }
    const contact = await api.get('contacts/K-1')
    expect([contact.json.zone, contact.json.addresses[0]?.zone]).toEqual([null, null])
    expect(
      (await api.put('orders/O-3', { ...order, address: { externalId: 'x', address: 'y', zone: 'north' } })).json,
    ).toMatchObject({
      code: 'fields_invalid',
      errors: [{ pointer: '/address/zone', code: 'unknown_reference' }],
    })
    expect((await api.put('zones/north', {})).status).toBe(201)
    expect((await api.put('orders/O-1', {})).status).toBe(201)
    expect((await api.put('container-movements/M-1', {})).json).toMatchObject({ delivered: 4, order: 'O-1' })
    expect((await api.get('contacts/K-1')).json.zone).toBe('north')
  })

  test('a contact is forgotten for good, and may begin anew', async () => {
    await api.put('contacts/K-9', { ...marina, name: 'Kto-to' })
    await api.put('orders/O-9', { ...order, contact: 'K-9' })
    await api.put('container-movements/M-9', { ...movement, contact: 'K-9', order: 'O-9' })
    // An order that went over to somebody else leaves their movement behind.
    await api.put('container-movements/M-8', { ...movement, order: 'O-1' })
    await api.put('orders/O-1', { contact: 'K-9' })
    expect((await api.delete('contacts/K-9')).status).toBe(204)
    for (const path of ['contacts/K-9', 'orders/O-9', 'orders/O-1', 'container-movements/M-9'])
      expect((await api.get(path)).status).toBe(404)
    expect((await api.get('container-movements/M-8')).json.order).toBeNull()
    expect(await findContacts('kto-to', 1)).toEqual([])
    expect((await api.delete('contacts/K-9')).status).toBe(404)
    expect((await api.put('contacts/K-9', {})).json).toMatchObject({ name: null, addresses: [] })
    expect((await api.put('orders/O-1', order)).status).toBe(201)
  })
})

describe('what cannot be taken', () => {
  const refused: [string, unknown, [pointer: string, code: string][]][] = [
    ['zones/new', {}, [['/name', 'missing']]],
    [
      'zones/new',
      { name: '', days: [8], districts: ['a', ' a '], colour: 'red', minimumMinor: 1.5 },
      [
        ['/minimumMinor', 'wrong_type'],
        ['/name', 'missing'],
        ['/districts/1', 'twice'],
        ['/colour', 'not_one_of'],
        ['/days/0', 'wrong_type'],
      ],
    ],
    ['zones/new', { name: 'x', minimumMinor: 1, currency: 'rub' }, [['/currency', 'not_a_currency']]],
    [
      'contacts/new',
      { name: 'a\u0000b', email: 'nobody', phone: 'call me', locale: '?' },
      [
        ['/name', 'not_text'],
        ['/email', 'not_an_email'],
        ['/phone', 'not_a_phone'],
        ['/locale', 'not_text'],
      ],
    ],
    [
      'contacts/new',
      { name: 'x'.repeat(101), role: 'owner', verifiedAt: 1 },
      [
        ['/role', 'unknown_field'],
        ['/verifiedAt', 'unknown_field'],
        ['/name', 'too_long'],
      ],
    ],
    ['contacts/new', { externalId: 'other' }, [['/externalId', 'other_name']]],
    [
      'contacts/new',
      { addresses: [{ externalId: 'a' }, { externalId: 'b', address: 'y', zone: 'nowhere' }] },
      [['/addresses/1/zone', 'unknown_reference']],
    ],
    ['contacts/new', { addresses: [{ externalId: 'a' }] }, [['/addresses/0/address', 'missing']]],
    [
      'contacts/new',
      { addresses: ['x', { externalId: 'a', id: '1', main: true }, { externalId: 'a', main: true }] },
      [
        ['/addresses/0', 'wrong_type'],
        ['/addresses/1/id', 'unknown_field'],
        ['/addresses/2/main', 'twice'],
        ['/addresses/2/externalId', 'twice'],
      ],
    ],
    ['orders/new', { ...order, contact: 'nobody' }, [['/contact', 'unknown_reference']]],
    ['orders/new', { ...order, address: 'nowhere' }, [['/address', 'unknown_reference']]],
    ['orders/new', {}, [['/contact', 'missing']]],
    [
      'orders/new',
      { contact: 'K-1' },
      [
        ['/placedAt', 'missing'],
        ['/currency', 'missing'],
        ['/sumMinor', 'missing'],
        ['/status', 'missing'],
      ],
    ],
    [
      'orders/new',
      { ...order, placedAt: '2026-01-31', sumMinor: -1, statusColour: 'red' },
      [
        ['/placedAt', 'not_a_time'],
        ['/sumMinor', 'out_of_range'],
        ['/statusColour', 'not_one_of'],
      ],
    ],
    [
      'orders/new',
      { ...order, lines: [{ name: 'x', quantity: '1e9' }, 7, { quantity: 1 }] },
      [
        ['/lines/0/quantity', 'not_a_decimal'],
        ['/lines/1', 'wrong_type'],
        ['/lines/2/name', 'missing'],
      ],
    ],
    [
      'container-movements/new',
      { contact: 'K-1' },
      [
        ['/type', 'missing'],
        ['/at', 'missing'],
      ],
    ],
    ['container-movements/new', { ...movement, delivered: 1e9, order: 'nothing' }, [['/delivered', 'out_of_range']]],
    ['container-movements/new', { ...movement, order: 'nothing' }, [['/order', 'unknown_reference']]],
  ]
  test.each(refused)('%s %j is refused with the place of each fault', async (path, body, faults) => {
    const { status, type, json } = await api.put(path, body)
    expect([status, type, json.code, json.type]).toEqual([
      422,
      'application/problem+json',
      'fields_invalid',
      'urn:kontuar:problem:fields_invalid',
    ])
    expect(json.errors.map((one: { pointer: string; code: string }) => [one.pointer, one.code])).toEqual(faults)
    expect(json.errors.every((one: { detail: string }) => one.detail.length > 5)).toBe(true)
    expect((await api.get(path)).status).toBe(404)
  })

  test.each(['', '{', '[]', 'null', '"x"', '\ufeff\u0000'])('a body of %j is no JSON object', async (body) => {
    expect((await api.put('contacts/new', body)).json).toMatchObject({ status: 400, code: 'json_invalid' })
  })

  test('a body that is too long, of another type, or not in UTF-8 is refused', async () => {
    expect((await api.put('contacts/new', { name: 'x'.repeat(70_000) })).json.code).toBe('too_large')
    expect((await api.put('contacts/new', {}, { 'content-type': 'text/plain' })).json.code).toBe('json_invalid')
    const bytes = new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x7d])
    const headers = { authorization: `Bearer ${api.key}`, 'content-type': 'application/json' }
    const answer = await fetch(`${house.url}/api/v1/contacts/new`, { method: 'PUT', headers, body: bytes })
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([400, 'json_invalid'])
  })

  test('a name in the address that is none is refused', async () => {
    for (const path of [
      'contacts/%00',
      'contacts/%20',
      'contacts/a%20',
      'contacts/%zz',
      'contacts/%ff',
      `contacts/${'x'.repeat(201)}`,
    ])
      expect((await api.put(path, {})).json).toMatchObject({
        code: 'fields_invalid',
        errors: [{ pointer: '/externalId' }],
      })
    for (const name of ['№ 7/8', 'a.b', 'über', '🙂', '%', 'x'.repeat(200)])
      expect((await api.put(`contacts/${encodeURIComponent(name)}`, {})).json.externalId).toBe(name)
  })

  test('it is said in the language that was asked for', async () => {
    const { json } = await api.put('zones/new', {}, { 'accept-language': 'ru' })
    expect(json.errors[0]?.detail).toBe('Обязательное поле.')
  })
})

describe('a version', () => {
  test('that is not there any more is not written over', async () => {
    const { etag } = await api.put('contacts/K-5', { name: 'One' })
    expect((await api.put('contacts/K-5', { name: 'Two' }, { 'if-match': etag ?? '' })).status).toBe(200)
    const late = await api.put('contacts/K-5', { name: 'Three' }, { 'if-match': etag ?? '' })
    expect([late.status, late.json.code]).toEqual([412, 'precondition_failed'])
    expect((await api.delete('contacts/K-5', { 'if-match': etag ?? '' })).status).toBe(412)
    expect((await api.put('contacts/K-6', {}, { 'if-match': '*' })).status).toBe(412)
    expect((await api.put('contacts/K-5', {}, { 'if-none-match': '*' })).status).toBe(412)
    for (const path of ['zones/north', 'orders/O-1', 'container-movements/M-1'])
      expect((await api.put(path, {}, { 'if-match': '"other"' })).status).toBe(412)
    expect((await api.get('contacts/K-5')).json.name).toBe('Two')
  })

  test('that is known is not sent again', async () => {
    const { etag } = await api.get('zones/north')
    const again = await api.get('zones/north', { 'if-none-match': etag ?? '' })
    expect([again.status, again.text, again.etag]).toEqual([304, '', etag])
  })
})

describe('a key', () => {
  test('is asked of everybody, and a session is none', async () => {
    const asked: [string, string][] = ['zones/north', 'contacts/K-1', 'orders/O-1', 'container-movements/M-1'].flatMap(
      (path) => ['GET', 'PUT', 'DELETE'].map((method): [string, string] => [method, path]),
    )
    for (const [method, path] of asked) {
      const answer = await new ApiClient(house.url, 'kontuar_wrong').request(
        method,
        path,
        method === 'PUT' ? '{}' : undefined,
      )
      expect([method, path, answer.status, answer.json.code]).toEqual([method, path, 401, 'key_invalid'])
    }
    expect((await api.get('contacts/K-1')).json.name).toBe(marina.name)
  })

  test('that was revoked opens nothing any more; its last use is kept', async () => {
    const clara = await hire('Claudia', 'admin')
    const { key, kept } = await makeKey(clara, 'short')
    const program = new ApiClient(house.url, key)
    expect((await program.get('contacts/K-1')).status).toBe(200)
    const [used] = await db.select().from(apiKeys).where(eq(apiKeys.id, kept.id))
    expect(used?.usedAt).toBeNumber()
    await revokeKey(clara, kept.id, true)
    expect((await program.get('contacts/K-1')).json.code).toBe('key_invalid')
  })
})

test('a contact is not told of as their own browser, and nothing of another house is answered', async () => {
  const [row] = await db.select().from(orders).limit(1)
  const { text } = await api.get('orders/O-1')
  expect([text.includes(row?.id ?? ''), text.includes(row?.contactId ?? '')]).toEqual([false, false])
})

test('whoever tries keys out is slowed down, and whoever has one is not', async () => {
  const guesses = await Promise.all(
    Array.from({ length: 60 }, (_, n) => new ApiClient(house.url, `kontuar_${n}`).get('contacts/K-1')),
  )
  const slowed = guesses.filter(({ status }) => status === 429)
  expect(slowed.length).toBeGreaterThan(10)
  expect([slowed[0]?.json.code, Number(slowed[0]?.retryAfter) > 0]).toEqual(['rate_limited', true])
  expect(guesses.every(({ status }) => status === 401 || status === 429)).toBe(true)
  expect((await api.get('contacts/K-1')).status).toBe(200)
})
