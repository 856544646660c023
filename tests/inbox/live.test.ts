import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { type AgentClient, type AgentLive, rowsIn } from '../support/agent-client.ts'
import { openHouse, type TestHouse } from '../support/house.ts'
import { newClientId, session, VisitorSocket } from '../support/visitor-client.ts'
import { atConsole, type Boris, visitorWrites } from './stage.ts'

let house: TestHouse
let anna: AgentClient
let boris: Boris
let id: string

beforeAll(async () => {
  house = await openHouse()
  anna = await atConsole(house, 'Anna')
})
afterAll(() => house.close())
beforeEach(async () => {
  boris = await visitorWrites(house, 'Hello')
  id = boris.conversationId
})

async function watching(agent: AgentClient, conversationId = id): Promise<AgentLive> {
  const live = await agent.live()
  live.watch(conversationId)
  await live.message((text) => text.includes('"watching"'))
  return live
}

const pushedRows = (live: AgentLive) => live.messages.filter((text) => text.startsWith('<hx-partial'))

describe('a push', () => {
  test.each(['en', 'ru', 'pl', 'fr'])(
    'in %s has the bytes of the page, for what is said and what is done',
    async (locale) => {
      const reader = await atConsole(house, `Reader-${locale}`)
      await reader.request('POST', '/account/locale', { locale })
      const live = await watching(reader)
      await anna.take(id)
      await anna.send(id, { clientId: newClientId(), body: 'Tomorrow <b>at noon</b>\n& after' })
      await boris.say('Thank you', { page: { url: 'https://shop.example/?a=1&b="2"', title: '<i>Water</i>' } })
      await anna.finish(id)
      await boris.say('And bread')
      const form = { name: '<b>Boris</b>', email: 'boris@mail.example', phone: '+48 600', topic: 'A "complaint"' }
      await boris.say('No cap\n<i>on it</i>', { kind: 'feedback', form: { ...form, consent: true } })
      await boris.say("o'neil@mail.example", { kind: 'email' })
      await live.message((text) => text.includes('neil@mail.example'))
      const page = (await reader.get(`/c/${id}`)).text
      const rows = pushedRows(live).map(
        (text) => /^<hx-partial hx-target="[^"]* #messages" hx-swap="beforeend">(.*)<\/hx-partial>$/s.exec(text)?.[1],
      )
      expect(rows).toHaveLength(8)
      for (const row of rows) expect(page).toContain(row ?? 'a row was not pushed as one')
      const list = /<ol id="messages"[^>]*>(.*?)<\/ol>/s.exec(page)?.[1] ?? ''
      expect(list.endsWith(rows.join(''))).toBe(true)
      const caughtUp = await reader.request('GET', `/c/${id}/entries?after=1`, undefined, { accept: 'text/html' })
      expect(caughtUp.text).toBe(rows.join(''))
      await live.close()
    },
  )

  test('comes to whoever has the conversation open, in order and once, and to nobody else', async () => {
    const other = await visitorWrites(house, 'Another matter')
    const [here, there] = [await watching(anna), await watching(anna, other.conversationId)]
    for (let n = 0; n < 20; n++) await boris.say(`message ${n}`)
    await here.message((text) => text.includes('message 19'))
    const seqs = pushedRows(here).flatMap((text) => rowsIn(text).map(({ seq }) => seq))
    expect(seqs).toEqual(Array.from({ length: 20 }, (_, i) => i + 2))
    await there.ping()
    expect(pushedRows(there)).toEqual([])
    await Promise.all([here.close(), there.close()])
  })

  test('ends when the window watches another conversation', async () => {
    const other = await visitorWrites(house, 'Another matter')
    const live = await watching(anna)
    live.watch(other.conversationId)
    await live.nextMessage((text) => text.includes(other.conversationId))
    await boris.say('unheard')
    await other.say('heard')
    await live.message((text) => text.includes('heard</div>'))
    expect(pushedRows(live).some((text) => text.includes('unheard'))).toBe(false)
    await live.close()
  })
})

test('lists are poked, gathered, and then ask for themselves', async () => {
  const live = await anna.live()
  const began = performance.now()
  const newcomers = await Promise.all(Array.from({ length: 20 }, (_, n) => visitorWrites(house, `newcomer ${n}`)))
  await live.message((text) => text === '{"poke":"inbox-changed"}')
  await Bun.sleep(600)
  const pokes = live.messages.filter((text) => text.includes('"poke"')).length
  expect(pokes).toBeLessThanOrEqual(1 + Math.floor((performance.now() - began) / 245))
  const { text } = await anna.get('/inbox/rows?folder=waiting&limit=200')
  for (const { conversationId } of newcomers) expect(text).toContain(conversationId)
  await live.close()
})

test('a list that was answered before a change is not the answer after its poke', async () => {
  const live = await anna.live()
  const asConsole = { accept: 'text/html', 'hx-request': 'true' }
  const list = () => anna.request('GET', '/inbox/rows?folder=waiting&limit=200', undefined, asConsole)
  await list()
  const next = live.nextMessage((text) => text.includes('inbox-changed'))
  const newcomer = await visitorWrites(house, 'just came')
  await next
  expect((await list()).text).toContain(newcomer.conversationId)
  await live.close()
})

test('take, finish and return poke the open conversation, whose bar asks for itself', async () => {
  const live = await watching(anna)
  const dora = await atConsole(house, 'Dora')
  await dora.take(id)
  await live.message((text) => text.includes('conversation-changed'))
  expect((await anna.get(`/c/${id}/actions`)).text).toContain('has it')
  await live.close()
})

