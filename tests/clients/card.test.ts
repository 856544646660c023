import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { eq } from 'drizzle-orm'
import { linkVisitor } from '../../src/features/clients/index.ts'
import { contacts, findContacts } from '../../src/features/contacts/index.ts'
import { findConversation } from '../../src/features/conversations/index.ts'
import { ordersById } from '../../src/features/orders/index.ts'
import { listChanges } from '../../src/features/settings/index.ts'
import { listZones } from '../../src/features/zones/index.ts'
import { db } from '../../src/platform/db/open.ts'
import { linesTyped } from '../../views/console/order-lines.ts'
import { AgentClient } from '../support/agent-client.ts'
import { ApiClient } from '../support/api-client.ts'
import { openHouse, type TestHouse } from '../support/house.ts'
import { refusalOf } from '../support/refusal.ts'
import { hire } from '../support/cast.ts'
import { atConsole, type Boris, visitorWrites } from '../inbox/stage.ts'

let house: TestHouse
let api: ApiClient
let anna: AgentClient
let pavel: AgentClient
let clara: AgentClient
let boris: Boris

beforeAll(async () => {
  house = await openHouse({ 'no-limits': true })
  api = await ApiClient.of(house.url, 'Program')
  ;[anna, pavel, clara] = [
    await atConsole(house, 'Anna'),
    await atConsole(house, 'Pavel'),
    await atConsole(house, 'Clara', 'admin'),
  ]
  await api.put('zones/north', {
    name: 'North',
    districts: ['Parnas'],
    colour: 'cyan',
    days: [1, 3],
    minimumMinor: 50_000,
    currency: 'RUB',
  })
  await api.put('contacts/K-1', {
    name: 'Marina Sokolova',
    addresses: [{ externalId: 'home', address: 'Lenina 1', zone: 'north', district: 'Parnas' }],
  })
  boris = await visitorWrites(house, 'Good morning')
})
afterAll(() => house.close())

const of = (path = '') => `/c/${boris.conversationId}${path}`
const card = async (query = '', who = anna) => (await who.get(of(`/card${query}`))).text
const idOf = async (externalId: string) =>
  (await db.select().from(contacts).where(eq(contacts.externalId, externalId)))[0]?.id ?? ''
const html = { accept: 'text/html' }
const things = async (what: string) =>
  [...(await card('?more=1')).matchAll(new RegExp(`data-sheet="[^"]*/${what}/([\\w-]{36})"`, 'g'))].map(
    ([, id]) => id ?? '',
  )
const inWords = (markup: string) => markup.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ')

