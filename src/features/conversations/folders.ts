import { and, asc, desc, eq, inArray, isNull, or, type SQL, sql } from 'drizzle-orm'
import { boundText, fixedLimit } from '../../platform/db/bound.ts'
import type { Executor } from '../../platform/db/executor.ts'
import { db } from '../../platform/db/open.ts'
import { prepared } from '../../platform/db/prepared.ts'
import { type ConversationRow, conversations } from './schema.ts'

export type Folder = 'waiting' | 'active' | 'finished'

/** Where a page of a folder ends: its last row's sort key. */
export type FolderCursor = { at: number; id: string }
/** What of a folder is meant: what belongs to these zones (null: to none) and to this site. Neither: all of it. */
export type Among = { zones: readonly (string | null)[]; siteId: string | null }
export type FolderPage = {
  folder: Folder
  agentId: string
  among?: Among
  before?: FolderCursor | null
  limit: number
}

export const everything: Among = { zones: [], siteId: null }

/** Whether a conversation is among what is meant. */
export const isAmong = ({ zones, siteId }: Among, row: Pick<ConversationRow, 'zoneId' | 'siteId'>): boolean =>
  (zones.length === 0 || zones.includes(row.zoneId)) && (siteId === null || siteId === row.siteId)

/**
 * A page of a folder. Waiting: who has waited longest first. Active (the agent's own) and Finished: newest activity first.
 */
export async function listFolder({ folder, agentId, among = everything, before, limit }: FolderPage) {
  const ways = waysInto(folder, agentId, among)
  const [way] = ways
  if (ways.length === 1) return rowsOfWay(folder, way, before, limit)
  const keys = await Promise.all(ways.map((one) => keysOfWay(folder, one, before, limit)))
  const ids = inOrder(folder, keys.flat())
    .slice(0, limit)
    .map(({ id }) => id)
  return inFolderOrder(folder, await rowsById(ids))
}

const rowsOfWay = (folder: Folder, way: SQL | undefined, before: FolderCursor | null | undefined, limit: number) =>
  db
    .select()
    .from(conversations)
    .where(and(way, pastCursor(folder, before)))
    .orderBy(...folderOrder(folder))
    .limit(limit)

/** Their places alone, which stand in the index: of what several ways lead to, little is shown. */
async function keysOfWay(folder: Folder, way: SQL, before: FolderCursor | null | undefined, limit: number) {
  const rows = await db
    .select({ id: conversations.id, at: keyOf(folder) })
    .from(conversations)
    .where(and(way, pastCursor(folder, before)))
    .orderBy(...folderOrder(folder))
    .limit(limit)
  return rows.map(({ id, at }): FolderCursor => ({ id, at: Number(at) }))
}

const rowsById = async (ids: string[]): Promise<ConversationRow[]> =>
  ids.length === 0 ? [] : db.select().from(conversations).where(inArray(conversations.id, ids))

/** Rows in the order of a folder. */
export const inFolderOrder = (folder: Folder, rows: ConversationRow[]): ConversationRow[] =>
  inOrder(
    folder,
    rows.map((row) => ({ row, ...cursorOf(folder, row) })),
  ).map(({ row }) => row)

/** Places in the order of a folder. */
export const inOrder = <C extends FolderCursor>(folder: Folder, places: C[]): C[] =>
  places.toSorted((a, b) => comparePlaces(folder, a, b))

/** In the order of a folder: who has waited longest first, or the newest activity. */
export function comparePlaces(folder: Folder, a: FolderCursor, b: FolderCursor): number {
  const upwards = a.at - b.at || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
  return folder === 'waiting' ? upwards : -upwards
}

/**
 * The conditions that lead to what is meant in a folder, each served in the folder's order by an index: one for each zone.
 * The states stand in them as they are, since SQLite takes an index of a part only for a condition that says the same.
 */
