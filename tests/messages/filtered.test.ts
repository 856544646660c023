import { afterAll, beforeAll, expect, test } from 'bun:test'
import { and, eq, gt, inArray } from 'drizzle-orm'
import {
  type AgentActor,
  type Among,
  type ConversationRow,
  conversations,
  countFolder,
  countFolders,
  cursorOf,
  type Folder,
  type FolderCursor,
  finishConversation,
  isAmong,
  listFolder,
  messages,
  takeConversation,
} from '../../src/features/conversations/index.ts'
import {
  countUnread,
  listUnread,
  readAll,
  readFolder,
  readSeqOf,
  readUpTo,
  sendMessage,
  undoReadAll,
} from '../../src/features/messages/index.ts'
import { createSite } from '../../src/features/sites/index.ts'
import type { VisitorActor } from '../../src/features/visitors/index.ts'
import { zones } from '../../src/features/zones/index.ts'
import { db } from '../../src/platform/db/open.ts'
import { write } from '../../src/platform/db/write.ts'
import { newId } from '../../src/platform/lib/id.ts'
import { record } from '../../src/platform/live/bus.ts'
import { hire, newVisitor } from '../support/cast.ts'
import { type Random, randomFor } from '../crash/random.ts'
import { openHouse, type TestHouse } from '../support/house.ts'

let house: TestHouse
let anna: AgentActor
let dora: AgentActor
let siteIds: string[]
let zoneIds: string[]

beforeAll(async () => {
  house = await openHouse({ 'no-limits': true }, { hooks: {} })
  anna = await hire('Anna')
  dora = await hire('Dora')
  const other = await write((tx) => createSite(tx, { name: 'Juice' }))
  siteIds = [house.site.id, other.id]
  zoneIds = [newId(), newId(), newId()]
  const made = { districts: [], colour: 'blue', days: [], createdAt: 1, changedAt: 1 }
  await write((tx) =>
    tx.insert(zones).values(zoneIds.map((id, position) => ({ id, name: `Zone ${position}`, position, ...made }))),
  )
})
afterAll(() => house.close())

const folders = ['waiting', 'active', 'finished'] as const
let sent = 0
const say = (actor: VisitorActor | AgentActor, conversationId: string | null = null) =>
  sendMessage(actor, { clientId: `f${++sent}`, body: 'hello', conversationId })

const place = (ids: string[], zoneId: string | null) =>
  write(async (tx) => {
    await tx.update(conversations).set({ zoneId }).where(inArray(conversations.id, ids))
    await record(tx, 'conversations.zoned', { conversationIds: ids })
  })

/** Everything in the store that a list can show, in no order. */
const everything = (): Promise<ConversationRow[]> => db.select().from(conversations)

const inFolder = (row: ConversationRow, folder: Folder): boolean =>
  row.state === folder && (folder !== 'active' || row.agentId === anna.agentId)

/** The ids of a folder in its order, of what is meant: worked out from all there is, the slow way. */
function expected(rows: ConversationRow[], folder: Folder, among: Among): string[] {
  return rows
    .filter((row) => inFolder(row, folder) && isAmong(among, row))
    .map((row) => ({ ...cursorOf(folder, row), id: row.id }))
    .toSorted((a, b) => (folder === 'waiting' ? 1 : -1) * (a.at - b.at || (a.id < b.id ? -1 : 1)))
    .map(({ id }) => id)
}

async function paged(page: (before: FolderCursor | null) => Promise<{ ids: string[]; next: FolderCursor | null }>) {
  const found: string[] = []
  for (let before: FolderCursor | null = null; ; ) {
    const { ids, next } = await page(before)
    found.push(...ids)
    if (next === null) return found
    before = next
  }
}

const listed = (folder: Folder, among: Among, limit: number) =>
  paged(async (before) => {
    const rows = await listFolder({ folder, agentId: anna.agentId, among, before, limit })
    const last = rows.at(-1)
    return { ids: rows.map(({ id }) => id), next: rows.length === limit && last ? cursorOf(folder, last) : null }
  })

const unreadListed = (folder: 'waiting' | 'active', among: Among, limit: number) =>
  paged(async (before) => {
    const { rows, next } = await listUnread({ folder, agentId: anna.agentId, among, before, limit })
    return { ids: rows.map(({ id }) => id), next }
  })

/** Whether the log has a word of the visitor's past Anna's mark. */
async function isUnread(id: string): Promise<boolean> {
  const mark = await readSeqOf(anna.agentId, id)
  const { conversationId, seq, authorKind, kind } = messages
  const rows = await db
    .select({ kind })
    .from(messages)
    .where(and(eq(conversationId, id), gt(seq, mark), eq(authorKind, 'visitor')))
  return rows.some((row) => row.kind !== 'event')
}

function amongs(random: Random): Among[] {
  const every: Among[] = [
    { zones: [], siteId: null },
    { zones: [null], siteId: null },
    { zones: [zoneIds[0] ?? null], siteId: null },
    { zones: [zoneIds[0] ?? null, zoneIds[2] ?? null, null], siteId: null },
    { zones: [newId()], siteId: null },
    { zones: [], siteId: siteIds[1] ?? null },
    { zones: [...zoneIds], siteId: siteIds[0] ?? null },
  ]
  return every.toSorted(() => random.next() - 0.5)
}