describe('a visitor', () => {
  test('is found by name, by the shop’s number and by an order’s, and linked by one press', async () => {
    await api.put('orders/O-1', {
      contact: 'K-1',
      number: '48213',
      placedAt: '2026-01-31T18:00:00Z',
      currency: 'RUB',
      sumMinor: 167_050,
      status: 'On the way',
      statusColour: 'green',
      address: 'home',
      lines: [{ name: 'Water, 19 l', quantity: '4', sumMinor: 148_000 }],
    })
    for (const query of ['sokol', 'K-1', '482']) {
      const { text } = await anna.get(of(`/link/found?was=&q=${query}`))
      expect([query, inWords(text)]).toEqual([
        query,
        expect.stringMatching(/Marina Sokolova .*K-1 .*No. 48213 .*North/),
      ])
    }
    expect((await anna.get(of('/link/found?was=&q=%25'))).text).toContain('Nobody found')
    const live = await pavel.live()
    live.watch(boris.conversationId)
    await live.ping()
    expect((await anna.request('PUT', of(`/link?contact=${await idOf('K-1')}&was=`))).status).toBe(200)
    await live.message((text) => text === '{"poke":"card-changed"}')
    await live.close()
    expect((await findConversation(boris.conversationId))?.zoneId).toBe((await listZones())[0]?.id)
    const shown = inWords(await card('', pavel))
    expect(shown).toContain('Linked by Anna,')
    expect(shown).toMatch(
      /Last order On the way .*Water, 19 l 4 ₽1,480 No. 48213 , 18:00 ₽1,670.50 .*Address North .*Lenina 1 District Parnas, Mon, Wed/,
    )
  })

  test('whom two agents link at once is who the first of them said', async () => {
    const other = await visitorWrites(house, 'Hello')
    await api.put('contacts/K-2', { name: 'Oleg' })
    const [one, two] = [await idOf('K-1'), await idOf('K-2')]
    const answers = await Promise.all([
      anna.request('PUT', `/c/${other.conversationId}/link?contact=${one}&was=`),
      pavel.request('PUT', `/c/${other.conversationId}/link?contact=${two}&was=`),
    ])
    expect(answers.map(({ status }) => `${status}`).toSorted()).toEqual(['200', '409'])
    expect(answers.find(({ status }) => status === 409)?.json.code).toBe('linked_meanwhile')
    // Histories of both browsers stand together.
    const mine = answers[0]?.status === 200
    if (mine) expect(await card()).toContain(`href="/c/${other.conversationId}"`)
    await anna.request('DELETE', `/c/${other.conversationId}/link`)
    expect(await card()).not.toContain(`href="/c/${other.conversationId}"`)
  })

  test('is unlinked, is who they were before, and linked again by undo', async () => {
    expect((await pavel.request('DELETE', of('/link'))).status).toBe(204)
    expect((await pavel.request('DELETE', of('/link'))).json.code).toBe('not_found')
    expect(await card()).not.toContain('Marina')
    expect((await findConversation(boris.conversationId))?.zoneId).toBeNull()
    expect((await pavel.request('PUT', of(`/link?contact=${await idOf('K-1')}`))).status).toBe(200)
    expect(inWords(await card('?history=1'))).toMatch(/Pavel : Link to visitor \w{4} linked/)
    for (const nobody of ['', 'x', boris.conversationId])
      expect((await anna.request('PUT', of(`/link?contact=${nobody}`))).json.code).toBe('not_found')
  })

  test('becomes somebody new, of whom at least one thing is known', async () => {
    const other = await visitorWrites(house, 'Somebody new')
    const link = `/c/${other.conversationId}/link`
    const refused = await anna.request('POST', link, { name: ' ', email: '', phone: '', was: '' }, html)
    expect([refused.status, refused.text.includes('Enter a name.')]).toEqual([422, true])
    const wrong = await anna.request('POST', link, { name: 'Nina <b>', email: 'nina', phone: '', was: '' }, html)
    expect([wrong.status, wrong.text.includes('value="Nina &lt;b>"')]).toEqual([422, true])
    expect(
      (await anna.request('POST', link, { name: 'Nina Novaya', email: '', phone: '', was: '' }, html)).status,
    ).toBe(204)
    expect((await findContacts('novaya', 1))[0]?.name).toBe('Nina Novaya')
    expect((await anna.get(`/c/${other.conversationId}/card`)).text).toContain('Nina Novaya')
    // What stands there was written by hand: an address begins from nothing.
    const added = await anna.request('POST', `/c/${other.conversationId}/addresses`, { address: 'Mira 5' })
    expect([added.status, inWords((await anna.get(`/c/${other.conversationId}/card`)).text)]).toEqual([
      204,
      expect.stringContaining('Mira 5'),
    ])
  })

  test('who is nobody has nothing to be written on', async () => {
    const { conversationId } = await visitorWrites(house, 'Nobody')
    for (const what of ['addresses', 'orders', 'movements']) {
      expect((await anna.get(`/c/${conversationId}/${what}/new`)).status).toBe(404)
      expect((await anna.request('POST', `/c/${conversationId}/${what}`, {})).json.code).toBe('not_found')
    }
    const strangers = linkVisitor(await hire('Fedor'), 'nobody', { contactId: await idOf('K-1') })
    expect(await refusalOf(strangers)).toBe('not_found')
  })
})

