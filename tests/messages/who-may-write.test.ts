import { afterAll, beforeAll, expect, test } from 'bun:test'
import { eq } from 'drizzle-orm'
import type { Audience } from '../../views/widget/settings.ts'
import { type WindowMode, windowMode } from '../../views/widget/window-mode.ts'
import { findConversation } from '../../src/features/conversations/index.ts'
import { changeWidget, createSite, switchChat } from '../../src/features/sites/index.ts'
import { keepVisitor, readVisitorToken } from '../../src/features/visitors/index.ts'
import { visitors } from '../../src/features/visitors/schema.ts'
import { write } from '../../src/platform/db/write.ts'
import { clearPresence, enter } from '../../src/platform/live/presence.ts'
import { openHouse, type TestHouse } from '../support/house.ts'
import {
  newClientId,
  type Outcome,
  sendOverHttp,
  type Sending,
  session,
  VisitorSocket,
} from '../support/visitor-client.ts'

let house: TestHouse
const owner = { role: 'owner' }

beforeAll(async () => {
  house = await openHouse({ 'no-limits': true })
})
afterAll(async () => {
  clearPresence()
  await house.close()
})

type Row = [on: boolean, audience: Audience, verified: boolean, there: boolean, mode: WindowMode, text: string]

// Who sees what: chat on or off, for anyone or registered people, an anonymous visitor or a verified one, agents there or none.
const table: Row[] = [
  [true, 'anyone', false, true, 'chat', 'ok'],
  [true, 'anyone', false, false, 'later', 'ok'],
  [true, 'anyone', true, true, 'chat', 'ok'],
  [true, 'anyone', true, false, 'later', 'ok'],
  [true, 'registered', false, true, 'form', 'registration_needed'],
  [true, 'registered', false, false, 'form', 'registration_needed'],
  [true, 'registered', true, true, 'chat', 'ok'],
  [true, 'registered', true, false, 'later', 'ok'],
  [false, 'anyone', false, true, 'form', 'chat_disabled'],
  [false, 'anyone', false, false, 'form', 'chat_disabled'],
  [false, 'anyone', true, true, 'form', 'chat_disabled'],
  [false, 'anyone', true, false, 'form', 'chat_disabled'],
  [false, 'registered', false, true, 'form', 'chat_disabled'],
  [false, 'registered', false, false, 'form', 'chat_disabled'],
  [false, 'registered', true, true, 'form', 'chat_disabled'],
  [false, 'registered', true, false, 'form', 'chat_disabled'],
]

test('the table has every combination once', () => {
  expect(new Set(table.map((row) => row.slice(0, 4).join(' '))).size).toBe(16)
})

const form = { name: 'Boris', email: 'boris@mail.example', topic: 'Delivery', consent: true }
const words = (): Sending => ({ clientId: newClientId(), body: 'Do you deliver?' })
const filledIn = (): Sending => ({ ...words(), kind: 'feedback', form })
const resultOf = (outcome: Outcome) => (outcome.outcome === 'refused' ? outcome.code : outcome.outcome)

/** A visitor of a site as the row has it. */
async function arrive([on, audience, verified, there]: Row): Promise<string> {
  const site = await write((tx) => createSite(tx, { name: 'Water', greeting: 'Hello' }))
  await changeWidget(owner, site.id, { audience })
  await switchChat(owner, site.id, on)
  const { visitorToken } = await session(house.url, site.id)
  const visitor = readVisitorToken(visitorToken)
  if (verified) {
    await write(async (tx) => {
      await keepVisitor(tx, visitor)
      await tx.update(visitors).set({ verifiedAt: 1 }).where(eq(visitors.id, visitor.visitorId))
    })
  }
  clearPresence()
  if (there) enter('anna', 'Anna')
  return visitorToken
}

/** What a window makes of what it is told. */
function modeBy({ site, visitor, availability }: Awaited<ReturnType<typeof session>>): WindowMode {
  const { chatEnabled, audience } = site
  return windowMode({ chatEnabled, audience, verified: visitor.verified, agentsThere: availability.agents > 0 })
}

