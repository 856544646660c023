import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import {
  type AgentActor,
  conversationsOf,
  everything,
  findConversation,
  finishConversation,
  takeConversation,
} from '../../src/features/conversations/index.ts'
import {
  countUnread,
  listUnread,
  readAll,
  readFolder,
  readSeq,
  readUpTo,
  sendMessage,
  undoReadAll,
  unreadOf,
} from '../../src/features/messages/index.ts'
import { UnreadBook } from '../../src/features/messages/unread-book.ts'
import { reads } from '../../src/features/messages/schema.ts'
import type { VisitorActor } from '../../src/features/visitors/index.ts'
import { db } from '../../src/platform/db/open.ts'
import { newId } from '../../src/platform/lib/id.ts'
import { hire, newVisitor } from '../support/cast.ts'
import { openHouse, type TestHouse } from '../support/house.ts'
import { nobodys } from './values.ts'

let house: TestHouse
let anna: AgentActor
let dora: AgentActor
let boris: VisitorActor
let hired = 0

beforeAll(async () => {
  house = await openHouse({ 'no-limits': true })
})
afterAll(() => house.close())
beforeEach(async () => {
  hired++
  anna = await hire(`Anna${hired}`)
  dora = await hire(`Dora${hired}`)
  boris = newVisitor(house.site.id)
})

let made = 0
const say = (actor: VisitorActor | AgentActor, conversationId: string | null = null) =>
  sendMessage(actor, { clientId: `m${++made}`, body: 'hello', conversationId })

async function conversation(texts = 1, visitor = newVisitor(house.site.id)): Promise<string> {
  let id = ''
  for (let n = 0; n < texts; n++) id = (await say(visitor)).conversationId
  return id
}

/** Another test's conversations may wait too: they are finished first. */
async function emptyWaiting(): Promise<void> {
  for (;;) {
    const { rows } = await listUnread({ folder: 'waiting', agentId: anna.agentId, before: null, limit: 50 })
    if (rows.length === 0) return
    await Promise.all(rows.map(({ id }) => finishConversation(dora, id)))
  }
}

const unread = async (agent: AgentActor, id: string): Promise<number> =>
  (await unreadOf(agent.agentId, [id])).get(id) ?? 0

async function marksOf({ agentId }: AgentActor): Promise<Record<string, number>> {
  const rows = await db.select().from(reads)
  return Object.fromEntries(
    rows.flatMap(({ readerId, conversationId, seq }) => (readerId === agentId ? [[conversationId, seq]] : [])),
  )
}

test('a message that a look has counted before it was told of is counted once', async () => {
  const id = await conversation(2)
  const book = new UnreadBook(anna.agentId, everything)
  book.changed(id)
  await book.look()
  expect(book.unreadIn(id)).toBe(2)
  book.said(id, 2)
  expect(book.unreadIn(id)).toBe(2)
  book.said(id, 3)
  expect(book.unreadIn(id)).toBe(3)
})

describe('what is unread', () => {
  test('is what the visitor wrote past one’s own mark, and nobody else’s', async () => {
    const id = await conversation(3, boris)
    expect(await unread(anna, id)).toBe(3)
    await readUpTo(anna, { conversationId: id, seq: 2 })
    expect([await unread(anna, id), await unread(dora, id)]).toEqual([1, 3])
    await readUpTo(anna, { conversationId: id, seq: 3 })
    expect([await unread(anna, id), await unread(dora, id)]).toEqual([0, 3])
  })

  test('counts no answer, no event and no address', async () => {
    const id = await conversation(1, boris)
    await readUpTo(anna, { conversationId: id, seq: 1 })
    await say(anna, id)
    await sendMessage(boris, { clientId: 'address', body: 'boris@mail.example', kind: 'email' })
    expect(await unread(anna, id)).toBe(0)
    expect((await findConversation(id))?.lastVisitorSeq).toBe(1)
    await say(boris)
    expect(await unread(anna, id)).toBe(1)
  })

  test('of an active conversation is the holder’s alone, and of a finished one nobody’s', async () => {
    const id = await conversation(2, boris)
    await takeConversation(anna, id)
    expect([await unread(anna, id), await unread(dora, id)]).toEqual([2, 0])
    await finishConversation(anna, id)
    expect([await unread(anna, id), await unread(dora, id)]).toEqual([0, 0])
    await say(boris)
    expect([await unread(anna, id), await unread(dora, id)]).toEqual([3, 3])
  })

  test('is counted to a hundred of a conversation, and of conversations', async () => {
    await emptyWaiting()
    const many = await conversation(101)
    expect(await unread(anna, many)).toBe(100)
    await Promise.all(Array.from({ length: 100 }, () => conversation()))
    expect(await countUnread(anna.agentId)).toEqual({ waiting: 100, active: 0 })
    await readAll(anna, [many])
    expect(await countUnread(anna.agentId)).toEqual({ waiting: 100, active: 0 })
    const { rows } = await listUnread({ folder: 'waiting', agentId: anna.agentId, before: null, limit: 1 })
    await readAll(anna, [rows[0]?.id ?? ''])
    expect(await countUnread(anna.agentId)).toEqual({ waiting: 99, active: 0 })
    await takeConversation(anna, many)
    await readAll(anna, [many])
    expect(await countUnread(anna.agentId)).toEqual({ waiting: 99, active: 0 })
  })

  test.each(nobodys)('is nothing of %j', async (id) => {
    expect(await unreadOf(anna.agentId, [id, newId()])).toEqual(new Map())
    expect(await unreadOf(anna.agentId, [])).toEqual(new Map())
  })
})