describe('by hand', () => {
  test('an address is written, changed, taken away and brought back, and the zone follows', async () => {
    const [zone] = await listZones()
    const wrong = await anna.request('POST', of('/addresses'), { address: '', zone: zone!.id, note: 'Gate' }, html)
    expect([wrong.status, wrong.text.includes('Gate</textarea>'), wrong.text.includes('aria-invalid')]).toEqual([
      422,
      true,
      true,
    ])
    expect((await anna.request('POST', of('/addresses'), { address: 'Nevsky 2', zone: 'x' })).json.code).toBe(
      'fields_invalid',
    )
    await api.delete('orders/O-1')
    const kept = { address: 'Nevsky 2', zone: '', district: 'Centre', note: 'Gate', main: 'on' }
    expect((await anna.request('POST', of('/addresses'), kept)).status).toBe(204)
    expect((await findConversation(boris.conversationId))?.zoneId).toBeNull()
    const [id] = await things('addresses')
    const sheet = (await anna.get(of(`/addresses/${id}`))).text
    const version = /name="version" value="(\d+)"/.exec(sheet)?.[1] ?? ''
    expect((await pavel.request('PUT', of(`/addresses/${id}`), { ...kept, zone: zone!.id, version })).status).toBe(204)
    expect((await findConversation(boris.conversationId))?.zoneId).toBe(zone!.id)
    const late = await anna.request('PUT', of(`/addresses/${id}`), { ...kept, address: 'Nevsky 3', version }, html)
    expect([
      late.status,
      late.text.includes('It was changed meanwhile'),
      late.text.includes('value="Nevsky 3"'),
    ]).toEqual([409, true, true])
    expect((await anna.request('PUT', of(`/addresses/${id}/removal`))).status).toBe(204)
    expect(await card('?more=1')).not.toContain('Nevsky 2')
    expect((await anna.request('DELETE', of(`/addresses/${id}/removal`))).status).toBe(204)
    expect(await card('?more=1')).toContain('Nevsky 2')
    const history = inWords(await card('?history=1'))
    expect(history).toMatch(
      /Anna : Address Address: Nevsky 2 .*Anna : Address deleted .*Pavel : Address Delivery zone: North/,
    )
  })

  test('an order is written with a sum as people write it, and its history says who did', async () => {
    const typed = {
      number: 'H-1',
      placedAt: '2026-02-01T09:30:00.000Z',
      sum: '1 670,5',
      currency: 'rub',
      status: 'New',
      statusColour: 'blue',
      address: '',
      note: '',
    }
    const wrong = await anna.request('POST', of('/orders'), { ...typed, number: '', sum: 'much', placedAt: '' }, html)
    expect([wrong.status, [...wrong.text.matchAll(/aria-invalid/g)].length]).toEqual([422, 3])
    expect((await anna.request('POST', of('/orders'), typed)).status).toBe(204)
    expect(inWords(await card())).toMatch(/Last order New .*No. H-1 , 09:30 ₽1,670.50/)
    const [id] = await things('orders')
    expect((await anna.get(of(`/orders/${id}`))).text).toContain('value="1670.50"')
    expect((await pavel.request('PUT', of(`/orders/${id}`), { ...typed, status: 'Delivered' })).status).toBe(204)
    expect(inWords(await card('?history=1'))).toContain('Pavel : Order H-1 Status: New Delivered')
    expect((await anna.request('PUT', of(`/orders/${id}/removal`))).status).toBe(204)
    expect(await card('?more=1')).not.toContain('No. H-1')
    await anna.request('DELETE', of(`/orders/${id}/removal`))
    expect(await card('?more=1')).toContain('No. H-1')
    expect((await anna.request('POST', of('/orders'), { ...typed, address: 'x' })).json.code).toBe('fields_invalid')
  })

  test('the lines of an order are written a row for each, and those that the shop has told stay as they are', async () => {
    const typed = { number: 'H-2', placedAt: '2026-02-02T09:30:00.000Z', sum: '1480', currency: 'rub', status: 'New' }
    const before = await things('orders')
    const wrong = ['; 2', 'Water; many', 'Water; 2; much', 'Water; 1; 2; 3', `${'x'.repeat(201)}; 1`]
    for (const lines of wrong) {
      const answer = await anna.request('POST', of('/orders'), { ...typed, lines }, html)
      expect([lines, answer.status, [...answer.text.matchAll(/aria-invalid/g)].length]).toEqual([lines, 422, 1])
      expect(answer.text).toContain(Bun.escapeHTML(lines))
    }
    expect(await things('orders')).toEqual(before)
    const lines = 'Water, 19 l; 1,5 pcs; 1 480\r\n\r\nPump'
    expect((await anna.request('POST', of('/orders'), { ...typed, lines })).status).toBe(204)
    const [id] = await things('orders')
    expect((await anna.get(of(`/orders/${id}`))).text).toContain('Water, 19 l; 1.5 pcs; 1480.00\nPump; 1</textarea>')
    expect(inWords(await card())).toMatch(/Water, 19 l 1.5 pcs ₽1,480 Pump 1 No. H-2/)
    expect((await pavel.request('PUT', of(`/orders/${id}`), { ...typed, status: 'Sent' })).status).toBe(204)
    expect(inWords(await card())).toContain('Pump')
    expect((await pavel.request('PUT', of(`/orders/${id}`), { ...typed, lines: '' })).status).toBe(204)
    expect(inWords(await card())).not.toContain('Pump')
    expect(inWords(await card('?history=1'))).toContain('Lines: Water, 19 l; 1.5 pcs; 1480.00 Pump; 1')
    // What the shop tells may hold what cannot be typed: saved as it was shown, it stays.
    const told = [{ name: 'Water; 19 l', quantity: '2', sumMinor: -5 }]
    const order = { contact: 'K-1', number: 'F-1', placedAt: '2026-02-03T09:30:00Z', currency: 'RUB', sumMinor: 1 }
    await api.put('orders/F-1', { ...order, status: 'New', lines: told })
    const [fed] = await things('orders')
    const changed = { ...typed, number: 'F-1', lines: linesTyped(told, 'RUB') }
    expect((await anna.request('PUT', of(`/orders/${fed}`), changed)).status).toBe(204)
    expect((await ordersById([fed ?? ''])).get(fed ?? '')).toMatchObject({ sumMinor: 148_000, lines: told })
    for (const one of [id, fed]) await anna.request('PUT', of(`/orders/${one}/removal`))
  })

  test('containers are written, and what is owed follows', async () => {
    const typed = { type: '19 l', delivered: '4', returned: '', at: '2026-02-01T09:30:00.000Z', note: '' }
    for (const wrong of [{ delivered: '' }, { delivered: 'x' }, { type: '' }, { at: 'x' }])
      expect((await anna.request('POST', of('/movements'), { ...typed, ...wrong })).json.code).toBe('fields_invalid')
    expect((await anna.request('POST', of('/movements'), typed)).status).toBe(204)
    expect(inWords(await card('?more=1'))).toMatch(/owes 4 containers .*Delivered 09:30 \+4 .*19 l 4/)
    const [id] = await things('movements')
    expect((await anna.get(of(`/movements/${id}`))).text).toContain('value="19 l"')
    expect((await pavel.request('PUT', of(`/movements/${id}`), { ...typed, returned: '3' })).status).toBe(204)
    expect(inWords(await card('?more=1'))).toContain('owes 1 container ')
    await anna.request('PUT', of(`/movements/${id}/removal`))
    expect(inWords(await card('?more=1'))).not.toContain('owes')
    await anna.request('DELETE', of(`/movements/${id}/removal`))
    expect(inWords(await card('?more=1&history=1'))).toMatch(/Pavel : Containers “19 l” Returned: 0 3/)
  })

  test('nothing of somebody else’s is reached through one’s own conversation', async () => {
    await api.put('contacts/K-7', { name: 'Foreign', addresses: [{ externalId: 'a', address: 'Foreign 7' }] })
    const other = await visitorWrites(house, 'Mine')
    await anna.request('PUT', `/c/${other.conversationId}/link?contact=${await idOf('K-7')}`)
    for (const what of ['addresses', 'orders', 'movements']) {
      const [id = ''] = await things(what)
      const path = `/c/${other.conversationId}/${what}/${id}`
      expect([what, (await anna.get(path)).status]).toEqual([what, 404])
      expect((await anna.request('PUT', `${path}/removal`)).json.code).toBe('not_found')
    }
    const stranger = { ...anna, cookies: new Map() }
    expect(stranger.cookies.size).toBe(0)
  })
})