describe('typing', () => {
  test('what a visitor types is shown to whoever has the conversation open, and is not kept', async () => {
    const live = await watching(anna)
    const socket = await VisitorSocket.connect(house.url, { token: boris.token })
    socket.typing('Could you also')
    const frame = JSON.parse(await live.message((text) => text.includes('"typing"'))) as Record<string, unknown>
    expect(frame).toEqual({ type: 'typing', conversationId: id, text: 'Could you also' })
    expect((await anna.get(`/c/${id}`)).text).not.toContain('Could you also')
    await Promise.all([live.close(), socket.close()])
  })

  test('before the first message it is a row of Waiting, which goes when the visitor does', async () => {
    const live = await anna.live()
    const { visitorToken: token } = await session(house.url, house.site.id)
    const socket = await VisitorSocket.connect(house.url, { token })
    socket.typing('<img src=x onerror=alert(1)> is it cold')
    await live.message((text) => text.includes('inbox-changed'))
    const { text } = await anna.get('/inbox/rows?folder=waiting')
    expect(text).toContain('is writing')
    expect(text).toContain('&lt;img src=x onerror=alert(1)> is it cold')
    const poked = live.nextMessage((poke) => poke.includes('inbox-changed'))
    await socket.close()
    await poked
    expect((await anna.get('/inbox/rows?folder=waiting')).text).not.toContain('is writing')
    await live.close()
  })

  test('the row gives way to the conversation once the message is sent', async () => {
    const { visitorToken: token } = await session(house.url, house.site.id)
    const socket = await VisitorSocket.connect(house.url, { token })
    const live = await anna.live()
    socket.typing('is it cold')
    await live.message((text) => text.includes('inbox-changed'))
    await socket.send({ clientId: newClientId(), body: 'is it cold there' })
    await Bun.sleep(300)
    const { text } = await anna.get('/inbox/rows?folder=waiting&limit=200')
    expect(text).not.toContain('is writing')
    expect(text).toContain('is it cold there')
    await Promise.all([live.close(), socket.close()])
  })

  test('that an agent types is told to the visitor, with the name', async () => {
    const live = await watching(anna)
    const socket = await VisitorSocket.connect(house.url, { token: boris.token })
    live.say({ type: 'typing', conversationId: id })
    expect(await socket.frame('typing')).toMatchObject({ conversationId: id, agent: { name: 'Anna' } })
    await Promise.all([live.close(), socket.close()])
  })
})

test('what the visitor has read is told to the window and stands in the page', async () => {
  const live = await watching(anna)
  await anna.send(id, { clientId: newClientId(), body: 'Tomorrow' })
  const socket = await VisitorSocket.connect(house.url, { token: boris.token })
  socket.read(3, id)
  expect(JSON.parse(await live.message((text) => text.includes('"read"')))).toEqual({
    type: 'read',
    conversationId: id,
    seq: 3,
  })
  expect((await anna.get(`/c/${id}`)).text).toContain('data-visitor-read="3"')
  await Promise.all([live.close(), socket.close()])
})

describe('the socket', () => {
  const upgrade = (headers: Record<string, string>) =>
    fetch(`${house.url}/live`, {
      headers: {
        upgrade: 'websocket',
        connection: 'Upgrade',
        'sec-websocket-version': '13',
        'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
        accept: 'application/json',
        ...headers,
      },
    })

  test('is refused to foreign, null and absent origins, and without a session', async () => {
    const cookie = anna.cookieHeader()
    const origins = [
      'https://evil.example',
      'null',
      `${house.url}.evil.example`,
      house.url.replace('127.0.0.1', 'localhost'),
      'not a url',
    ]
    for (const origin of origins) {
      const response = await upgrade({ cookie, origin })
      expect([origin, response.status]).toEqual([origin, 403])
    }
    expect((await upgrade({ cookie })).status).toBe(403)
    expect((await upgrade({ origin: house.url })).status).toBe(401)
    expect((await upgrade({ origin: house.url, cookie: 'kontuar=guess' })).status).toBe(401)
    const live = await anna.live()
    await live.ping()
    await live.close()
  })

  test('answers nonsense with an error and lives on', async () => {
    const live = await anna.live()
    const socket = live as unknown as { say(frame: unknown): void }
    const frames: unknown[] = [
      null,
      [],
      'text',
      42,
      {},
      { type: 'unknown' },
      { type: '__proto__' },
      { type: 'watch' },
      { type: 'watch', conversationId: { $ne: 1 } },
      { type: 'watch', conversationId: crypto.randomUUID() },
      { type: 'typing', conversationId: 'x' },
      { type: 'ping', padding: 'x'.repeat(70_000) },
      JSON.parse('{"__proto__":{"type":"ping"}}'),
    ]
    for (const [place, frame] of frames.entries()) {
      socket.say(frame)
      await live.message(() => live.messages.filter((text) => text.includes('"error"')).length === place + 1)
    }
    await live.ping()
    expect(live.messages.some((text) => /stack|node_modules/.test(text))).toBe(false)
    await live.close()
  })

  test('of whoever floods it is closed, with a code after which a page comes back', async () => {
    const live = await anna.live()
    for (let n = 0; n < 500; n++) live.say({ type: 'ping' })
    expect((await live.closed).code).toBe(1013)
  })

  test('says goodbye with 1012 when the server stops, and the next one lets the window in again', async () => {
    const live = await anna.live()
    await house.reopen()
    expect([1001, 1012, 1013]).toContain((await live.closed).code)
    const again = await watching(anna)
    await boris.say('still here')
    await again.message((text) => text.includes('still here'))
    await again.close()
  })

  test('counts its agent as present for visitors', async () => {
    const live = await anna.live()
    const { availability } = await session(house.url, house.site.id)
    expect(availability.status).toBe('online')
    await live.close()
  })
})