describe('the list of what is unread', () => {
  test('has the folder’s order, page after page, and nothing that was read', async () => {
    await emptyWaiting()
    const ids: string[] = []
    for (let n = 0; n < 7; n++) ids.push(await conversation())
    await readAll(anna, [ids[2] ?? '', ids[5] ?? ''])
    const left = ids.filter((_, n) => n !== 2 && n !== 5)
    const ask = (before: Parameters<typeof listUnread>[0]['before']) =>
      listUnread({ folder: 'waiting', agentId: anna.agentId, before, limit: 2 })
    const seen: string[] = []
    for (let page = await ask(null); ; page = await ask(page.next)) {
      seen.push(...page.rows.map(({ id }) => id))
      if (page.next === null) break
    }
    expect(seen).toEqual(left)
    for (const id of left) await takeConversation(anna, id)
    const active = await listUnread({ folder: 'active', agentId: anna.agentId, before: null, limit: 9 })
    expect(active.rows.map(({ id }) => id)).toEqual(left.toReversed())
    expect(active.next).toBeNull()
  })
})

describe('to read a folder', () => {
  test('reads all that is unread in it, and to undo it puts every mark back', async () => {
    await emptyWaiting()
    const [one, two, three] = [await conversation(3), await conversation(2), await conversation(1)]
    await readUpTo(anna, { conversationId: one, seq: 1 })
    await readUpTo(anna, { conversationId: three, seq: 1 })
    const own = await conversation(1, boris)
    await takeConversation(anna, own)
    const before = await marksOf(anna)
    const { raisedBy, conversations } = await readFolder(anna, 'waiting')
    expect(conversations).toBe(2)
    expect(await countUnread(anna.agentId)).toEqual({ waiting: 0, active: 1 })
    expect(await marksOf(anna)).toEqual({ [one]: 3, [two]: 2, [three]: 1 })
    expect(await undoReadAll(dora, raisedBy)).toBe(0)
    expect(await undoReadAll(anna, raisedBy)).toBe(2)
    expect(await marksOf(anna)).toEqual(before)
    expect(await countUnread(anna.agentId)).toEqual({ waiting: 2, active: 1 })
    expect(await undoReadAll(anna, raisedBy)).toBe(0)
  })

  test('and to undo it leaves a mark that was raised again since, and what was written since unread', async () => {
    await emptyWaiting()
    const [one, two] = [await conversation(2, boris), await conversation(2)]
    const { raisedBy } = await readFolder(anna, 'waiting')
    await say(boris)
    await readUpTo(anna, { conversationId: one, seq: 3 })
    await undoReadAll(anna, raisedBy)
    expect(await marksOf(anna)).toEqual({ [one]: 3 })
    expect([await unread(anna, one), await unread(anna, two)]).toEqual([0, 2])
    const again = await readFolder(anna, 'waiting')
    await say(boris)
    const later = await readFolder(anna, 'waiting')
    expect(await undoReadAll(anna, again.raisedBy)).toBe(1)
    expect(await undoReadAll(anna, later.raisedBy)).toBe(1)
    expect(await marksOf(anna)).toEqual({ [one]: 3 })
  })

  test('reads more than fits into one write, and undoes it too', async () => {
    await emptyWaiting()
    const ids = await Promise.all(Array.from({ length: 520 }, () => conversation()))
    const { raisedBy, conversations } = await readFolder(anna, 'waiting')
    expect(conversations).toBe(520)
    expect(await countUnread(anna.agentId)).toEqual({ waiting: 0, active: 0 })
    expect(await undoReadAll(anna, raisedBy)).toBe(520)
    expect(await marksOf(anna)).toEqual({})
    expect((await countUnread(anna.agentId)).waiting).toBe(100)
    await Promise.all(ids.map((id) => readUpTo(anna, { conversationId: id, seq: 1 })))
    expect((await countUnread(anna.agentId)).waiting).toBe(0)
  })

  test('tells nobody that a visitor has been answered: other agents’ marks stay', async () => {
    await emptyWaiting()
    const id = await conversation(2)
    await readUpTo(dora, { conversationId: id, seq: 1 })
    const { raisedBy } = await readFolder(anna, 'waiting')
    expect(await readSeq(id, 'agent')).toBe(2)
    expect(await marksOf(dora)).toMatchObject({ [id]: 1 })
    await undoReadAll(anna, raisedBy)
    expect(await readSeq(id, 'agent')).toBe(1)
  })

  test.each(['', 'x', newId()])('and %j undoes nothing', async (raisedBy) => {
    expect(await undoReadAll(anna, raisedBy)).toBe(0)
  })
})

test('how a conversation began is kept', async () => {
  const channelOf = async (visitor: VisitorActor) => (await conversationsOf(visitor.visitorId))[0]?.channel
  await say(boris)
  expect(await channelOf(boris)).toBe('widget')
  const program = newVisitor(house.site.id)
  await sendMessage(program, { clientId: 'api', body: 'hello', channel: 'api' })
  expect(await channelOf(program)).toBe('api')
  const clara = newVisitor(house.site.id)
  const form = { name: 'Clara', email: 'clara@mail.example', phone: '', topic: '', consent: true }
  await sendMessage(clara, { clientId: 'form', body: 'hello', kind: 'feedback', form })
  expect(await channelOf(clara)).toBe('form')
  // What comes later changes nothing of how it began.
  await say(clara)
  expect(await channelOf(clara)).toBe('form')
})
