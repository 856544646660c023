import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { and, eq } from 'drizzle-orm'
import {
  type AgentActor,
  conversationsOf,
  findConversation,
  finishConversation,
  messages,
  reopenConversation,
  takeConversation,
} from '../../src/features/conversations/index.ts'
import { closures, conversations, takes } from '../../src/features/conversations/schema.ts'
import { findAck, listEntries, publicPage, readSeq, readUpTo, sendMessage } from '../../src/features/messages/index.ts'
import { createSite, type SiteRow, switchChat } from '../../src/features/sites/index.ts'
import { visitors } from '../../src/features/visitors/schema.ts'
import type { VisitorActor } from '../../src/features/visitors/index.ts'
import { db } from '../../src/platform/db/open.ts'
import { write } from '../../src/platform/db/write.ts'
import { hire, newVisitor } from '../support/cast.ts'
import { refusalOf } from '../support/refusal.ts'
import { isRefusedAsTaken } from '../support/taken.ts'
import { openHouse, type TestHouse } from '../support/house.ts'

let house: TestHouse
let site: SiteRow
let anna: AgentActor
let dmitri: AgentActor
let boris: VisitorActor
const clara = { role: 'admin' }

beforeAll(async () => {
  house = await openHouse()
  anna = await hire('Anna')
  dmitri = await hire('Dmitri')
})

beforeEach(async () => {
  site = await write((tx) => createSite(tx, { name: 'Water' }))
  boris = newVisitor(site.id)
})

afterAll(() => house.close())

let made = 0
const say = (body: string, clientId = `m${++made}`) => ({ clientId, body })
const log = async (id: string) =>
  (await listEntries(id, { limit: 100 })).map(({ seq, kind, body }) => `${seq} ${kind} ${body}`)

