import { afterAll, afterEach, beforeAll, expect, test } from 'bun:test'
import {
  type AgentActor,
  conversationsOf,
  conversationsToChange,
  conversationToChange,
  countFolders,
  cursorOf,
  type Folder,
  type FolderCursor,
  findConversation,
  finishConversation,
  listFolder,
  reopenConversation,
  takeConversation,
} from '../../src/features/conversations/index.ts'
import { conversations } from '../../src/features/conversations/schema.ts'
import { sendMessage } from '../../src/features/messages/index.ts'
import { visitors } from '../../src/features/visitors/schema.ts'
import type { VisitorActor } from '../../src/features/visitors/index.ts'
import { write } from '../../src/platform/db/write.ts'
import { holdClock } from '../../src/platform/lib/clock.ts'
import { newId } from '../../src/platform/lib/id.ts'
import { hire, newVisitor } from '../support/cast.ts'
import { openHouse, type TestHouse } from '../support/house.ts'
import { refusalOf } from '../support/refusal.ts'
import { logFaults, readStored } from './log-faults.ts'
import { nobodys } from './values.ts'

let house: TestHouse
let anna: AgentActor
let boris: VisitorActor

beforeAll(async () => {
  house = await openHouse()
  anna = await hire('Anna')
  boris = newVisitor(house.site.id)
})
afterAll(() => house.close())
afterEach(() => holdClock())

let made = 0
const open = async (visitor = newVisitor(house.site.id)) =>
  (await sendMessage(visitor, { clientId: `m${++made}`, body: 'hello' })).conversationId

test('a conversation comes back as it was kept, number for number and null for null', async () => {
  const at = 1_763_800_000_123
  holdClock(() => at)
  const id = await open(boris)
  const row = {
    id,
    siteId: house.site.id,
    visitorId: boris.visitorId,
    state: 'waiting',
    agentId: null,
    previousAgentId: null,
    lastSeq: 1,
    lastPublicSeq: 1,
    lastVisitorSeq: 1,
    lastText: 'hello',
    lastAuthorKind: 'visitor',
    lastEntryAt: at,
    waitingSince: at,
    createdAt: at,
    channel: 'widget',
    zoneId: null,
  } as const
  expect(await findConversation(id)).toEqual(row)
  expect(await conversationsOf(boris.visitorId)).toEqual([row])
})

test('whoever takes, finishes and reopens stands in the store as in the log', async () => {
  const id = await open()
  for (const change of [takeConversation, finishConversation, reopenConversation, finishConversation]) {
    const after = await change(anna, id)
    expect(await findConversation(id)).toEqual(after)
    expect(logFaults(await readStored(id))).toEqual([])
  }
})

/** Two hundred conversations of a folder, with a moment that several of them share. */
async function fill(folder: Folder): Promise<string[]> {
  const rows = Array.from({ length: 200 }, (_, n) => {
    const visitor = { id: newId(), siteId: house.site.id, tokenHash: newId(), createdAt: 1 }
    const at = 1_700_000_000_000 + Math.floor(n / 7)
    return {
      visitor,
      conversation: {
        id: crypto.randomUUID(),
        siteId: house.site.id,
        visitorId: visitor.id,
        state: folder,
        agentId: folder === 'active' ? anna.agentId : null,
        lastSeq: 1,
        lastPublicSeq: 1,
        lastEntryAt: at,
        waitingSince: folder === 'waiting' ? at : null,
        createdAt: 1,
      },
    }
  })
  await write(async (tx) => {
    await tx.insert(visitors).values(rows.map(({ visitor }) => visitor))
    await tx.insert(conversations).values(rows.map(({ conversation }) => conversation))
  })
  const inOrder = rows
    .map(({ conversation: { id, lastEntryAt } }) => ({ id, key: `${lastEntryAt} ${id}` }))
    .toSorted((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ id }) => id)
  return folder === 'waiting' ? inOrder : inOrder.toReversed()
}

test.each<Folder>(['waiting', 'active', 'finished'])('the pages of %s meet, each conversation once', async (folder) => {
  const filled = await fill(folder)
  const seen: string[] = []
  let before: FolderCursor | null = null
  for (let more = true; more; ) {
    const page = await listFolder({ folder, agentId: anna.agentId, before, limit: 30 })
    seen.push(...page.map(({ id }) => id))
    const last = page.at(-1)
    more = page.length === 30 && last !== undefined
    if (last) before = cursorOf(folder, last)
  }
  const own = new Set(filled)
  expect(seen.filter((id) => own.has(id))).toEqual(filled)
  expect(new Set(seen).size).toBe(seen.length)
})

test('the folders are counted to a hundred, and an agent’s own alone', async () => {
  const dora = await hire('Dora')
  expect(await countFolders(anna.agentId)).toEqual({ waiting: 100, active: 100, finished: 100 })
  expect(await countFolders(dora.agentId)).toEqual({ waiting: 100, active: 0, finished: 100 })
  const id = await open()
  await takeConversation(dora, id)
  expect((await countFolders(dora.agentId)).active).toBe(1)
})

test('several are taken hold of in the order of their ids, each once, and none if one is missing', async () => {
  const ids = [await open(), await open(), await open()]
  const asked = [ids[2]!, ids[0]!, ids[2]!, ids[1]!]
  const held = await write((tx) => conversationsToChange(tx, asked))
  expect(held.map(({ id }) => id)).toEqual(ids.toSorted())
  expect(await write((tx) => conversationsToChange(tx, []))).toEqual([])
  for (const nobody of nobodys)
    expect(await refusalOf(write((tx) => conversationsToChange(tx, [...ids, nobody])))).toBe('conversation_unknown')
})

test.each(nobodys)('%j is no conversation', async (id) => {
  expect(await findConversation(id)).toBeNull()
  expect(await refusalOf(write((tx) => conversationToChange(tx, id)))).toBe('conversation_unknown')
  for (const change of [takeConversation, finishConversation, reopenConversation])
    expect(await refusalOf(change(anna, id))).toBe('conversation_unknown')
})
