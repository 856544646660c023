import { afterAll, afterEach, beforeAll, describe, expect, spyOn, test } from 'bun:test'
import { eq } from 'drizzle-orm'
import {
  factsOf,
  importVisitors,
  readVisitorToken,
  visitNow,
  visitorsOnline,
  whereNow,
} from '../../src/features/visitors/index.ts'
import * as noted from '../../src/features/visitors/note-seen.ts'
import { noVisit } from '../../src/features/visitors/visit.ts'
import { setGrace } from '../../src/features/visitors/who-is-here.ts'
import { visitors } from '../../src/features/visitors/schema.ts'
import { db } from '../../src/platform/db/open.ts'
import { write } from '../../src/platform/db/write.ts'
import { newId } from '../../src/platform/lib/id.ts'
import { on } from '../../src/platform/live/bus.ts'
import { openHouse, type TestHouse } from '../support/house.ts'
import { entriesOverHttp, newClientId, sendOverHttp, session, VisitorSocket } from '../support/visitor-client.ts'
import { eventually } from '../support/waiting.ts'

let house: TestHouse
const open: VisitorSocket[] = []

beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house.close())
afterEach(async () => {
  for (const socket of open.splice(0)) await socket.close()
  setGrace(5000)
})

const water = { url: 'https://shop.example/water', title: 'Water' }
const cart = { url: 'https://shop.example/cart', title: 'Cart' }

async function newcomer() {
  const { visitorToken: token } = await session(house.url, house.site.id)
  return { token, visitorId: readVisitorToken(token).visitorId }
}

async function connect(token: string, visit?: unknown): Promise<VisitorSocket> {
  const socket = await VisitorSocket.connect(house.url, { token, ...(visit ? { hello: { visit } } : {}) })
  open.push(socket)
  return socket
}

const rowOf = async (visitorId: string) => (await db.select().from(visitors).where(eq(visitors.id, visitorId)))[0]
const isHere = (visitorId: string) => visitorsOnline([visitorId]).has(visitorId)
const say = (body = 'Hello') => ({ clientId: newClientId(), body })

test('what is written down while the store is asked counts, though by then nobody waits to write it', async () => {
  const visitorId = newId()
  await write((tx) => importVisitors(tx, [{ id: visitorId, siteId: house.site.id, createdAt: 1, contactId: null }]))
  const lately = spyOn(noted, 'seenLately')
  lately.mockReturnValueOnce({ visitorId, at: 1_800_000_000_000, visit: { ...noVisit, page: cart } })
  lately.mockReturnValueOnce(null)
  expect(await factsOf(visitorId)).toMatchObject({ lastSeenAt: 1_800_000_000_000, page: cart })
  lately.mockRestore()
})

describe('a visitor is here', () => {
  test('while a window of theirs is connected, and for a moment after the last one: a reload is no leaving', async () => {
    setGrace(150)
    const { token, visitorId } = await newcomer()
    expect(isHere(visitorId)).toBe(false)
    const [one, two] = [await connect(token, { page: water }), await connect(token, { page: cart })]
    expect(whereNow(visitorId)).toEqual({ page: cart })
    await two.close()
    await eventually(() => whereNow(visitorId), { page: water })
    await one.close()
    const again = await connect(token)
    await eventually(() => isHere(visitorId), true)
    await again.close()
    await eventually(() => isHere(visitorId), false)
    expect(whereNow(visitorId)).toBeNull()
  })

  test('on the page that they told of last, and with what it says of them', async () => {
    const { token, visitorId } = await newcomer()
    const socket = await connect(token, { page: water, attributes: { plan: 'gold' } })
    socket.say({ type: 'page', page: cart })
    await socket.ping()
    expect(visitNow(visitorId)).toMatchObject({ page: cart, attributes: { plan: 'gold' } })
    socket.say({ type: 'page', attributes: { plan: 'silver' } })
    socket.say({ type: 'page', page: { url: 'javascript:alert(1)' } })
    await socket.ping()
    expect(visitNow(visitorId)).toMatchObject({ page: cart, attributes: { plan: 'silver' } })
  })

  test('also without a socket, for as long as they may be silent', async () => {
    const { token, visitorId } = await newcomer()
    await entriesOverHttp(house.url, token)
    expect(isHere(visitorId)).toBe(true)
    await sendOverHttp(house.url, token, { ...say(), page: water })
    expect(whereNow(visitorId)).toEqual({ page: water })
    await entriesOverHttp(house.url, token)
    expect(whereNow(visitorId)).toEqual({ page: water })
  })

  test('and everybody who asks is told when that changes, but not of what is no news', async () => {
    setGrace(20)
    const { token, visitorId } = await newcomer()
    const told: boolean[] = []
    on('visitor.presence', (event) => void (event.visitorId === visitorId && told.push(event.online)))
    const socket = await connect(token, { page: water })
    socket.say({ type: 'page', page: cart })
    await socket.close()
    await eventually(() => told, [true, true, false])
    await entriesOverHttp(house.url, token)
    await entriesOverHttp(house.url, token)
    expect(told).toEqual([true, true, false, true])
  })
})