describe('a visitor who writes', () => {
  test('opens a conversation with the first message, and is kept from then on', async () => {
    expect(await db.select().from(visitors).where(eq(visitors.id, boris.visitorId))).toEqual([])
    const ack = await sendMessage(boris, say('hello'))
    expect(ack.seq).toBe(1)
    expect(await db.select().from(visitors).where(eq(visitors.id, boris.visitorId))).toHaveLength(1)
    expect(await findConversation(ack.conversationId)).toMatchObject({
      state: 'waiting',
      lastText: 'hello',
      lastSeq: 1,
      agentId: null,
    })
  })

  test('finds the greeting they were shown at the head of the log', async () => {
    const greeting = 'Ask about an order'
    const greeted = newVisitor((await write((tx) => createSite(tx, { name: 'Greeting', greeting }))).id)
    const { conversationId, seq } = await sendMessage(greeted, say('hello'))
    expect(seq).toBe(2)
    expect(await log(conversationId)).toEqual(['1 text Ask about an order', '2 text hello'])
  })

  test('stays in one conversation, in the order of the sends', async () => {
    const acks = await Promise.all(['a', 'b', 'c', 'd'].map((body) => sendMessage(boris, say(body))))
    expect(new Set(acks.map((ack) => ack.conversationId)).size).toBe(1)
    expect(acks.map((ack) => ack.seq)).toEqual([1, 2, 3, 4])
  })

  test('is stored once when the same message comes again, whatever has changed since', async () => {
    const message = say('once')
    const first = await sendMessage(boris, message)
    await finishConversation(anna, first.conversationId)
    await switchChat(clara, site.id, false)
    expect(await sendMessage(boris, message)).toEqual(first)
    expect(await findAck(boris, message)).toEqual(first)
    expect((await log(first.conversationId)).filter((entry) => entry.endsWith('once'))).toHaveLength(1)
  })

  test('is stored once when both copies come at the same moment', async () => {
    const message = say('twice at once')
    const [one, two] = await Promise.all([sendMessage(boris, message), sendMessage(boris, message)])
    expect(one).toEqual(two)
    expect(await log(one.conversationId)).toEqual(['1 text twice at once'])
  })

  test('is refused another text under the same client id, and the first one stays', async () => {
    const { conversationId } = await sendMessage(boris, say('first', 'same-id'))
    expect(await refusalOf(sendMessage(boris, say('second', 'same-id')))).toBe('client_id_reused')
    expect(await log(conversationId)).toEqual(['1 text first'])
  })

  test('shares no client ids with anybody else', async () => {
    const mine = await sendMessage(boris, say('mine', 'shared-id'))
    const theirs = await sendMessage(newVisitor(site.id), say('theirs', 'shared-id'))
    expect(theirs.conversationId).not.toBe(mine.conversationId)
  })

  test('cannot write into a conversation of somebody else', async () => {
    const theirs = await sendMessage(newVisitor(site.id), say('private'))
    expect(await refusalOf(sendMessage(boris, { ...say('hi'), conversationId: theirs.conversationId }))).toBe(
      'conversation_unknown',
    )
    expect(await log(theirs.conversationId)).toEqual(['1 text private'])
  })

  test('reopens a finished conversation into Waiting, and the agent before is remembered', async () => {
    const { conversationId } = await sendMessage(boris, say('one'))
    await takeConversation(anna, conversationId)
    await finishConversation(anna, conversationId)
    const again = await sendMessage(boris, say('two'))
    expect(again.conversationId).toBe(conversationId)
    expect(await log(conversationId)).toEqual([
      '1 text one',
      '2 event taken',
      '3 event finished',
      '4 event reopened',
      '5 text two',
    ])
    expect(await findConversation(conversationId)).toMatchObject({
      state: 'waiting',
      agentId: null,
      previousAgentId: anna.agentId,
    })
  })

  test('is refused while the chat is off, leaves nothing behind, and gets through once it is on', async () => {
    await switchChat(clara, site.id, false)
    expect(await refusalOf(sendMessage(boris, say('off')))).toBe('chat_disabled')
    expect(await conversationsOf(boris.visitorId)).toEqual([])
    await switchChat(clara, site.id, true)
    expect((await sendMessage(boris, say('on'))).seq).toBe(1)
  })

  test.each([
    ['client_id_invalid', { clientId: '', body: 'x' }],
    ['client_id_invalid', { clientId: 'a b', body: 'x' }],
    ['client_id_invalid', { clientId: 'a'.repeat(65), body: 'x' }],
    ['client_id_invalid', { clientId: 7, body: 'x' }],
    ['text_missing', { clientId: 'x1', body: ' \n\t ' }],
    ['text_missing', { clientId: 'x2', body: { toString: 'x' } }],
    ['text_too_long', { clientId: 'x3', body: 'x'.repeat(8001) }],
    ['text_invalid', { clientId: 'x4', body: 'a\0b' }],
    ['text_invalid', { clientId: 'x5', body: 'a\ud800b' }],
    ['kind_unknown', { clientId: 'x6', body: 'x', kind: 'event' }],
  ])('is refused %s for %j', async (code, message) => {
    expect(await refusalOf(sendMessage(boris, message))).toBe(code)
    expect(await conversationsOf(boris.visitorId)).toEqual([])
  })

  test('is given back the text to the letter, 8,000 units of it', async () => {
    const body = `  \u202eПривет 👩‍👩‍👧 \r\n<b>${'я'.repeat(7000)}`
    const { conversationId } = await sendMessage(boris, say(body))
    expect((await listEntries(conversationId, { limit: 1 }))[0]?.body).toBe(body)
  })

  test('has at most one unfinished conversation, by the database itself', async () => {
    const { conversationId } = await sendMessage(boris, say('one'))
    const row = await findConversation(conversationId)
    const second = write((tx) => tx.insert(conversations).values({ ...row!, id: crypto.randomUUID() }))
    expect(await isRefusedAsTaken(second)).toBe(true)
  })
})