test('none of it is for strangers, nor for pages of somebody else', async () => {
  const [zone] = await listZones()
  const asked: [string, string][] = [
    ['GET', of('/link')],
    ['GET', of('/link/found?was=&q=marina')],
    ...['POST', 'PUT', 'DELETE'].map((method): [string, string] => [method, of('/link')]),
    ...['addresses', 'orders', 'movements'].flatMap((what): [string, string][] => [
      ['GET', of(`/${what}/new`)],
      ['GET', of(`/${what}/x`)],
      ['POST', of(`/${what}`)],
      ['PUT', of(`/${what}/x`)],
      ['PUT', of(`/${what}/x/removal`)],
      ['DELETE', of(`/${what}/x/removal`)],
    ]),
    ['POST', '/settings/zones'],
    ['PUT', `/settings/zones/${zone!.id}`],
    ['PUT', `/settings/zones/${zone!.id}/place`],
    ['PUT', `/settings/zones/${zone!.id}/removal`],
    ['DELETE', `/settings/zones/${zone!.id}/removal`],
    ['POST', '/settings/api-keys'],
  ]
  for (const [method, path] of asked) {
    const stranger = await new AgentClient(house.url).request(method, path)
    expect([method, path, stranger.json.code]).toEqual([method, path, 'sign_in_needed'])
    if (method === 'GET') continue
    const lent = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }
    const foreign = await clara.request(method, path, { address: 'x' }, lent)
    expect([method, path, foreign.json.code]).toEqual([method, path, 'cross_site'])
  }
})