describe('what a browser says', () => {
  test('is in no store before the visitor writes, then with their first message, then once they have left', async () => {
    setGrace(20)
    const { token, visitorId } = await newcomer()
    const visit = { page: water, referrer: 'https://search.example/', language: 'fr-CA', timeZone: 'America/Toronto' }
    const socket = await connect(token, visit)
    await socket.ping()
    expect(await rowOf(visitorId)).toBeUndefined()
    await socket.send(say())
    expect(await rowOf(visitorId)).toMatchObject({ ...visit, lastSeenAt: null })
    socket.say({ type: 'page', page: cart })
    await socket.ping()
    // Nothing is written for a page: the disk has messages to keep.
    expect(await rowOf(visitorId)).toMatchObject({ page: water })
    await socket.close()
    await eventually(() => isHere(visitorId), false)
    // Whoever asks before it is written is told the same.
    expect(await factsOf(visitorId)).toMatchObject({ page: cart, online: false, lastSeenAt: expect.any(Number) })
    await eventually(async () => (await rowOf(visitorId))?.page, cart)
    expect(await rowOf(visitorId)).toMatchObject({ referrer: visit.referrer, lastSeenAt: expect.any(Number) })
  })

  test('of somebody who only looked is forgotten', async () => {
    setGrace(0)
    const { token, visitorId } = await newcomer()
    const socket = await connect(token, { page: water })
    await socket.close()
    await eventually(() => isHere(visitorId), false)
    expect(await factsOf(visitorId)).toBeNull()
  })

  test('is kept by a server that stops, of everybody who has written', async () => {
    const { token, visitorId } = await newcomer()
    const socket = await connect(token, { page: water })
    await socket.send(say())
    socket.say({ type: 'page', page: cart })
    await socket.ping()
    await house.reopen()
    expect(await rowOf(visitorId)).toMatchObject({ page: cart, lastSeenAt: expect.any(Number) })
    expect(isHere(visitorId)).toBe(false)
  })

  test.each([
    ['no object', 'a text'],
    ['a list', ['x']],
    ['odd values', { page: 7, referrer: {}, language: 7, timeZone: [], attributes: 'x' }],
    ['wrong texts', { page: { url: 'ftp://x' }, referrer: 'nowhere', language: 'no_tag!', timeZone: 'Mars/Base' }],
    [
      'long texts',
      { language: 'x'.repeat(36), timeZone: 'x'.repeat(65), referrer: `https://x.example/${'x'.repeat(2000)}` },
    ],
    ['a page of its own as the referrer', { page: water, referrer: 'https://shop.example/' }],
  ])('is passed over where it is %s, and the visitor is welcome all the same', async (_, visit) => {
    const { token, visitorId } = await newcomer()
    const socket = await connect(token, visit)
    expect(await socket.send(say())).toMatchObject({ outcome: 'ok' })
    const { page: __, userAgent: ___, ...said } = visitNow(visitorId) ?? {}
    expect(said).toEqual({ referrer: null, language: null, timeZone: null, attributes: {} })
  })

  test('is cut to what can be shown, and passwords are taken out of addresses', async () => {
    const { token, visitorId } = await newcomer()
    const attributes = Object.fromEntries([
      ...Array.from({ length: 30 }, (_, n) => [`name ${n}`, 'v'.repeat(300)]),
      ['x'.repeat(41), 'too long a name'],
    ]) as Record<string, string>
    const page = { url: 'https://anna:secret@shop.example/', title: 't'.repeat(500) }
    await connect(token, { page, attributes, language: 'PL-pl' })
    const visit = visitNow(visitorId)
    expect(visit?.page).toEqual({ url: 'https://shop.example/', title: 't'.repeat(200) })
    expect(visit?.language).toBe('pl-PL')
    expect(Object.keys(visit?.attributes ?? {})).toHaveLength(20)
    expect(visit?.attributes['name 0']).toBe('v'.repeat(200))
    expect(JSON.stringify(visit)).not.toContain('__proto__')
  })

  test('too often is refused, and what was said before stands', async () => {
    const { token, visitorId } = await newcomer()
    const socket = await connect(token, { page: water })
    for (let n = 0; n < 40; n++) socket.say({ type: 'page', page: { url: `https://shop.example/${n}` } })
    const refused = await socket.frame('refuse')
    expect(refused).toMatchObject({ code: 'rate_limited', retryable: true })
    await socket.ping()
    expect(whereNow(visitorId)?.page?.url).toMatch(/shop.example\/(29|3\d)$/)
  })
})