describe('two agents', () => {
  test('who press Take at once: one gets it, the other is told by whom', async () => {
    const { conversationId } = await sendMessage(boris, say('hello'))
    const outcomes = await Promise.allSettled([anna, dmitri].map((agent) => takeConversation(agent, conversationId)))
    const [first, second] = outcomes[0]?.status === 'fulfilled' ? [anna, dmitri] : [dmitri, anna]
    const refused = outcomes[second === dmitri ? 1 : 0] as PromiseRejectedResult
    expect(refused.reason).toMatchObject({ code: 'conversation_taken', values: { by: first.name } })
    expect(await db.select().from(takes).where(eq(takes.conversationId, conversationId))).toMatchObject([
      { agentId: first.agentId, seq: 2 },
    ])
  })

  test('may both answer, and the conversation stays with the one who took it', async () => {
    const { conversationId } = await sendMessage(boris, say('hello'))
    await sendMessage(anna, { ...say('mine'), conversationId })
    await sendMessage(dmitri, { ...say('and mine'), conversationId })
    expect((await findConversation(conversationId))?.agentId).toBe(anna.agentId)
  })

  test('who answer a waiting conversation at once: the first takes it, once', async () => {
    const { conversationId } = await sendMessage(boris, say('hello'))
    await Promise.all(
      [anna, dmitri].map((agent) => sendMessage(agent, { ...say(`from ${agent.name}`), conversationId })),
    )
    expect((await log(conversationId)).filter((entry) => entry.endsWith('taken'))).toHaveLength(1)
  })
})

describe('an agent', () => {
  test('cannot answer a finished conversation before reopening it', async () => {
    const { conversationId } = await sendMessage(boris, say('hello'))
    await finishConversation(anna, conversationId)
    expect(await refusalOf(sendMessage(anna, { ...say('late'), conversationId }))).toBe('conversation_finished')
    await reopenConversation(anna, conversationId)
    expect(await findConversation(conversationId)).toMatchObject({ state: 'active', agentId: anna.agentId })
    expect((await sendMessage(anna, { ...say('now'), conversationId })).seq).toBe(5)
  })

  test('who finishes twice, or reopens twice, changes nothing the second time', async () => {
    const { conversationId } = await sendMessage(boris, say('hello'))
    await finishConversation(anna, conversationId)
    const finished = await log(conversationId)
    await finishConversation(anna, conversationId)
    expect(await log(conversationId)).toEqual(finished)
    expect(await db.select().from(closures).where(eq(closures.conversationId, conversationId))).toHaveLength(1)
    await reopenConversation(anna, conversationId)
    const reopened = await log(conversationId)
    await reopenConversation(anna, conversationId)
    expect(await log(conversationId)).toEqual(reopened)
    expect(await db.select().from(closures).where(eq(closures.conversationId, conversationId))).toEqual([])
  })

  test('is stored once when an answer is retried after the conversation was finished', async () => {
    const { conversationId } = await sendMessage(boris, say('hello'))
    const answer = { ...say('answer'), conversationId }
    const first = await sendMessage(anna, answer)
    await finishConversation(anna, conversationId)
    expect(await sendMessage(anna, answer)).toEqual(first)
  })

  test('is told that a conversation does not exist', async () => {
    expect(await refusalOf(takeConversation(anna, 'nowhere'))).toBe('conversation_unknown')
    expect(await refusalOf(sendMessage(anna, { ...say('x'), conversationId: 'nowhere' }))).toBe('conversation_unknown')
  })
})

