import { afterAll, beforeAll, beforeEach, describe, expect, spyOn, test } from 'bun:test'
import {
  type AgentActor,
  conversationsOf,
  finishConversation,
  takeConversation,
} from '../../src/features/conversations/index.ts'
import { readSeq, readUpTo, sendMessage } from '../../src/features/messages/index.ts'
import { createSite, type SiteRow, switchChat } from '../../src/features/sites/index.ts'
import { readVisitorToken } from '../../src/features/visitors/index.ts'
import * as sitesStore from '../../src/features/sites/find-site.ts'
import { sites } from '../../src/features/sites/schema.ts'
import { visitors } from '../../src/features/visitors/schema.ts'
import { db } from '../../src/platform/db/open.ts'
import { write } from '../../src/platform/db/write.ts'
import { on, publish } from '../../src/platform/live/bus.ts'
import { enter } from '../../src/platform/live/presence.ts'
import { eq } from 'drizzle-orm'
import { hire } from '../support/cast.ts'
import { openHouse, type TestHouse } from '../support/house.ts'
import {
  type Entries,
  type Entry,
  entriesOverHttp,
  sendOverHttp,
  session,
  VisitorSocket,
} from '../support/visitor-client.ts'

let house: TestHouse
let site: SiteRow
let anna: AgentActor
const clara = { role: 'owner' }
const open: VisitorSocket[] = []

beforeAll(async () => {
  house = await openHouse()
  anna = await hire('Anna')
})
beforeEach(async () => {
  site = await write((tx) => createSite(tx, { name: 'Water' }))
})
afterAll(async () => {
  await Promise.all(open.map((socket) => socket.close()))
  await house.close()
})

let made = 0
const say = (body: string, clientId = `p${++made}`) => ({ clientId, body })

async function boris(): Promise<{ token: string; visitorId: string; connect: typeof connect; socket: VisitorSocket }> {
  const { visitorToken: token } = await session(house.url, site.id)
  const socket = await connect(token)
  return { token, visitorId: readVisitorToken(token).visitorId, connect, socket }
}

async function connect(
  token: string,
  options: Parameters<typeof VisitorSocket.connect>[1] = {},
): Promise<VisitorSocket> {
  const socket = await VisitorSocket.connect(house.url, { token, ...options })
  open.push(socket)
  return socket
}

const types = (socket: VisitorSocket) => socket.frames.map((frame) => frame.type)

describe('a session', () => {
  test('stores nothing, and its token holds after a restart with no row to look up', async () => {
    const { visitorToken } = await session(house.url, site.id)
    await connect(visitorToken)
    expect(await db.select().from(visitors).where(eq(visitors.siteId, site.id))).toEqual([])
    await house.reopen()
    const sent = await sendOverHttp(house.url, visitorToken, say('after the restart'))
    expect(sent).toMatchObject({ outcome: 'ok', seq: 1 })
  })

  test('keeps a token of this site, and gives a new one for a foreign or broken token', async () => {
    const { visitorToken } = await session(house.url, site.id)
    expect((await session(house.url, site.id, visitorToken)).visitorToken).toBe(visitorToken)
    expect((await session(house.url, house.site.id, visitorToken)).visitorToken).not.toBe(visitorToken)
    const broken = `${visitorToken.slice(0, -2)}AA`
    expect((await session(house.url, site.id, broken)).visitorToken).not.toBe(broken)
  })

  test('is refused for a site that does not exist, in words', async () => {
    await expect(session(house.url, crypto.randomUUID())).rejects.toThrow(/404.*site_unknown/)
    await expect(session(house.url, "' or 1=1")).rejects.toThrow(/404.*site_unknown/)
  })
})