for (const row of table) {
  const [on, audience, verified, there, mode, text] = row
  const who = `${verified ? 'a verified' : 'an anonymous'} visitor`
  const where = `chat ${on ? 'on' : 'off'} for ${audience}, ${there ? 'agents there' : 'nobody there'}`

  test(`${where}: ${who} is offered ${mode}, and their words are ${text}`, async () => {
    for (const over of ['socket', 'http'] as const) {
      const token = await arrive(row)
      const socket = await VisitorSocket.connect(house.url, { token })
      const send = (message: Sending) =>
        over === 'socket' ? socket.send(message) : sendOverHttp(house.url, token, message)
      const welcome = (await socket.frame('welcome')) as unknown as Awaited<ReturnType<typeof session>>
      const { siteId } = readVisitorToken(token)
      expect([over, modeBy(welcome), modeBy(await session(house.url, siteId, token))]).toEqual([over, mode, mode])

      expect([over, resultOf(await send(words()))]).toEqual([over, text])
      const taken = await send(filledIn())
      expect([over, resultOf(taken)]).toEqual([over, 'ok'])
      const conversation = await findConversation(taken.outcome === 'ok' ? taken.conversationId : '')
      expect([over, conversation?.state, conversation?.lastText]).toEqual([
        over,
        'waiting',
        'Delivery: Do you deliver?',
      ])
      const { items } = await socket.since(0)
      const greeted = text === 'ok' ? ['system text', 'visitor text'] : []
      expect(items.map(({ author, kind }) => `${author.kind} ${kind}`)).toEqual([...greeted, 'visitor feedback'])
      await socket.close()
    }
  })
}

test('what was taken is acknowledged again, whoever may write by now', async () => {
  const token = await arrive([true, 'anyone', false, false, 'later', 'ok'])
  const { siteId, visitorId } = readVisitorToken(token)
  const sent = [words(), filledIn(), { clientId: newClientId(), kind: 'email', body: 'boris@mail.example' }]
  const socket = await VisitorSocket.connect(house.url, { token })
  const first: Outcome[] = []
  for (const message of sent) first.push(await socket.send(message))
  expect(first.map(resultOf)).toEqual(['ok', 'ok', 'ok'])
  await switchChat(owner, siteId, false)
  await changeWidget(owner, siteId, { audience: 'registered' })
  await write((tx) => tx.update(visitors).set({ blockedAt: 1 }).where(eq(visitors.id, visitorId)))
  for (const [place, message] of sent.entries()) {
    expect(await socket.send(message)).toEqual(first[place] as Outcome)
    expect(await sendOverHttp(house.url, token, message)).toEqual(first[place] as Outcome)
  }
  await socket.close()
})

test('from who is blocked nothing new is taken, whatever it is, and their window is told so', async () => {
  const token = await arrive([true, 'anyone', true, true, 'chat', 'ok'])
  const { siteId, visitorId } = readVisitorToken(token)
  expect(resultOf(await sendOverHttp(house.url, token, words()))).toBe('ok')
  await write((tx) => tx.update(visitors).set({ blockedAt: 1 }).where(eq(visitors.id, visitorId)))
  const socket = await VisitorSocket.connect(house.url, { token })
  expect(await socket.frame('welcome')).toMatchObject({ visitor: { verified: true, blocked: true, email: null } })
  expect((await session(house.url, siteId, token)).visitor).toEqual({ verified: true, blocked: true, email: null })
  for (const message of [words(), filledIn(), { clientId: newClientId(), kind: 'email', body: 'b@mail.example' }]) {
    expect(await socket.send(message)).toMatchObject({ code: 'blocked', retryable: false })
    expect(await sendOverHttp(house.url, token, message)).toMatchObject({ code: 'blocked', retryable: false })
  }
  expect((await socket.since(0)).items).toHaveLength(2)
  await socket.close()
})