async function compare(random: Random): Promise<void> {
  const rows = await everything()
  const unread = new Set<string>()
  for (const { id } of rows) if (await isUnread(id)) unread.add(id)
  for (const among of amongs(random).slice(0, 4)) {
    const limit = 1 + random.between(0, 6)
    const counts = await countFolders(anna.agentId, among)
    const inUnread = await countUnread(anna.agentId, among)
    for (const folder of folders) {
      const ids = expected(rows, folder, among)
      expect(await listed(folder, among, limit)).toEqual(ids)
      expect(counts[folder]).toBe(Math.min(100, ids.length))
      expect(await countFolder(folder, anna.agentId, among)).toBe(Math.min(100, ids.length))
      if (folder === 'finished') continue
      const left = ids.filter((id) => unread.has(id))
      expect(inUnread[folder]).toBe(Math.min(100, left.length))
      expect(await unreadListed(folder, among, limit)).toEqual(left)
    }
  }
}

test.each([1, 2])(
  'a filtered list is the filter of the whole, and its unread what logs and marks say, whatever is done in between: %i',
  async (seed) => {
    const random = randomFor(seed, 'filters')
    const visitors = Array.from({ length: 14 }, () => newVisitor(random.pick(siteIds)))
    const acts = [
      async () => void (await say(random.pick(visitors))),
      async () => void (await say(random.pick(visitors))),
      async () => {
        const rows = (await everything()).filter(({ state }) => state !== 'finished')
        if (rows.length > 0) await place([random.pick(rows).id], random.pick([...zoneIds, null]))
      },
      async () => {
        const waiting = (await everything()).filter(({ state }) => state === 'waiting')
        if (waiting.length > 0) await takeConversation(random.pick([anna, dora]), random.pick(waiting).id)
      },
      async () => {
        const open = (await everything()).filter(({ state }) => state !== 'finished')
        if (open.length > 6) await finishConversation(dora, random.pick(open).id)
      },
      async () => {
        const rows = await everything()
        if (rows.length > 0)
          await readUpTo(anna, { conversationId: random.pick(rows).id, seq: 1 + random.between(0, 3) })
      },
    ]
    for (let round = 0; round < 8; round++) {
      for (let act = 0; act < 12; act++) await random.pick(acts)()
      await compare(random)
    }
  },
  60_000,
)

test('Read all reads what the filter shows and nothing beside it, and its undo puts back exactly that', async () => {
  const north = newVisitor(siteIds[0] ?? '')
  const centre = newVisitor(siteIds[0] ?? '')
  const { conversationId: inNorth } = await say(north)
  const { conversationId: inCentre } = await say(centre)
  await place([inNorth], zoneIds[0] ?? null)
  await place([inCentre], zoneIds[1] ?? null)
  const among: Among = { zones: [zoneIds[0] ?? null], siteId: null }
  const before = await countUnread(anna.agentId)
  const ofNorth = await countUnread(anna.agentId, among)
  expect(ofNorth.waiting).toBeGreaterThan(0)
  const { raisedBy, conversations: read } = await readFolder(anna, 'waiting', among)
  expect(read).toBe(ofNorth.waiting)
  expect([await isUnread(inNorth), await isUnread(inCentre)]).toEqual([false, true])
  expect(await countUnread(anna.agentId, among)).toEqual({ ...ofNorth, waiting: 0 })
  expect(await countUnread(anna.agentId)).toEqual({ ...before, waiting: before.waiting - ofNorth.waiting })
  // Whoever moves into the zone meanwhile was not read, and is not put back.
  await place([inCentre], zoneIds[0] ?? null)
  expect(await countUnread(anna.agentId, among)).toEqual({ ...ofNorth, waiting: 1 })
  await undoReadAll(anna, raisedBy)
  expect(await countUnread(anna.agentId, among)).toEqual({ ...ofNorth, waiting: ofNorth.waiting + 1 })
  expect(await countUnread(anna.agentId)).toEqual(before)
})

test('unread of a zone is exact past the hundredth unread of the whole folder', async () => {
  const far = await say(newVisitor(siteIds[0] ?? ''))
  for (let n = 0; n < 101; n++) await say(newVisitor(siteIds[0] ?? ''))
  const last = await say(newVisitor(siteIds[0] ?? ''))
  await place([far.conversationId, last.conversationId], zoneIds[2] ?? null)
  const among: Among = { zones: [zoneIds[2] ?? null], siteId: siteIds[0] ?? null }
  const rows = await everything()
  const unread: string[] = []
  for (const id of expected(rows, 'waiting', among)) if (await isUnread(id)) unread.push(id)
  expect((await countUnread(anna.agentId)).waiting).toBe(100)
  expect((await countUnread(anna.agentId, among)).waiting).toBe(unread.length)
  expect(await unreadListed('waiting', among, 50)).toEqual(unread)
  await readAll(anna, [far.conversationId])
  expect(await unreadListed('waiting', among, 50)).toEqual(unread.filter((id) => id !== far.conversationId))
})