describe('the log', () => {
  test('is gapless while visitors write, agents answer, finish and reopen at once', async () => {
    const { conversationId } = await sendMessage(boris, say('start'))
    const work = Array.from({ length: 200 }, (_, n) => {
      if (n % 10 === 7) return finishConversation(anna, conversationId)
      if (n % 10 === 9) return reopenConversation(dmitri, conversationId)
      return sendMessage(n % 2 ? boris : anna, { ...say(`${n}`), conversationId })
    })
    const outcomes = await Promise.allSettled(work)
    const said = outcomes.filter(({ status }, n) => status === 'fulfilled' && n % 10 !== 7 && n % 10 !== 9)
    const seqs = await db
      .select({ seq: messages.seq })
      .from(messages)
      .where(eq(messages.conversationId, conversationId))
      .orderBy(messages.seq)
    // What visitors write is always kept, agents may be told that it was finished meanwhile; some of it was finished.
    expect(said.length).toBeGreaterThanOrEqual(60)
    expect(seqs.length).toBeGreaterThan(said.length + 1)
    expect(seqs.map((row) => row.seq)).toEqual(seqs.map((_, index) => index + 1))
    expect((await findConversation(conversationId))?.lastSeq).toBe(seqs.length)
  })

  test('hides what only agents may see, and links each public entry to the one before it', async () => {
    const { conversationId } = await sendMessage(boris, say('one'))
    await takeConversation(anna, conversationId)
    await sendMessage(anna, { ...say('two'), conversationId })
    const page = await publicPage(conversationId, 0)
    expect(page.items.map(({ seq, publicBefore }) => [seq, publicBefore])).toEqual([
      [1, 0],
      [3, 1],
    ])
    expect({ from: page.from, to: page.to, more: page.more }).toEqual({ from: 0, to: 3, more: false })
  })

  test('speaks as far as it knows: past a hidden last entry, and no further than the end', async () => {
    const { conversationId } = await sendMessage(boris, say('one'))
    await takeConversation(anna, conversationId)
    expect(await publicPage(conversationId, 1)).toEqual({ from: 1, to: 2, items: [], more: false })
    expect(await publicPage(conversationId, 99)).toEqual({ from: 99, to: 99, items: [], more: false })
  })

  test('is paged by 200 entries and by 128 KB, and the pages meet', async () => {
    const { conversationId } = await sendMessage(boris, say('x'.repeat(8000)))
    await Promise.all(Array.from({ length: 40 }, () => sendMessage(boris, say('x'.repeat(8000)))))
    await Promise.all(Array.from({ length: 300 }, () => sendMessage(boris, say('short'))))
    const seen: number[] = []
    let pages = 0
    for (let since = 0, more = true; more; pages++) {
      const page = await publicPage(conversationId, since)
      const bytes = JSON.stringify(page.items.map((item) => item.body)).length
      expect(page.items.length).toBeLessThanOrEqual(200)
      expect(bytes).toBeLessThanOrEqual(128 * 1024)
      expect(page.from).toBe(since)
      seen.push(...page.items.map((item) => item.seq))
      since = page.to
      more = page.more
    }
    expect(seen).toEqual(Array.from({ length: 341 }, (_, index) => index + 1))
    expect(pages).toBeGreaterThanOrEqual(4)
  }, 120_000)
})

describe('a read mark', () => {
  test('rises, never falls, and ends at the end of the log', async () => {
    const { conversationId } = await sendMessage(boris, say('one'))
    await sendMessage(boris, say('two'))
    await readUpTo(anna, { conversationId, seq: 1 })
    expect(await readSeq(conversationId, 'agent')).toBe(1)
    await readUpTo(anna, { conversationId, seq: 1000 })
    expect(await readSeq(conversationId, 'agent')).toBe(2)
    await readUpTo(anna, { conversationId, seq: 1 })
    expect(await readSeq(conversationId, 'agent')).toBe(2)
    expect(await readSeq(conversationId, 'visitor')).toBe(0)
  })

  test('is nobody else’s to set', async () => {
    const { conversationId } = await sendMessage(boris, say('one'))
    expect(await refusalOf(readUpTo(newVisitor(site.id), { conversationId, seq: 1 }))).toBe('conversation_unknown')
    expect(await readSeq(conversationId, 'visitor')).toBe(0)
  })

  test.each([-1, 1.5, Number.NaN, '1', null])('is refused when it is %p', async (seq) => {
    const { conversationId } = await sendMessage(boris, say('one'))
    expect(await refusalOf(readUpTo(anna, { conversationId, seq }))).toBe('bad_request')
  })
})

test('the unique key of a message is the database’s too', async () => {
  const { conversationId } = await sendMessage(boris, say('one', 'key'))
  const [row] = await db
    .select()
    .from(messages)
    .where(and(eq(messages.conversationId, conversationId), eq(messages.seq, 1)))
  expect(await isRefusedAsTaken(write((tx) => tx.insert(messages).values({ ...row!, seq: 2 })))).toBe(true)
})
