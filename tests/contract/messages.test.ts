import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { type AgentActor, findConversation, takeConversation } from '../../src/features/conversations/index.ts'
import {
  findAck,
  listEntries,
  publicPage,
  readAll,
  type ReadMarked,
  readSeq,
  readSeqOf,
  readUpTo,
  sendMessage,
} from '../../src/features/messages/index.ts'
import type { VisitorActor } from '../../src/features/visitors/index.ts'
import { newId } from '../../src/platform/lib/id.ts'
import { on } from '../../src/platform/live/bus.ts'
import { hire, newVisitor } from '../support/cast.ts'
import { openHouse, type TestHouse } from '../support/house.ts'
import { refusalOf } from '../support/refusal.ts'
import { turn } from './listen.ts'
import { nobodys, texts } from './values.ts'

let house: TestHouse
let anna: AgentActor
let dora: AgentActor
let boris: VisitorActor
const marked: ReadMarked[] = []

beforeAll(async () => {
  house = await openHouse()
  anna = await hire('Anna')
  dora = await hire('Dora')
  on('read.marked', (mark) => void marked.push(mark))
})
afterAll(() => house.close())
beforeEach(() => {
  boris = newVisitor(house.site.id)
  marked.length = 0
})

let made = 0
const say = (body = 'hello') => ({ clientId: `m${++made}`, body })

test.each(texts)('a text comes back to the letter: %j', async (text) => {
  const { conversationId, at } = await sendMessage(boris, say(text))
  const [entry] = await listEntries(conversationId, { limit: 1 })
  expect(entry).toMatchObject({ body: text, seq: 1, publicBefore: 0, public: true, data: null, page: null, at })
  expect((await publicPage(conversationId, 0)).items).toEqual([entry!])
  const { lastText } = (await findConversation(conversationId))!
  expect(text.startsWith(lastText ?? 'nothing')).toBe(true)
})

test.each(texts)('what is kept as JSON comes back too: %j', async (text) => {
  const page = { url: `https://shop.example/?q=${encodeURIComponent(text.slice(0, 20))}`, title: text.slice(0, 200) }
  const { conversationId } = await sendMessage(boris, { ...say(), page })
  await sendMessage({ ...anna, name: text }, { ...say(), conversationId })
  const [first, taken, answer] = await listEntries(conversationId, { limit: 9 })
  expect(first).toMatchObject({ page, data: null })
  expect(taken).toMatchObject({ page: null, data: { agentId: anna.agentId, agentName: text }, public: false })
  expect(answer).toMatchObject({ page: null, data: { agentName: text }, public: true, publicBefore: 1 })
})

test('entries are asked for from either side, and past either end', async () => {
  const { conversationId } = await sendMessage(boris, say())
  await takeConversation(anna, conversationId)
  for (let n = 3; n <= 12; n++) await sendMessage(boris, say())
  const seqs = async (asked: Parameters<typeof listEntries>[1]) =>
    (await listEntries(conversationId, asked)).map(({ seq }) => seq)
  expect(await seqs({ after: 2, limit: 3 })).toEqual([3, 4, 5])
  expect(await seqs({ before: 5, limit: 3 })).toEqual([2, 3, 4])
  expect(await seqs({ limit: 2 })).toEqual([11, 12])
  expect(await seqs({ before: 1, limit: 5 })).toEqual([])
  for (const far of [12, 2 ** 31, 2 ** 32, Number.MAX_SAFE_INTEGER]) {
    expect(await seqs({ after: far, limit: 5 })).toEqual([])
    expect(await seqs({ before: far + (far === 12 ? 1 : 0), limit: 2 })).toEqual([11, 12])
    expect(await publicPage(conversationId, far)).toEqual({ from: far, to: far, items: [], more: false })
  }
})

test('one side of a log alone is asked for from either end, and past what it holds', async () => {
  const { conversationId } = await sendMessage(boris, say())
  await sendMessage(anna, { ...say(), conversationId })
  await sendMessage(boris, say())
  const seqs = async (asked: Parameters<typeof listEntries>[1]) =>
    (await listEntries(conversationId, asked)).map(({ seq }) => seq)
  expect(await seqs({ of: 'visitor', limit: 9 })).toEqual([1, 4])
  expect(await seqs({ of: 'agent', limit: 9 })).toEqual([3])
  expect(await seqs({ of: 'actions', limit: 9 })).toEqual([2])
  expect(await seqs({ of: 'visitor', limit: 1 })).toEqual([4])
  expect(await seqs({ of: 'visitor', before: 4, limit: 9 })).toEqual([1])
  expect(await seqs({ of: 'visitor', after: 1, limit: 9 })).toEqual([4])
  expect(await seqs({ of: 'actions', after: 2, limit: 9 })).toEqual([])
  expect(await seqs({ of: null, limit: 9 })).toEqual([1, 2, 3, 4])
})

