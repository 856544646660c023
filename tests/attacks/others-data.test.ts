import { afterAll, beforeAll, beforeEach, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { and, eq } from 'drizzle-orm'
import { changePassword, changeRole, disableAgent } from '../../src/features/agents/index.ts'
import { agentSessions, agents } from '../../src/features/agents/schema.ts'
import { type AgentActor, findConversation, takeConversation } from '../../src/features/conversations/index.ts'
import { conversations, messages } from '../../src/features/conversations/schema.ts'
import { listEntries, sendMessage } from '../../src/features/messages/index.ts'
import { reads } from '../../src/features/messages/schema.ts'
import { findSite, switchChat } from '../../src/features/sites/index.ts'
import { sites } from '../../src/features/sites/schema.ts'
import { readVisitorToken } from '../../src/features/visitors/index.ts'
import { visitors } from '../../src/features/visitors/schema.ts'
import { db } from '../../src/platform/db/open.ts'
import { write } from '../../src/platform/db/write.ts'
import { newId } from '../../src/platform/lib/id.ts'
import { AgentClient } from '../support/agent-client.ts'
import { hire, password } from '../support/cast.ts'
import { openHouse, type TestHouse } from '../support/house.ts'
import { entriesOverHttp, newClientId, sendOverHttp, session, VisitorSocket } from '../support/visitor-client.ts'
import { enterVisitor, type Visitor } from './support.ts'

setDefaultTimeout(30_000)

const api = '/api/widget/v1'
let house: TestHouse
let owner: AgentActor & { email: string; role: 'owner' }
let anna: AgentActor & { email: string }
/** The one whose data is wanted, and what they wrote. */
let victim: Visitor & { conversationId: string }
/** The one who wants it. */
let intruder: Visitor
let intruderConversation: string

const secret = 'the key is under the mat'

beforeAll(async () => {
  house = await openHouse()
  owner = { ...(await hire('Olga', 'owner')), role: 'owner' }
  anna = await hire('Anna')
})
afterAll(() => house.close())

beforeEach(async () => {
  victim = { ...(await enterVisitor(house.url, house.site.id)), conversationId: '' }
  intruder = await enterVisitor(house.url, house.site.id)
  victim.conversationId = await said(victim, secret)
  intruderConversation = await said(intruder, 'hello')
})

async function said(visitor: Visitor, body: string, clientId = newClientId()): Promise<string> {
  const outcome = await visitor.socket.send({ clientId, body })
  if (outcome.outcome !== 'ok') throw new Error(JSON.stringify(outcome))
  return outcome.conversationId
}

const ask = (path: string, { token, ...init }: RequestInit & { token?: string | undefined } = {}) =>
  fetch(house.url + path, {
    ...init,
    headers: {
      'content-type': 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(init.headers as Record<string, string>),
    },
  })

const logOf = (conversationId: string) => listEntries(conversationId, { limit: 100 })

describe('a visitor who names another’s conversation', () => {
  const frames: [string, (id: string) => object][] = [
    ['send', (conversationId) => ({ type: 'send', clientId: newClientId(), body: 'from me', conversationId })],
    ['since', (conversationId) => ({ type: 'since', seq: 0, conversationId })],
    ['read', (conversationId) => ({ type: 'read', seq: 1, conversationId })],
    ['typing', (conversationId) => ({ type: 'typing', text: 'x', conversationId })],
  ]

  test.each(frames)('in a %s frame is told the same as of one that never was', async (_, frame) => {
    const before = await logOf(victim.conversationId)
    const answers: unknown[] = []
    for (const id of [victim.conversationId, newId(), 'nonsense', "' OR 1=1 --", '']) {
      const refused = intruder.socket.nextFrame('refuse')
      intruder.socket.say(frame(id))
      const { clientId: _key, ...answer } = { clientId: '', ...(await refused) }
      answers.push(answer)
      expect(JSON.stringify(answer)).not.toContain(secret)
    }
    expect(answers[0]).toMatchObject({ code: 'conversation_unknown' })
    for (const answer of answers) expect(answer).toEqual(answers[0])
    expect(await logOf(victim.conversationId)).toEqual(before)
    const marks = await db.select().from(reads).where(eq(reads.conversationId, victim.conversationId))
    expect(marks).toEqual([])
  })

  test.each(frames)('in a %s frame is heard when it is their own', async (_, frame) => {
    const refusals = intruder.socket.frames.filter(({ type }) => type === 'refuse').length
    intruder.socket.say(frame(intruderConversation))
    await intruder.socket.ping()
    expect(intruder.socket.frames.filter(({ type }) => type === 'refuse').length).toBe(refusals)
  })

  test('in hello gets nothing of it', async () => {
    const socket = await VisitorSocket.connect(house.url, { silent: true })
    socket.hello({ token: intruder.token, conversationId: victim.conversationId, since: 0 })
    await socket.frame((frame) => frame.type === 'refuse')
    await Bun.sleep(20)
    expect(JSON.stringify(socket.frames)).not.toContain(secret)
    expect(JSON.stringify(socket.frames)).not.toContain(victim.conversationId)
    await socket.close()
  })

  test('over HTTP is told the same as of one that never was', async () => {
    const texts: string[] = []
    for (const id of [victim.conversationId, newId(), '%00', "' OR 1=1 --", '../..']) {
      const read = await ask(`${api}/entries?since=0&conversation=${encodeURIComponent(id)}`, { token: intruder.token })
      const body = JSON.stringify({ clientId: newClientId(), body: 'from me', conversationId: id })
      const sent = await ask(`${api}/messages`, { method: 'POST', token: intruder.token, body })
      expect([read.status, sent.status]).toEqual([404, 404])
      texts.push(await read.text(), await sent.text())
    }
    expect(new Set(texts).size).toBe(1)
    expect((await logOf(victim.conversationId)).map(({ body }) => body)).toEqual([secret])
    expect((await entriesOverHttp(house.url, victim.token)).items.map(({ body }) => body)).toEqual([secret])
  })

  test('hears nothing that is said in it', async () => {
    await takeConversation(anna, victim.conversationId)
    const answered = victim.socket.nextFrame('entry')
    await sendMessage(anna, {
      clientId: newClientId(),
      body: 'the driver rings twice',
      conversationId: victim.conversationId,
    })
    await answered
    await said(intruder, 'anybody there?')
    await intruder.socket.ping()
    expect(JSON.stringify(intruder.socket.frames)).not.toContain('rings twice')
    expect(JSON.stringify(intruder.socket.frames)).not.toContain(victim.conversationId)
  })
})

describe('what agents alone may see', () => {
  test('reaches a visitor neither live, nor on asking, nor over HTTP', async () => {
    await takeConversation(anna, victim.conversationId)
    await sendMessage(anna, { clientId: newClientId(), body: 'here', conversationId: victim.conversationId })
    await victim.socket.frame((frame) => frame.type === 'entry' && frame.body === 'here')
    const pages = [await victim.socket.since(0), await entriesOverHttp(house.url, victim.token)]
    for (const page of pages) expect(page.items.map(({ body }) => body)).toEqual([secret, 'here'])
    expect(JSON.stringify(victim.socket.frames)).not.toContain('taken')
    expect(JSON.stringify([pages, victim.socket.frames])).not.toContain(anna.email)
    expect((await logOf(victim.conversationId)).map(({ body }) => body)).toContain('taken')
  })
})

describe('a visitor’s token', () => {
  const forgeries: [string, (token: string) => string | undefined][] = [
    ['absent', () => undefined],
    ['empty', () => ''],
    ['of another visitor under one’s own seal', (token) => swapped(token, victim.token, 16, 32)],
    ['of another site under its own seal', (token) => flipped(token, 3)],
    ['with another nonce', (token) => flipped(token, 40)],
    ['with another seal', (token) => flipped(token, 79)],
    ['cut short', (token) => token.slice(0, -1)],
    ['drawn out', (token) => `${token}AA`],
    ['in another spelling of the same bytes', (token) => respelt(token)],
    ['of another version', (token) => token.replace('k1.', 'k2.')],
    ['unsealed', (token) => `k1.${bytesOf(token).subarray(0, 48).toString('base64url')}`],
    ['sealed by nobody, as alg none', (token) => `k1.${bytesOf(token).fill(0, 48).toString('base64url')}`],
  ]

  test.each(forgeries)('%s opens nothing', async (_, forge) => {
    const token = forge(intruder.token)
    const read = await ask(`${api}/entries`, { token })
    const body = JSON.stringify({ clientId: newClientId(), body: 'x' })
    const sent = await ask(`${api}/messages`, { method: 'POST', token, body })
    expect([read.status, sent.status]).toEqual([401, 401])
    const socket = await VisitorSocket.connect(house.url, { silent: true })
    const refused = socket.frame('refuse')
    socket.hello({ hello: { token } })
    expect(await refused).toMatchObject({ code: 'token_invalid' })
    await socket.close()
  })

  test('is read from the Authorization header alone', async () => {
    const { token } = victim
    const query = await fetch(`${house.url}${api}/entries?token=${token}&authorization=Bearer%20${token}`)
    const cookie = await fetch(`${house.url}${api}/entries`, { headers: { cookie: `visitorToken=${token}` } })
    const basic = await fetch(`${house.url}${api}/entries`, { headers: { authorization: `Basic ${token}` } })
    expect([query.status, cookie.status, basic.status]).toEqual([401, 401, 401])
  })

  test('that is offered for another site stays behind there', async () => {
    const other = await write((tx) =>
      tx
        .insert(sites)
        .values({ ...house.site, id: newId(), name: 'Bakery' })
        .returning(),
    )
    const elsewhere = await session(house.url, other[0]!.id, victim.token)
    expect(elsewhere.visitorToken).not.toBe(victim.token)
    expect(readVisitorToken(elsewhere.visitorToken).visitorId).not.toBe(readVisitorToken(victim.token).visitorId)
    const again = await session(house.url, house.site.id, victim.token)
    expect(again.visitorToken).toBe(victim.token)
  })

  test('is kept as a hash', async () => {
    const rows = await db.select().from(visitors)
    expect(rows.length).toBeGreaterThan(0)
    expect(JSON.stringify(rows)).not.toContain(victim.token.slice(3, 40))
  })
})

const bytesOf = (token: string) => Buffer.from(token.slice(3), 'base64url')
const sealed = (bytes: Uint8Array) => `k1.${Buffer.from(bytes).toString('base64url')}`

function swapped(own: string, other: string, from: number, to: number): string {
  const bytes = bytesOf(own)
  bytesOf(other).copy(bytes, from, from, to)
  return sealed(bytes)
}

function flipped(token: string, at: number): string {
  const bytes = bytesOf(token)
  bytes[at]! ^= 1
  return sealed(bytes)
}

/** The last of 107 characters holds two bits that no byte uses. */
function respelt(token: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  const last = alphabet.indexOf(token.at(-1)!)
  return token.slice(0, -1) + alphabet[last ^ 1]
}

describe('a message that says more than a visitor may say', () => {
  const more = {
    role: 'owner',
    author: { kind: 'agent', id: 'a', name: 'Anna' },
    authorKind: 'agent',
    authorId: newId(),
    seq: 999,
    after: 998,
    at: 1,
    createdAt: 1,
    public: false,
    publicBefore: 500,
    data: { agentId: newId(), agentName: 'Anna' },
    digest: 'x',
    state: 'finished',
    agentId: newId(),
    siteId: newId(),
    visitorId: newId(),
    tokenHash: 'x',
    readSeq: 77,
  }

  test.each(['socket', 'HTTP'] as const)(
    'over %s is kept as what it is: the visitor’s own text, now, next',
    async (way) => {
      const clientId = newClientId()
      const from = Date.now()
      const sending = {
        ...more,
        clientId,
        body: 'plain',
        page: { url: 'https://shop.example/x', title: 'X', role: 'owner' },
      }
      const outcome = await (way === 'HTTP'
        ? sendOverHttp(house.url, intruder.token, sending)
        : intruder.socket.send(sending))
      expect(outcome).toMatchObject({ outcome: 'ok', conversationId: intruderConversation, seq: 2 })
      const [row] = await db
        .select()
        .from(messages)
        .where(and(eq(messages.conversationId, intruderConversation), eq(messages.seq, 2)))
      expect(row).toMatchObject({
        authorKind: 'visitor',
        authorId: readVisitorToken(intruder.token).visitorId,
        kind: 'text',
        public: true,
        publicBefore: 1,
        data: null,
        page: { url: 'https://shop.example/x', title: 'X' },
      })
      expect(Object.keys(row?.page ?? {})).toEqual(['url', 'title'])
      expect(row?.at).toBeGreaterThanOrEqual(from)
      expect(await findConversation(intruderConversation)).toMatchObject({
        state: 'waiting',
        agentId: null,
        siteId: house.site.id,
        lastSeq: 2,
      })
    },
  )

  test.each([['note'], ['event'], ['system'], [''], [null], [['text']], [{ toString: 'text' }], [1]])(
    'of kind %j is refused',
    async (kind) => {
      const sending = { clientId: newClientId(), body: 'taken', kind } as { clientId: string; body: string }
      const answers = [await intruder.socket.send(sending), await sendOverHttp(house.url, intruder.token, sending)]
      for (const answer of answers) expect(answer).toMatchObject({ outcome: 'refused', code: 'kind_unknown' })
      expect((await logOf(intruderConversation)).length).toBe(1)
    },
  )

  test('at the opening of a session changes neither the site nor who one is', async () => {
    const body = JSON.stringify({
      ...more,
      siteId: house.site.id,
      visitorToken: intruder.token,
      chatEnabled: false,
      name: 'Mine',
    })
    const answer = await ask(`${api}/sessions`, { method: 'POST', body })
    const opened = (await answer.json()) as { visitorToken: string }
    expect(opened.visitorToken).toBe(intruder.token)
    expect(await findSite(house.site.id)).toEqual(house.site)
  })
})

describe('a client id of somebody else’s', () => {
  test.each(['socket', 'HTTP'] as const)(
    'sent over %s neither leaks nor overwrites what stands under it',
    async (way) => {
      const clientId = newClientId()
      await said(victim, 'my card ends in 42', clientId)
      const before = await logOf(victim.conversationId)
      const send = (body: string) =>
        way === 'HTTP'
          ? sendOverHttp(house.url, intruder.token, { clientId, body })
          : intruder.socket.send({ clientId, body })
      // The very same key and words: still a message of the intruder's own, in their own conversation.
      expect(await send('my card ends in 42')).toMatchObject({
        outcome: 'ok',
        conversationId: intruderConversation,
        seq: 2,
      })
      expect(await send('my card ends in 43')).toMatchObject({ outcome: 'refused', code: 'client_id_reused' })
      expect(await logOf(victim.conversationId)).toEqual(before)
      const own = (await intruder.socket.since(0)).items
      expect(own.map(({ body }) => body)).toEqual(['hello', 'my card ends in 42'])
    },
  )

  test('is an agent’s own when an agent sends it', async () => {
    const clientId = newClientId()
    await said(victim, 'first', clientId)
    const ack = await sendMessage(anna, { clientId, body: 'first', conversationId: victim.conversationId })
    expect(ack.seq).toBe(4)
    expect((await logOf(victim.conversationId)).map(({ authorKind }) => authorKind)).toEqual([
      'visitor',
      'visitor',
      'agent',
      'agent',
    ])
  })

  test('of one’s own, with other words, is refused without the first ones', async () => {
    const clientId = newClientId()
    await said(intruder, 'the first words', clientId)
    const refused = await intruder.socket.send({ clientId, body: 'other words' })
    expect(refused).toMatchObject({ outcome: 'refused', code: 'client_id_reused', retryable: false })
    expect(JSON.stringify(refused)).not.toContain('first words')
    // The honest repeat, from another device over HTTP, still gets its ack.
    const again = await sendOverHttp(house.url, intruder.token, { clientId, body: 'the first words' })
    expect(again).toMatchObject({ outcome: 'ok', seq: 2 })
  })

  test.each([
    ['constructor'],
    ['__proto__'],
    ["' OR '1'='1"],
    ['x'.repeat(65)],
    [''],
    [null],
    [7],
    [['a']],
    ['a b'],
    ['ü'],
    ['a\n'],
  ])('of a shape that is none (%j) is refused', async (clientId) => {
    const shaped = clientId === 'constructor' || clientId === '__proto__'
    const answer = await sendOverHttp(house.url, intruder.token, { clientId: clientId as string, body: 'x' })
    expect(answer).toMatchObject(shaped ? { outcome: 'ok' } : { outcome: 'refused', code: 'client_id_invalid' })
  })
})

type Route = [method: string, path: string, form?: Record<string, string>]

const routes = (id: string): Route[] => [
  ['GET', '/inbox'],
  ['GET', '/inbox/rows?folder=waiting'],
  ['GET', `/c/${id}`],
  ['GET', `/c/${id}/entries?after=0`],
  ['GET', `/c/${id}/actions`],
  ['GET', `/c/${id}/card?past=5&history=1`],
  ['PUT', `/c/${id}/contact/name`, { value: 'as if I were an agent', was: '' }],
  ['POST', `/c/${id}/notes`, { body: 'as if I were an agent' }],
  ['PUT', `/c/${id}/block`],
  ['DELETE', `/c/${id}/block`],
  ['PUT', `/c/${id}/take`],
  ['POST', `/c/${id}/messages`, { clientId: newClientId(), body: 'as if I were an agent' }],
  ['PUT', `/c/${id}/read`, { seq: '1' }],
  ['PUT', `/c/${id}/closure`],
  ['DELETE', `/c/${id}/closure`],
  ['GET', '/account'],
  ['POST', '/account/locale', { locale: 'pl' }],
  ['PUT', '/account/theme', { theme: 'dark' }],
  ['GET', '/inbox/unread'],
  ['GET', '/palette?q=a'],
  ['GET', '/search?q=a'],
  ['GET', '/search/more?q=a&before=9'],
  ['GET', '/system'],
  ['PUT', '/system/read?to=9'],
  ['PUT', '/system/hidden'],
  ['DELETE', '/system/hidden'],
  ['GET', '/dialogs/notices'],
  ['GET', '/settings/sites'],
  ['DELETE', `/settings/sites/${house.site.id}/chat`],
  ['PUT', `/settings/sites/${house.site.id}/chat`],
  ...cabinetPages(),
]
const cabinetPages = (): [string, string][] => [
  ['GET', '/settings/chat'],
  ['GET', `/settings/chat?site=${house.site.id}`],
  ['GET', '/settings/sites/new'],
  ['GET', `/settings/sites/${house.site.id}`],
  ['GET', '/settings/installation'],
  ['GET', '/settings/search?q=chat'],
  ['GET', '/settings/changes?page=chat'],
  ['GET', '/settings/preview'],
]
const adminOnly = (path: string) => path.startsWith('/settings/')

async function signedIn(agent: { email: string }): Promise<AgentClient> {
  const client = new AgentClient(house.url)
  await client.signIn(agent.email, password)
  return client
}

describe('the console', () => {
  const outsiders: [string, () => Promise<Record<string, string>>][] = [
    ['nobody', async () => ({ cookie: '' })],
    ['an invented session', async () => ({ cookie: `kontuar=${'A'.repeat(43)}; __Host-kontuar=${'A'.repeat(43)}` })],
    [
      'a visitor’s token as cookie and bearer',
      async () => ({ cookie: `kontuar=${victim.token}`, authorization: `Bearer ${victim.token}` }),
    ],
    ['the hash of a live session', hashOfALiveSession],
    ['an agent who signed out', async () => after(async (client) => void (await client.signOut()))],
    ['an agent whose session ran out', async () => after((_, id) => runOut(id))],
    ['an agent whom the table calls disabled, and nothing else', async () => after((_, id) => disableInTableAlone(id))],
    ['an agent who was disabled', async () => after((_, id) => disableAgent(owner, id))],
    [
      'an agent whose password was changed',
      async () => after((_, id) => changePassword(owner, id, 'another horse battery')),
    ],
    ['an agent whose role was changed', async () => after((_, id) => changeRole(owner, id, 'admin'))],
  ]

  test.each(outsiders)('shows and does nothing for %s', async (_, become) => {
    const headers = await become()
    const stranger = new AgentClient(house.url)
    const before = await logOf(victim.conversationId)
    for (const [method, path, form] of routes(victim.conversationId)) {
      const answer = await stranger.request(method, path, form, headers)
      expect([method, path, answer.status]).toEqual([method, path, 401])
      expect(answer.json).toMatchObject({ code: 'sign_in_needed' })
      const asPage = await stranger.request(method, path, form, { ...headers, accept: 'text/html' })
      expect([method, path, asPage.status]).toEqual([method, path, 303])
      expect(asPage.location).toStartWith('/sign-in')
      expect(answer.text + asPage.text).not.toContain(secret)
    }
    for (const cookie of Object.values(headers)) stranger.cookies.set('kontuar', cookie.replace(/^\S*kontuar=/, ''))
    await expect(stranger.live()).rejects.toThrow(/refused/)
    expect(await logOf(victim.conversationId)).toEqual(before)
    expect(await findConversation(victim.conversationId)).toMatchObject({ state: 'waiting', agentId: null })
    expect((await findSite(house.site.id))?.chatEnabled).toBe(true)
  })

  test('does all of it for an agent but what an admin may do, and that for an admin', async () => {
    const client = await signedIn(anna)
    const admin = await signedIn(await hire(`Ada${newClientId().slice(0, 6)}`, 'admin'))
    for (const [method, path, form] of routes(victim.conversationId)) {
      const answer = await client.request(method, path, form, { accept: 'text/html' })
      if (adminOnly(path)) {
        expect([method, path, answer.status]).toEqual([method, path, 403])
        expect((await findSite(house.site.id))?.chatEnabled).toBe(true)
        expect((await admin.request(method, path, form, { accept: 'text/html' })).status).toBe(200)
        if (method !== 'GET') await switchChat(owner, house.site.id, true)
      } else {
        expect([method, path, answer.status < 400, answer.location ?? '']).toEqual([
          method,
          path,
          true,
          expect.not.stringContaining('sign-in'),
        ])
      }
    }
  })

  test('answers alike for a conversation that never was, and for what is no id', async () => {
    const client = await signedIn(anna)
    for (const id of [newId(), victim.conversationId.toUpperCase(), '1', '%00', '..%2f..', "'--", '%ff']) {
      for (const [method, path, form] of routes(id).filter(([, one]) => one.startsWith('/c/'))) {
        const answer = await client.request(method, path, form)
        expect([method, path, answer.status >= 400 && answer.status < 500]).toEqual([method, path, true])
        // Beside the pane stands the list, in which an agent sees whoever waits.
        expect(answer.text.replace(/<ol id="rows".*?<\/ol>/s, '')).not.toContain(secret)
      }
    }
  })

  test('takes no word on who writes: the session says it', async () => {
    const client = await signedIn(anna)
    const form = {
      clientId: newClientId(),
      body: 'signed Anna',
      agentId: owner.agentId,
      agentName: 'Olga',
      role: 'owner',
      authorKind: 'system',
      seq: '99',
      kind: 'event',
      public: 'false',
    }
    const answer = await client.request('POST', `/c/${victim.conversationId}/messages`, form)
    expect(answer.json).toMatchObject({ seq: 3 })
    expect((await logOf(victim.conversationId)).at(-1)).toMatchObject({
      authorKind: 'agent',
      authorId: anna.agentId,
      kind: 'text',
      public: true,
      data: { agentName: 'Anna' },
    })
  })

  test('lists an agent’s own active conversations, not a colleague’s', async () => {
    await takeConversation(anna, victim.conversationId)
    const colleague = await signedIn(await hire(`Carl${newClientId().slice(0, 6)}`))
    const anna2 = await signedIn(anna)
    expect((await anna2.get('/inbox/rows?folder=active')).text).toContain(victim.conversationId)
    expect((await colleague.get('/inbox/rows?folder=active')).text).not.toContain(victim.conversationId)
    expect((await colleague.get(`/inbox/rows?folder=active&agentId=${anna.agentId}`)).text).not.toContain(
      victim.conversationId,
    )
  })

  const ends: [string, (client: AgentClient, agentId: string) => Promise<unknown>][] = [
    ['they sign out', (client) => client.signOut()],
    ['they are disabled', (_, id) => disableAgent(owner, id)],
    ['their password is changed', (_, id) => changePassword(owner, id, 'another horse battery')],
    ['their role is changed', (_, id) => changeRole(owner, id, 'admin')],
  ]

  test.each(ends)('hangs up on an agent’s open window when %s, before the next word is said', async (_, end) => {
    const agent = await hire(`Eva${newClientId().slice(0, 6)}`)
    const client = await signedIn(agent)
    const [live, neighbour] = [await client.live(), await (await signedIn(anna)).live()]
    for (const one of [live, neighbour]) {
      one.watch(victim.conversationId)
      await one.ping()
    }
    const told = live.message((text) => text.includes('before the end'))
    await said(victim, 'before the end')
    await told
    await end(client, agent.agentId)
    const heard = neighbour.message((text) => text.includes('after the end'))
    await said(victim, 'after the end')
    await heard
    await live.closed
    expect(live.messages.join()).not.toContain('after the end')
    await expect(client.live()).rejects.toThrow(/refused/)
    await neighbour.close()
  })
})

/** The cookie of an agent of their own, after something was done to them. */
async function after(happens: (client: AgentClient, agentId: string) => Promise<void>) {
  const agent = await hire(`Gone${newClientId().slice(0, 8)}`)
  const client = await signedIn(agent)
  const cookie = client.cookieHeader()
  expect((await client.get('/inbox')).status).toBe(200)
  await happens(client, agent.agentId)
  return { cookie: cookie.replace(/^.*?(kontuar=[^;]+).*$/, '$1') }
}

const runOut = (agentId: string): Promise<void> =>
  write(async (tx) => {
    await tx
      .update(agentSessions)
      .set({ expiresAt: Date.now() - 1 })
      .where(eq(agentSessions.agentId, agentId))
  })

const disableInTableAlone = (agentId: string): Promise<void> =>
  write(async (tx) => {
    await tx.update(agents).set({ disabledAt: Date.now() }).where(eq(agents.id, agentId))
  })

/** What a stolen database would give: it must not open anything. */
async function hashOfALiveSession() {
  const client = await signedIn(anna)
  expect((await client.get('/inbox')).status).toBe(200)
  const [row] = await db.select().from(agentSessions).where(eq(agentSessions.agentId, anna.agentId))
  return { cookie: `kontuar=${row?.tokenHash}` }
}

test('the table of visitors’ conversations holds no two unfinished ones of one visitor', async () => {
  const rows = await db.select().from(conversations)
  expect(new Set(rows.map(({ visitorId }) => visitorId)).size).toBe(rows.length)
})
