import { afterAll, beforeAll, expect, spyOn, test } from 'bun:test'
import { inArray } from 'drizzle-orm'
import { makeKey } from '../../src/features/api-keys/index.ts'
import { conversations } from '../../src/features/conversations/index.ts'
import { createSite } from '../../src/features/sites/index.ts'
import { endTold, noticeKey, tellAgents } from '../../src/features/system-messages/index.ts'
import { zones } from '../../src/features/zones/index.ts'
import { db } from '../../src/platform/db/open.ts'
import { write } from '../../src/platform/db/write.ts'
import { newId } from '../../src/platform/lib/id.ts'
import { locales } from '../../src/platform/lib/i18n.ts'
import { record } from '../../src/platform/live/bus.ts'
import type { AgentClient } from '../support/agent-client.ts'
import { hire } from '../support/cast.ts'
import { openHouse, type TestHouse } from '../support/house.ts'
import { eventually } from '../support/waiting.ts'
import { atConsole, type Boris, visitorWrites } from './stage.ts'

let house: TestHouse
let anna: AgentClient
let boris: Boris
let clara: Boris
const [north, centre, hostile] = [newId(), newId(), newId()]

beforeAll(async () => {
  house = await openHouse({ 'no-limits': true })
  anna = await atConsole(house, 'Anna', 'owner')
  const made = { districts: [], colour: 'blue', days: [], createdAt: 1, changedAt: 1 }
  await write((tx) =>
    tx.insert(zones).values([
      { id: north, name: 'North', position: 0, ...made },
      { id: centre, name: 'Centre', position: 1, ...made },
      { id: hostile, name: '<img src=x onerror=alert(1)>', position: 2, ...made },
    ]),
  )
  boris = await visitorWrites(house, 'Where is my water?')
  clara = await visitorWrites(house, 'Is the spring cold?')
  await place([boris.conversationId], north)
})
afterAll(() => house.close())

const place = (ids: string[], zoneId: string | null) =>
  write(async (tx) => {
    await tx.update(conversations).set({ zoneId }).where(inArray(conversations.id, ids))
    await record(tx, 'conversations.zoned', { conversationIds: ids })
  })

const asHtmx = { accept: 'text/html', 'hx-request': 'true' }
const anew = async (query: string) => (await anna.request('GET', `/inbox/rows?${query}`, undefined, asHtmx)).text
const rowsIn = (html: string): string[] => [...html.matchAll(/<li id="row-([0-9a-f-]{36})"/g)].map(([, id = '']) => id)
const wordsOf = (html: string): string =>
  html
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
const partOf = (html: string, id: string): string =>
  new RegExp(`<[a-z]+[^>]* id="${id}".*?</(?:a|button|div)>`, 's').exec(html)?.[0] ?? ''

test('the address is the filter: each list, its counts and its links keep what is chosen', async () => {
  const html = await anew(`folder=waiting&zone=${north}&unread=1&kind=users`)
  expect(rowsIn(html)).toEqual([boris.conversationId])
  expect(wordsOf(partOf(html, 'filter-unread'))).toBe('Unread 1')
  const query = `unread=1&amp;zone=${north}&amp;kind=users`
  expect(html).toContain(`href="/inbox?folder=finished&amp;${query}"`)
  expect(html).toContain(`/c/${boris.conversationId}?folder=waiting&amp;${query}`)
  expect(rowsIn(await anew('folder=waiting&zone=none'))).toEqual([clara.conversationId])
  expect(rowsIn(await anew(`folder=waiting&zone=none.${north}`))).toEqual([boris.conversationId, clara.conversationId])
  expect(rowsIn(await anew(`folder=waiting&zone=${centre}`))).toEqual([])
  expect(rowsIn(await anew(`folder=waiting&site=${newId()}`))).toEqual([])
})

test.each(locales)('in %s a filtered list that asks again has the bytes of the page', async (locale) => {
  const query = `folder=waiting&zone=${[north, 'none'].toSorted().join('.')}`
  const headers = { accept: 'text/html', 'accept-language': locale }
  const page = await anna.request('GET', `/inbox?${query}`, undefined, headers)
  const again = await anna.request('GET', `/inbox/rows?${query}`, undefined, { ...asHtmx, ...headers })
  const [, rows = ''] = /hx-target="#rows[^"]*" hx-swap="innerMorph">(.*?)<\/hx-partial>/s.exec(again.text) ?? []
  const [, head = ''] = /hx-target="#list-head[^"]*" hx-swap="outerMorph">(.*?)<\/hx-partial>/s.exec(again.text) ?? []
  expect(rows.length).toBeGreaterThan(100)
  expect(page.text).toContain(rows)
  expect(page.text).toContain(head)
})

