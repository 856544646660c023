import { afterAll, beforeAll, expect, test } from 'bun:test'
import { inArray } from 'drizzle-orm'
import {
  type AgentActor,
  conversations,
  findConversation,
  finishConversation,
  inFolderOrder,
  reopenConversation,
  takeConversation,
} from '../../src/features/conversations/index.ts'
import {
  countUnread,
  listEntries,
  listUnread,
  readAll,
  readFolder,
  readUpTo,
  sendMessage,
  undoReadAll,
  type UnreadFolder,
  unreadOf,
} from '../../src/features/messages/index.ts'
import { reads } from '../../src/features/messages/schema.ts'
import type { VisitorActor } from '../../src/features/visitors/index.ts'
import { db } from '../../src/platform/db/open.ts'
import { randomFor } from '../crash/random.ts'
import { hire, newVisitor } from '../support/cast.ts'
import { openHouse, type TestHouse } from '../support/house.ts'

let house: TestHouse
beforeAll(async () => {
  house = await openHouse({ 'no-limits': true }, { hooks: {} })
})
afterAll(() => house.close())

/** What is unread for an agent, worked out from the logs and the marks alone. */
async function workedOut({ agentId }: AgentActor, ids: string[]): Promise<Record<string, [UnreadFolder, number]>> {
  const marks = new Map(
    (await db.select().from(reads)).map((row) => [`${row.conversationId} ${row.readerId}`, row.seq]),
  )
  const found: Record<string, [UnreadFolder, number]> = {}
  for (const id of ids) {
    const conversation = await findConversation(id)
    const mark = marks.get(`${id} ${agentId}`) ?? 0
    const said = (await listEntries(id, { after: mark, limit: 1000 })).filter(
      ({ authorKind, kind }) => authorKind === 'visitor' && kind !== 'event',
    )
    const state = conversation?.state
    if (said.length === 0 || !state || state === 'finished') continue
    if (state === 'waiting' || conversation.agentId === agentId) found[id] = [state, Math.min(100, said.length)]
  }
  return found
}

/** The same, as it is remembered. */
async function remembered({ agentId }: AgentActor, ids: string[]): Promise<Record<string, [UnreadFolder, number]>> {
  const numbers = await unreadOf(agentId, ids)
  const counts = await countUnread(agentId)
  const found: Record<string, [UnreadFolder, number]> = {}
  for (const folder of ['waiting', 'active'] as const) {
    const { rows } = await listUnread({ folder, agentId, before: null, limit: 500 })
    // Conversations of other seeds wait too.
    for (const { id } of rows) if (ids.includes(id)) found[id] = [folder, numbers.get(id) ?? 0]
    expect([folder, counts[folder]]).toEqual([folder, Math.min(100, rows.length)])
  }
  return found
}

let made = 0
const say = (actor: VisitorActor | AgentActor, conversationId: string | null = null) =>
  sendMessage(actor, { clientId: `m${++made}`, body: 'hello', conversationId })

test.each([1, 2, 3])(
  'what is remembered is what the logs and marks say, whatever is done in between: %i',
  async (seed) => {
    const random = randomFor(seed, 'unread')
    const agents = await Promise.all(['Anna', 'Dora', 'Ewa'].map((name) => hire(`${name}${seed}`)))
    const people = new Map<string, VisitorActor>()
    const undoable: [AgentActor, string][] = []
    const begin = async () => {
      const visitor = newVisitor(house.site.id)
      people.set((await say(visitor)).conversationId, visitor)
    }
    for (let n = 0; n < 12; n++) await begin()
    const id = () => random.pick([...people.keys()])
    const agent = () => random.pick(agents)
    const deeds: (() => Promise<unknown>)[] = [
      begin,
      async () => say(people.get(id())!),
      async () => say(random.pick([...people.values()])),
      async () => takeConversation(agent(), id()),
      async () => finishConversation(agent(), id()),
      async () => reopenConversation(agent(), id()),
      async () => say(agent(), id()),
      async () => readUpTo(agent(), { conversationId: id(), seq: random.between(1, 6) }),
      async () => readAll(agent(), [id(), id()]),
      async () => {
        const who = agent()
        undoable.push([who, (await readFolder(who, random.pick(['waiting', 'active'] as const))).raisedBy])
      },
      async () => {
        const last = undoable.pop()
        if (last) await undoReadAll(...last)
      },
    ]
    for (let step = 0; step < 120; step++) {
      // What may not be done now (to take what a colleague has) is no matter here.
      await Promise.allSettled(Array.from({ length: random.between(1, 4) }, () => random.pick(deeds)()))
      const who = agent()
      const ids = [...people.keys()]
      expect(await remembered(who, ids)).toEqual(await workedOut(who, ids))
    }
  },
  60_000,
)

test('more than is remembered is found all the same, a stretch at a time', async () => {
  const anna = await hire('Anna')
  const acks = await Promise.all(Array.from({ length: 1300 }, () => say(newVisitor(house.site.id))))
  const begun = acks.map(({ conversationId }) => conversationId)
  const rows = await db.select().from(conversations).where(inArray(conversations.id, begun))
  const ids = inFolderOrder('waiting', rows).map(({ id }) => id)
  await countUnread(anna.agentId)
  // Read in the middle, so that a whole stretch has nothing unread.
  for (let at = 100; at < 1200; at += 500) await readAll(anna, ids.slice(at, Math.min(1200, at + 500)))
  const mine = new Set(ids)
  const seen: string[] = []
  let pages = 0
  for (let before = null as Parameters<typeof listUnread>[0]['before']; ; pages++) {
    const page = await listUnread({ folder: 'waiting', agentId: anna.agentId, before, limit: 50 })
    seen.push(...page.rows.map(({ id }) => id).filter((id) => mine.has(id)))
    before = page.next
    if (before === null) break
  }
  expect(seen).toEqual([...ids.slice(0, 100), ...ids.slice(1200)])
  expect(pages).toBeLessThan(20)
}, 60_000)