test('a history of orders goes on, page by page', async () => {
  for (let n = 0; n < 24; n++)
    await api.put(`orders/H-${n}`, {
      contact: 'K-1',
      number: `N${n}`,
      placedAt: new Date(Date.UTC(2020, 0, 1 + n)).toISOString(),
      currency: 'EUR',
      sumMinor: 100,
      status: 'Done',
    })
  const seen: string[] = []
  let address = '?more=1'
  for (let pages = 0; pages < 9; pages++) {
    const shown = await card(address)
    seen.push(...[...shown.matchAll(/<li id="order-[\s\S]*?No\. ([\w-]+)/g)].map(([, number]) => number ?? ''))
    const next = /hx-get="[^"]*\/card\?([^"]*orders=[^"]*)"[^>]*>Older/.exec(shown)?.[1]
    if (next === undefined) break
    address = `?${next.replaceAll('&amp;', '&')}`
  }
  expect(seen).toEqual(['H-1', ...Array.from({ length: 24 }, (_, n) => `N${23 - n}`)])
  expect((await anna.get(of('/card?more=1&orders=x'))).status).toBe(400)
})

test('what is told over REST shows in an open card at once', async () => {
  const live = await pavel.live()
  live.watch(boris.conversationId)
  await live.ping()
  await api.put('container-movements/M-1', { contact: 'K-1', type: '5 l', delivered: 2, at: '2026-01-01T00:00:00Z' })
  await live.message((text) => text === '{"poke":"card-changed"}')
  expect(inWords(await card('?more=1', pavel))).toContain('5 l 2')
  await live.close()
})

describe('zones in the cabinet', () => {
  const zones = async () => (await listZones()).map(({ name }) => name)

  test('are written, moved, taken away and brought back, and the log says by whom', async () => {
    const wrong = await clara.request('POST', '/settings/zones', { name: '', minimum: 'x', districts: 'A\nB' }, html)
    expect([wrong.status, wrong.text.includes('A\nB</textarea>')]).toEqual([422, true])
    const typed = {
      name: 'South',
      districts: 'A\n\n B ',
      colour: 'pink',
      'day-5': 'on',
      'day-1': 'on',
      minimum: '700',
      currency: 'rub',
      note: '',
      externalId: 'south',
    }
    expect((await clara.request('POST', '/settings/zones', typed, html)).status).toBe(204)
    expect((await listZones())[1]).toMatchObject({
      districts: ['A', 'B'],
      days: [1, 5],
      minimumMinor: 70_000,
      currency: 'RUB',
      externalId: 'south',
    })
    const twin = await clara.request('POST', '/settings/zones', { ...typed, name: 'Other' }, html)
    expect([twin.status, twin.text.includes('Another one has this already.')]).toEqual([422, true])
    const suggested = (await clara.request('GET', '/settings/zones/new', undefined, html)).text
    const colours = (await listZones()).map(({ colour }) => colour)
    expect(colours).not.toContain(/<option value="(\w+)" selected/.exec(suggested)?.[1] ?? colours[0])
    const [north, south] = await listZones()
    const version = `${south!.changedAt}`
    expect(
      (
        await clara.request('PUT', `/settings/zones/${south!.id}`, {
          ...typed,
          name: 'Far south',
          minimum: '',
          version,
        })
      ).status,
    ).toBe(200)
    expect((await listZones())[1]).toMatchObject({ name: 'Far south', minimumMinor: null, currency: null })
    const late = await clara.request('PUT', `/settings/zones/${south!.id}`, { ...typed, version: '1' }, html)
    expect([late.status, late.text.includes('It was changed meanwhile')]).toEqual([409, true])
    expect((await clara.request('PUT', `/settings/zones/${south!.id}/place`, { after: '' })).status).toBe(204)
    expect(await zones()).toEqual(['Far south', 'North'])
    expect((await clara.request('PUT', `/settings/zones/${south!.id}/place`, { after: north!.id })).status).toBe(204)
    expect((await clara.request('PUT', `/settings/zones/${south!.id}/place`, { after: 'x' })).json.code).toBe(
      'not_found',
    )
    expect((await clara.request('PUT', `/settings/zones/${south!.id}/removal`)).status).toBe(204)
    expect(await zones()).toEqual(['North'])
    expect((await clara.request('DELETE', `/settings/zones/${south!.id}/removal`)).status).toBe(204)
    expect(await zones()).toEqual(['North', 'Far south'])
    expect((await listChanges('zones', null, 6)).map(({ kind }) => kind)).toEqual([
      'restored',
      'removed',
      'changed',
      'changed',
      'changed',
      'created',
    ])
    const page = (await clara.get('/settings/zones')).text
    expect(inWords(page)).toMatch(/North Mon, Wed · from ₽500 Parnas .*Far south/)
    expect((await clara.get('/settings/zones/list')).text).toContain(`id="zone-${north!.id}"`)
    expect((await clara.get(`/settings/zones/${north!.id}`)).text).toContain('value="500.00"')
  })

  test('are for those who run the shop', async () => {
    const [zone] = await listZones()
    const asked = [
      ['GET', '/settings/zones'],
      ['GET', '/settings/zones/list'],
      ['GET', '/settings/zones/new'],
      ['GET', `/settings/zones/${zone!.id}`],
      ['POST', '/settings/zones'],
      ['PUT', `/settings/zones/${zone!.id}`],
      ['PUT', `/settings/zones/${zone!.id}/place`],
      ['PUT', `/settings/zones/${zone!.id}/removal`],
      ['DELETE', `/settings/zones/${zone!.id}/removal`],
    ] as const
    for (const [method, path] of asked)
      expect([method, path, (await anna.request(method, path)).json.code]).toEqual([method, path, 'forbidden'])
    expect(await zones()).toContain(zone!.name)
  })
})