describe('hello', () => {
  test('is welcomed with the site, who is there and the conversations so far', async () => {
    const { token, socket } = await boris()
    expect(socket.frames[0]).toMatchObject({
      type: 'welcome',
      visitorKnown: false,
      conversations: [],
      site: { id: site.id, chatEnabled: true },
    })
    await socket.send(say('hello'))
    const again = await connect(token)
    expect(again.frames[0]).toMatchObject({
      visitorKnown: true,
      conversations: [{ seq: 1, state: 'waiting', readSeq: 0 }],
    })
  })

  test('is answered as things are from then on, also where the chat is switched off in that moment', async () => {
    const { visitorToken } = await session(house.url, site.id)
    const ask = sitesStore.siteOf
    spyOn(sitesStore, 'siteOf').mockImplementationOnce(async (id) => {
      const before = await ask(id)
      await switchChat(clara, site.id, false)
      return before
    })
    const socket = await connect(visitorToken)
    expect(await socket.frame('welcome')).toMatchObject({ site: { chatEnabled: false } })
  })

  test('with a watermark is followed by what came since', async () => {
    const { token, socket } = await boris()
    for (const body of ['one', 'two', 'three']) await socket.send(say(body))
    const resumed = await connect(token, { since: 1 })
    const page = (await resumed.frame('entries')) as Entries
    expect(page).toMatchObject({ from: 1, to: 3, more: false })
    expect(page.items.map((item) => item.body)).toEqual(['two', 'three'])
  })

  test.each([
    ['unsupported_protocol', { protocol: 2 }],
    ['token_invalid', { token: 'k1.nothing' }],
    ['token_invalid', { token: 7 }],
    ['bad_frame', { since: -1 }],
    ['bad_frame', { since: '1' }],
  ])('is refused %s for %j, and may be said again properly', async (code, hello) => {
    const { visitorToken: token } = await session(house.url, site.id)
    const socket = await connect(token, { silent: true })
    socket.hello({ token, hello })
    expect(await socket.frame('refuse')).toMatchObject({ code, retryable: false })
    socket.hello({ token })
    expect((await socket.frame('welcome')).type).toBe('welcome')
  })

  test('comes first: anything before it is refused and not done', async () => {
    const { visitorToken: token } = await session(house.url, site.id)
    const socket = await connect(token, { silent: true })
    expect(await socket.send(say('too early'))).toMatchObject({ outcome: 'refused', code: 'hello_first' })
    socket.hello({ token })
    expect(await socket.frame('welcome')).toMatchObject({ conversations: [] })
  })
})

describe('frames of one socket', () => {
  test('are answered in the order they came, though nobody waited for an answer', async () => {
    const { token } = await boris()
    const socket = await connect(token, { silent: true })
    socket.hello({ token })
    const sends = Array.from({ length: 30 }, (_, n) => socket.send(say(`${n}`)))
    socket.say({ type: 'ping' })
    const outcomes = await Promise.all(sends)
    await socket.frame('pong')
    expect(outcomes.map((outcome) => outcome.outcome === 'ok' && outcome.seq)).toEqual(
      Array.from({ length: 30 }, (_, n) => n + 1),
    )
    const answers = types(socket).filter((type) => type !== 'entry')
    expect(answers).toEqual(['welcome', ...Array.from({ length: 30 }, () => 'ack'), 'pong'])
  })

  test('may hold what this server does not know yet: properties are ignored, types refused', async () => {
    const { socket } = await boris()
    expect(await socket.send({ ...say('x'), mood: 'blue' } as never)).toMatchObject({ outcome: 'ok' })
    socket.say({ type: 'dance' })
    expect(await socket.frame('refuse')).toMatchObject({ code: 'unknown_type', retryable: false })
    await socket.ping()
  })
})

/** Holds the clock that the limits go by: nothing is earned back but what `passes`. */
function heldPace() {
  let at = performance.now()
  const held = spyOn(performance, 'now').mockImplementation(() => at)
  return { passes: (ms: number) => void (at += ms), [Symbol.dispose]: () => held.mockRestore() }
}

describe('the pace', () => {
  test('of a fast typist, five messages a second for half a minute, is never limited', async () => {
    const { socket } = await boris()
    const outcomes = await Promise.all(Array.from({ length: 150 }, (_, n) => socket.send(say(`${n}`))))
    expect(outcomes.filter((outcome) => outcome.outcome !== 'ok')).toEqual([])
  })

  test('of a flood is limited with a time to wait; what follows is held back so that the order is kept', async () => {
    using pace = heldPace()
    const { socket, visitorId } = await boris()
    const first = say('the first')
    await socket.send(first)
    const outcomes = await Promise.all(
      Array.from({ length: 260 }, (_, n) => socket.send(say(`flood ${n}`, `flood-${n}`), 90_000)),
    )
    const refused = outcomes.findIndex((outcome) => outcome.outcome === 'refused')
    expect(refused).toBeGreaterThan(150)
    const [waiting] = outcomes.slice(refused) as { retryAfterMs: number }[]
    expect(outcomes[refused]).toMatchObject({ code: 'rate_limited', retryable: true })
    expect(waiting?.retryAfterMs).toBeGreaterThan(0)
    expect(outcomes.slice(refused).every((outcome) => outcome.outcome === 'refused')).toBe(true)
    expect(await socket.send(first)).toMatchObject({ outcome: 'ok', seq: 1 })
    pace.passes(waiting!.retryAfterMs + 50)
    expect(await socket.send(say('jumps the queue'))).toMatchObject({ outcome: 'refused', code: 'rate_limited' })
    expect(await socket.send(say(`flood ${refused}`, `flood-${refused}`))).toMatchObject({
      outcome: 'ok',
      seq: refused + 2,
    })
    expect((await conversationsOf(visitorId))[0]?.lastText).toBe(`flood ${refused}`)
  }, 120_000)

  test('of questions is limited too: each may be answered with a whole page', async () => {
    using _ = heldPace()
    const { socket } = await boris()
    for (let n = 0; n < 100; n++) socket.say({ type: 'since', seq: n })
    await socket.ping()
    const answered = types(socket).filter((type) => type === 'entries').length
    expect(answered).toBe(60)
    expect(await socket.frame('refuse')).toMatchObject({ code: 'rate_limited', retryable: true })
    expect(await socket.send(say('a message is not held back by it'))).toMatchObject({ outcome: 'ok' })
  })

  test('of one visitor does not slow another', async () => {
    const flooder = await boris()
    const neighbour = await boris()
    const flood = Array.from({ length: 400 }, (_, n) => flooder.socket.send(say(`${n}`)))
    expect(await neighbour.socket.send(say('one calm word'))).toMatchObject({ outcome: 'ok', seq: 1 })
    await Promise.all(flood)
  })
})