test('a filter names what it can: zones by their names as text, each with its count; one that is gone says so', async () => {
  const html = await anew('folder=waiting')
  expect(wordsOf(partOf(html, `zone-${north}`))).toBe('North 1')
  expect(wordsOf(partOf(html, 'zone-none'))).toBe('No zone 1')
  expect(html).not.toContain('<img src=x')
  expect(wordsOf(await anew(`folder=waiting&zone=${newId()}`))).toContain('removed zone')
  expect(html).not.toContain('id="filter-site"')
})

test('one site, or all', async () => {
  const other = await write((tx) => createSite(tx, { name: 'Juice' }))
  await clara.say('And is it deep?')
  await eventually(async () => (await anew('folder=waiting')).includes(`site-${other.id}`), true)
  expect(wordsOf(partOf(await anew('folder=waiting'), `site-${other.id}`))).toBe('Juice 0')
  expect(rowsIn(await anew(`folder=waiting&site=${other.id}`))).toEqual([])
  expect(rowsIn(await anew(`folder=waiting&site=${house.site.id}&zone=${north}`))).toEqual([boris.conversationId])
})

test('where filters leave nothing, they are named, and each can be dropped', async () => {
  const html = await anew(`folder=waiting&zone=${centre}&unread=1`)
  expect(wordsOf(html)).toContain('Nothing here: Waiting')
  expect(html).toContain('aria-label="Drop the filter “Zone: Centre”"')
  expect(html).toContain('href="/inbox?folder=waiting&amp;unread=1"')
  expect(html).toContain(`href="/inbox?folder=waiting&amp;zone=${centre}"`)
  expect(wordsOf(html)).toContain('Drop all filters')
})

test.each([
  'zone=north',
  "zone=' OR 1=1",
  'zone=none.x',
  'site=none',
  'site=1',
  'kind=agents',
  `zone=${Array.from({ length: 101 }, () => newId()).join('.')}`,
])('a filter that cannot be is refused: %.20s', async (query) => {
  expect((await anna.get(`/inbox/rows?folder=waiting&${query}`, 'application/json')).json.code).toBe('bad_request')
})