export function waysInto(folder: Folder, agentId: string, { zones, siteId }: Among): SQL[] {
  const ofSite = siteId === null ? undefined : eq(conversations.siteId, siteId)
  if (folder === 'active') {
    const ofZones = zones.length === 0 ? undefined : or(...zones.map(ofZone))
    return [and(inFolder(folder, agentId), ofZones, ofSite)].filter((way) => way !== undefined)
  }
  const here = inState(folder)
  const ways = zones.length === 0 ? [and(here, ofSite)] : zones.map((zone) => and(here, ofZone(zone), ofSite))
  return ways.filter((way) => way !== undefined)
}

const inState = (state: Folder): SQL => sql`${conversations.state} = ${sql.raw(`'${state}'`)}`

const ofZone = (zone: string | null): SQL =>
  zone === null ? isNull(conversations.zoneId) : eq(conversations.zoneId, zone)

const keyOf = (folder: Folder) => (folder === 'waiting' ? conversations.waitingSince : conversations.lastEntryAt)

/** What stands in a folder after a cursor, or all of it. */
export function pastCursor(folder: Folder, cursor: FolderCursor | null | undefined): SQL | undefined {
  if (!cursor) return undefined
  // Compared as one value, so that the index leads to the row: with OR a page deep in the list reads all before it.
  const past = folder === 'waiting' ? sql`>` : sql`<`
  return sql`(${keyOf(folder)}, ${conversations.id}) ${past} (${cursor.at}, ${cursor.id})`
}

export function folderOrder(folder: Folder): SQL[] {
  const order = folder === 'waiting' ? asc : desc
  return [order(keyOf(folder)), order(conversations.id)]
}

type Sorted = Pick<ConversationRow, 'id' | 'waitingSince' | 'lastEntryAt'>

export const cursorOf = (folder: Folder, row: Sorted): FolderCursor => ({
  at: folder === 'waiting' ? (row.waitingSince ?? row.lastEntryAt) : row.lastEntryAt,
  id: row.id,
})

/** How many stand in each folder, up to 100 ("99+"). */
export async function countFolders(agentId: string, among: Among = everything): Promise<Record<Folder, number>> {
  const [waiting, active, finished] = await Promise.all(
    (['waiting', 'active', 'finished'] as const).map((folder) => countFolder(folder, agentId, among)),
  )
  return { waiting: waiting ?? 0, active: active ?? 0, finished: finished ?? 0 }
}

/** How many of those that are meant stand in a folder, up to 100. */
export async function countFolder(folder: Folder, agentId: string, among: Among): Promise<number> {
  const { zones, siteId } = among
  if (zones.length > 0 || siteId !== null) return countWays(waysInto(folder, agentId, among))
  return numberIn(await (folder === 'active' ? countActive(db).execute({ agentId }) : countAll[folder](db).execute()))
}

async function countWays(ways: SQL[]): Promise<number> {
  let counted = 0
  for (const way of ways) {
    counted += numberIn(await countedUpTo100(db, way))
    if (counted >= 100) return 100
  }
  return counted
}

const numberIn = ([row]: { n: number }[]): number => Number(row?.n ?? 0)

// With the state as it is, PostgreSQL knows that few may be in it: it reads all conversations otherwise.
const countAll = {
  waiting: prepared((x) => countedUpTo100(x, inState('waiting')).prepare()),
  finished: prepared((x) => countedUpTo100(x, inState('finished')).prepare()),
}

const countActive = prepared((x) =>
  countedUpTo100(x, and(eq(conversations.state, 'active'), eq(conversations.agentId, boundText('agentId')))).prepare(),
)

function countedUpTo100(executor: Executor, which: SQL | undefined) {
  const some = executor
    .select({ one: sql`1`.as('one') })
    .from(conversations)
    .where(which)
    .limit(fixedLimit(100))
    .as('some')
  return executor.select({ n: sql<number>`count(*)` }).from(some)
}

/** The agent's own in Active; Waiting and Finished are the same for all. */
const inFolder = (folder: Folder, agentId: string): SQL | undefined =>
  folder === 'active'
    ? and(eq(conversations.state, 'active'), eq(conversations.agentId, agentId))
    : eq(conversations.state, folder)