describe('what happens', () => {
  test('reaches every socket of the visitor, and only theirs', async () => {
    const { token, socket } = await boris()
    const tab = await connect(token)
    const stranger = await boris()
    await socket.send(say('hello'))
    expect(await tab.frame('entry')).toMatchObject({ seq: 1, after: 0, body: 'hello', author: { kind: 'visitor' } })
    await stranger.socket.ping()
    expect(types(stranger.socket)).toEqual(['welcome', 'pong'])
  })

  test('shows the agent’s answer with a name, and hides that it was taken', async () => {
    const { socket, visitorId } = await boris()
    await socket.send(say('hello'))
    const [conversation] = await conversationsOf(visitorId)
    await takeConversation(anna, conversation!.id)
    await sendMessage(anna, { ...say('Good morning'), conversationId: conversation!.id })
    const answer = (await socket.frame((frame) => (frame as Entry).body === 'Good morning')) as Entry
    expect(answer).toMatchObject({ seq: 3, after: 1, author: { kind: 'agent', name: 'Anna' } })
    expect(answer.clientId).toBeUndefined()
    expect(socket.frames.filter((frame) => (frame as Entry).seq === 2 && frame.type === 'entry')).toEqual([])
  })

  test('tells that the conversation was finished and reopened', async () => {
    const { socket, visitorId } = await boris()
    await socket.send(say('hello'))
    const [conversation] = await conversationsOf(visitorId)
    await finishConversation(anna, conversation!.id)
    expect(await socket.frame((frame) => (frame as Entry).body === 'finished')).toMatchObject({
      kind: 'event',
      seq: 2,
      after: 1,
    })
    await socket.send(say('one more thing'))
    expect(await socket.frame((frame) => (frame as Entry).body === 'reopened')).toMatchObject({
      kind: 'event',
      seq: 3,
      after: 2,
    })
  })

  test('tells how far an agent has read, once, and over HTTP too', async () => {
    const { socket, token, visitorId } = await boris()
    await socket.send(say('hello'))
    const [conversation] = await conversationsOf(visitorId)
    await readUpTo(anna, { conversationId: conversation!.id, seq: 1 })
    expect(await socket.frame('read')).toMatchObject({ conversationId: conversation!.id, seq: 1 })
    await readUpTo(anna, { conversationId: conversation!.id, seq: 1 })
    await socket.ping()
    expect(types(socket).filter((type) => type === 'read')).toHaveLength(1)
    expect((await entriesOverHttp(house.url, token)).readSeq).toBe(1)
  })

  test('takes the mark of a visitor over HTTP too: one’s own alone, and nothing before the first message', async () => {
    const { socket, token, visitorId } = await boris()
    const other = await boris()
    const mark = async (body: object, by = token) => {
      const headers = { authorization: `Bearer ${by}` }
      const init = { method: 'POST', headers, body: JSON.stringify(body) }
      const response = await fetch(`${house.url}/api/widget/v1/read`, init)
      return [response.status, ((await response.json()) as { code?: string }).code]
    }
    expect(await mark({ seq: 1 })).toEqual([200, undefined])
    await socket.send(say('hello'))
    const [conversation] = await conversationsOf(visitorId)
    const conversationId = conversation?.id ?? ''
    expect(await mark({ seq: 7 })).toEqual([200, undefined])
    expect(await readSeq(conversationId, 'visitor')).toBe(1)
    expect(await mark({ seq: 1, conversationId }, other.token)).toEqual([404, 'conversation_unknown'])
    expect(await mark({ seq: '1' })).toEqual([400, 'bad_frame'])
    expect(await mark({ seq: 1 }, 'k1.nothing')).toEqual([401, 'token_invalid'])
  })

  test('tells agents what is being typed, before the first message too, and never stores it', async () => {
    const typed: object[] = []
    on('visitor.typing', (event) => typed.push(event))
    const { socket, visitorId } = await boris()
    socket.typing('I would li')
    socket.typing('')
    await socket.ping()
    expect(typed.filter((event) => (event as { visitorId: string }).visitorId === visitorId)).toEqual([
      { siteId: site.id, visitorId, conversationId: null, text: 'I would li' },
      { siteId: site.id, visitorId, conversationId: null, text: null },
    ])
    expect(await conversationsOf(visitorId)).toEqual([])
  })

  test('tells the visitor that an agent types', async () => {
    const { socket, visitorId } = await boris()
    const sent = await socket.send(say('hello'))
    const conversationId = sent.outcome === 'ok' ? sent.conversationId : ''
    publish('agent.typing', { conversationId, visitorId, agentId: anna.agentId, name: 'Anna' })
    expect(await socket.frame('typing')).toMatchObject({ conversationId, agent: { name: 'Anna' } })
  })

  test('switches an open widget off and on, and refuses in between', async () => {
    const { socket } = await boris()
    await switchChat(clara, site.id, false)
    expect(await socket.frame('site')).toMatchObject({ id: site.id, chatEnabled: false })
    expect(await socket.send(say('off'))).toMatchObject({ outcome: 'refused', code: 'chat_disabled', retryable: false })
    await switchChat(clara, site.id, true)
    expect(
      await socket.frame((frame) => frame.type === 'site' && (frame as { chatEnabled?: boolean }).chatEnabled === true),
    ).toBeDefined()
    expect(await socket.send(say('on'))).toMatchObject({ outcome: 'ok' })
  })

  test('tells when an agent comes: nobody is online before', async () => {
    const { socket } = await boris()
    expect(socket.frames[0]).toMatchObject({ availability: { agents: 0, status: 'away' } })
    enter(anna.agentId, 'Anna')
    expect(await socket.frame('presence')).toMatchObject({ agents: 1, status: 'online' })
  })
})