test('what the system says stands above every folder, not among a zone’s, is escaped, and is counted once', async () => {
  await tellAgents({ kind: 'notice', title: '<script>alert(1)</script>', link: 'https://a.example/x' })
  const before = Number(/data-unread="(\d+)"/.exec(await anew('folder=waiting'))?.[1])
  for (const folder of ['waiting', 'active', 'finished']) {
    const html = await anew(`folder=${folder}`)
    expect(html).toContain('id="system-row"')
    expect(html).toContain('&lt;script>alert(1)&lt;/script>')
  }
  for (const query of [`zone=${north}`, 'zone=none', `site=${house.site.id}`, 'kind=users'])
    expect(await anew(`folder=waiting&${query}`)).not.toContain('id="system-row"')
  await tellAgents({ kind: 'notice', title: 'Another one' })
  expect(Number(/data-unread="(\d+)"/.exec(await anew('folder=waiting'))?.[1])).toBe(before)
  expect(wordsOf(partOf(await anew('folder=waiting'), 'filter-system'))).toBe('System messages 2')
  const alone = await anew('folder=waiting&kind=system')
  expect([...alone.matchAll(/<li id="system-/g)]).toHaveLength(2)
  expect(rowsIn(alone)).toEqual([])
})

test('Read all of the system’s messages reads those alone, and Undo puts exactly them back', async () => {
  const unread = async () => Number(/data-unread="(\d+)"/.exec(await anew('folder=waiting'))?.[1])
  const before = await unread()
  const { json } = await anna.request('POST', '/inbox/read-all?folder=waiting&kind=system')
  const {
    id,
    conversations: read,
    system,
  } = json as { id: null; conversations: number; system: { from: number; to: number } }
  expect([id, read]).toEqual([null, 0])
  expect(await unread()).toBe(before - 1)
  const undo = `/inbox/read-all/none?folder=waiting&kind=system&system=${system.from}-${system.to}`
  await anna.request('DELETE', undo)
  expect(await unread()).toBe(before)
  await anna.request('DELETE', undo)
  expect(await unread()).toBe(before)
  // Of all that is listed: what clients write, and what the system says.
  const whole = (await anna.request('POST', '/inbox/read-all?folder=waiting')).json as typeof json
  expect(await unread()).toBe(0)
  const both = whole as unknown as { id: string; system: { from: number; to: number } }
  await anna.request('DELETE', `/inbox/read-all/${both.id}?folder=waiting&system=${both.system.from}-${both.system.to}`)
  expect(await unread()).toBe(before)
})

test('one press hides the system’s messages for that agent alone, and one brings them back', async () => {
  expect((await anna.request('PUT', '/system/hidden?folder=waiting')).json).toEqual({ hidden: true })
  expect(await anew('folder=waiting')).not.toContain('id="system-row"')
  expect([...(await anew('folder=waiting&kind=system')).matchAll(/<li id="system-/g)].length).toBeGreaterThan(0)
  const dora = await atConsole(house, 'Dora')
  expect((await dora.get('/inbox')).text).not.toContain('data-unread="0"')
  await anna.request('DELETE', '/system/hidden?folder=waiting')
  expect(await anew('folder=waiting')).toContain('id="system-row"')
})

test('a program with a key tells agents, once for each key of its own; without one nobody does', async () => {
  const { agentId } = await hire('Owner', 'owner')
  const { key } = await makeKey({ agentId }, 'Warehouse')
  const post = async (body: object, authorization = `Bearer ${key}`) =>
    fetch(`${house.url}/api/v1/system-messages`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  expect((await post({ title: 'x' }, 'Bearer kontuar_wrong')).status).toBe(401)
  const told = await post({ title: 'Stock is low', text: '19 l', link: 'https://shop.example/stock', key: 'stock/19' })
  expect([told.status, Object.keys(await told.json())]).toEqual([201, ['id']])
  const again = await post({ title: 'Stock is low', key: 'stock/19' })
  expect([again.status, await again.json()]).toEqual([200, { id: null }])
  expect(await anew('folder=waiting')).toContain('Stock is low')
  const wrong = await post({ title: '', link: 'javascript:alert(1)' })
  expect([wrong.status, wrong.headers.get('content-type'), (await wrong.json()).code]).toEqual([
    400,
    'application/problem+json',
    'text_missing',
  ])
  const end = await fetch(`${house.url}/api/v1/system-messages/stock%2F19`, {
    method: 'DELETE',
    headers: { authorization: `Bearer ${key}` },
  })
  expect(end.status).toBe(204)
  expect(await endTold([noticeKey('stock/19')])).toBe(0)
  // What the house itself tells of is not theirs to end.
  await tellAgents({ kind: 'disk', code: 'disk_low', key: 'disk:low' })
  const strange = await fetch(`${house.url}/api/v1/system-messages/disk:low`, {
    method: 'DELETE',
    headers: { authorization: `Bearer ${key}` },
  })
  expect(strange.status).toBe(204)
  expect(await endTold(['disk:low'])).toBe(1)
})

test('words are found by agents alone: no one else gets an answer, and no note is in it', async () => {
  await eventually(async () => {
    const { json } = await anna.get('/search?q=springs', 'application/json')
    return (json.messages as unknown[]).length
  }, 1)
  expect((await fetch(`${house.url}/search?q=spring`, { redirect: 'manual' })).status).toBe(303)
  expect((await fetch(`${house.url}/search?q=spring`, { headers: { accept: 'application/json' } })).status).toBe(401)
  const page = await anna.get(`/search?q=${encodeURIComponent('<script>alert(1)</script>')}`)
  expect(page.text).not.toContain('<script>alert')
  const open = await anna.get(`/c/${clara.conversationId}?q=spring&at=1`)
  expect(open.text).toContain('<mark>spring</mark>')
  expect((await anna.get('/search/more?q=spring&before=x', 'application/json')).json.code).toBe('bad_request')
  expect((await anna.get('/search')).text).toContain('Whom or what do you look for?')
})

test('in Active the choices count one’s own, and many of them ask the store no more than few', async () => {
  await anna.take(boris.conversationId)
  const html = await anew('folder=active')
  expect(wordsOf(partOf(html, `zone-${north}`))).toBe('North 1')
  expect(wordsOf(partOf(html, `zone-${centre}`))).toBe('Centre 0')
  expect(wordsOf(partOf(await anew(`folder=active&site=${newId()}`), `zone-${north}`))).toBe('North 0')
  const asked = spyOn(db, 'select')
  // The outbox and the index of the search ask meanwhile, which can only add: the fewest of some are those of the list alone.
  const questions = async () => {
    const counts: number[] = []
    while (counts.length < 8) {
      asked.mockClear()
      await anew('folder=active')
      counts.push(asked.mock.calls.length)
    }
    return Math.min(...counts)
  }
  const few = await questions()
  expect(few).toBeGreaterThan(0)
  const made = { districts: [], colour: 'blue', days: [], createdAt: 1, changedAt: 1, position: 9 }
  const more = Array.from({ length: 20 }, (_, n) => ({ id: newId(), name: `Zone ${n}`, ...made }))
  await write((tx) => tx.insert(zones).values(more))
  expect(await questions()).toBe(few)
  asked.mockRestore()
})