test('how far an agent has read is theirs alone', async () => {
  const { conversationId } = await sendMessage(boris, say())
  await sendMessage(boris, say())
  expect(await readSeqOf(anna.agentId, conversationId)).toBe(0)
  await readUpTo(anna, { conversationId, seq: 2 })
  await readUpTo(dora, { conversationId, seq: 1 })
  await readUpTo(boris, { conversationId, seq: 2 })
  expect(await readSeqOf(anna.agentId, conversationId)).toBe(2)
  expect(await readSeqOf(dora.agentId, conversationId)).toBe(1)
  expect(await readSeqOf(newId(), conversationId)).toBe(0)
})

test.each(nobodys)('%j has no log, no marks and no message', async (id) => {
  expect(await publicPage(newId(), 0)).toEqual({ from: 0, to: 0, items: [], more: false })
  expect(await refusalOf(readUpTo(anna, { conversationId: id, seq: 1 }))).toBe('conversation_unknown')
  expect(await refusalOf(sendMessage(anna, { ...say(), conversationId: id }))).toBe('conversation_unknown')
  expect(await refusalOf(sendMessage(boris, { ...say(), conversationId: id }))).toBe('conversation_unknown')
  expect(await refusalOf(readAll(anna, [id]))).toBe('conversation_unknown')
})

test('a message is found by its key again, and by nobody else’s', async () => {
  const message = say()
  expect(await findAck(boris, message)).toBeNull()
  const ack = await sendMessage(boris, message)
  expect(await findAck(boris, message)).toEqual(ack)
  expect(await findAck(newVisitor(house.site.id), message)).toBeNull()
  expect(await findAck(anna, message)).toBeNull()
})

describe('to read several at once', () => {
  const converse = async (length: number) => {
    const visitor = newVisitor(house.site.id)
    let conversationId = ''
    for (let n = 0; n < length; n++) ({ conversationId } = await sendMessage(visitor, say()))
    return conversationId
  }
  /** What was told since it was asked last. */
  const told = async () => {
    for (let n = 0; n < 3; n++) await turn()
    return marked.splice(0).map(({ conversationId, readerId, seq }) => [conversationId, readerId, seq])
  }

  test('raises one’s own marks to their ends, and tells of each that rose', async () => {
    const [one, two, three] = [await converse(1), await converse(4), await converse(3)]
    await readUpTo(anna, { conversationId: two, seq: 2 })
    await readUpTo(anna, { conversationId: three, seq: 3 })
    await told()
    await readAll(anna, [three, two, one, two])
    expect(await Promise.all([one, two, three].map((id) => readSeq(id, 'agent')))).toEqual([1, 4, 3])
    const rose = [
      [one, anna.agentId, 1],
      [two, anna.agentId, 4],
    ]
    expect(await told()).toEqual(one < two ? rose : rose.toReversed())
    await readAll(anna, [one, two, three])
    expect(await told()).toEqual([])
    await readAll(dora, [two])
    expect(await told()).toEqual([[two, dora.agentId, 4]])
  })

  test('raises none if one of them is unknown', async () => {
    const id = await converse(2)
    expect(await refusalOf(readAll(anna, [id, newId()]))).toBe('conversation_unknown')
    expect(await readSeq(id, 'agent')).toBe(0)
    expect(await told()).toEqual([])
  })

  test('takes five hundred, no more, and none is no error', async () => {
    const visitors = Array.from({ length: 500 }, () => newVisitor(house.site.id))
    const acks = await Promise.all(visitors.map((visitor) => sendMessage(visitor, say())))
    const ids = acks.map(({ conversationId }) => conversationId)
    expect(await refusalOf(readAll(anna, [...ids, ids[0]!]))).toBe('bad_request')
    await readAll(anna, ids)
    expect((await told()).map(([id]) => id)).toEqual(ids.toSorted())
    await readAll(anna, [])
  })

  test('waits for nobody for ever who reads the same ones the other way round', async () => {
    const ids = [await converse(2), await converse(2), await converse(2)]
    const readers = await Promise.all(Array.from({ length: 16 }, (_, n) => hire(`Reader${n}`)))
    await Promise.all(readers.map((reader, n) => readAll(reader, n % 2 === 0 ? ids : ids.toReversed())))
    expect(await told()).toHaveLength(48)
  })
})