describe('another origin', () => {
  const from = (origin: string) => ({ headers: { origin } })

  test('may talk to a site that names it or names none, and its page may read the answer', async () => {
    await write((tx) =>
      tx
        .update(sites)
        .set({ domains: ['shop.test', '*.eu.test'] })
        .where(eq(sites.id, site.id)),
    )
    for (const origin of ['https://shop.test', 'https://pl.eu.test']) {
      const { visitorToken } = await session(house.url, site.id, undefined, from(origin))
      const socket = await connect(visitorToken, from(origin))
      expect(await socket.send(say('hello'))).toMatchObject({ outcome: 'ok' })
    }
    for (const origin of ['https://evil.test', 'https://eu.test', 'https://shop.test.evil.test'])
      await expect(session(house.url, site.id, undefined, from(origin))).rejects.toThrow(/403.*origin_refused/)
    const answer = await fetch(`${house.url}/api/widget/v1/sessions`, {
      method: 'POST',
      ...from('https://shop.test'),
      body: JSON.stringify({ siteId: site.id }),
    })
    expect(answer.headers.get('access-control-allow-origin')).toBe('https://shop.test')
    expect(answer.headers.get('access-control-allow-credentials')).toBeNull()
  })

  test('is refused on the socket after hello, where the site is known', async () => {
    await write((tx) =>
      tx
        .update(sites)
        .set({ domains: ['shop.test'] })
        .where(eq(sites.id, site.id)),
    )
    const { visitorToken: token } = await session(house.url, site.id)
    const socket = await connect(token, { silent: true, ...from('https://evil.test') })
    socket.hello({ token })
    expect(await socket.frame('refuse')).toMatchObject({ code: 'origin_refused' })
    expect(await socket.send(say('let me in'))).toMatchObject({ outcome: 'refused', code: 'hello_first' })
  })
})

test('a server that stops says goodbye with a time to return, and closes', async () => {
  const { socket, token } = await boris()
  await socket.send(say('before'))
  await house.reopen()
  const { code } = await socket.closed
  expect(code).toBe(1012)
  expect(socket.frames.at(-1)).toMatchObject({ type: 'bye', code: 'stopping' })
  expect((socket.frames.at(-1) as unknown as { reconnectAfterMs: number }).reconnectAfterMs).toBeWithin(500, 3001)
  const back = await connect(token, { since: 0 })
  expect(((await back.frame('entries')) as Entries).items.map((item) => item.body)).toEqual(['before'])
})
