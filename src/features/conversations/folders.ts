import { and, asc, desc, eq, type SQL, sql } from 'drizzle-orm'
import { boundText, fixedLimit } from '../../platform/db/bound.ts'
import type { Executor } from '../../platform/db/executor.ts'
import { db } from '../../platform/db/open.ts'
import { prepared } from '../../platform/db/prepared.ts'
import { type ConversationRow, conversations } from './schema.ts'

export type Folder = 'waiting' | 'active' | 'finished'

/** Where a page of a folder ends: its last row's sort key. */
export type FolderCursor = { at: number; id: string }
export type FolderPage = { folder: Folder; agentId: string; before?: FolderCursor | null; limit: number }

/**
 * A page of a folder. Waiting: who has waited longest first. Active (the agent's own) and Finished: newest activity first.
 */
export async function listFolder({ folder, agentId, before, limit }: FolderPage): Promise<ConversationRow[]> {
  return db
    .select()
    .from(conversations)
    .where(and(inFolder(folder, agentId), pastCursor(folder, before)))
    .orderBy(...folderOrder(folder))
    .limit(limit)
}

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
export async function countFolders(agentId: string): Promise<Record<Folder, number>> {
  const [waiting, active, finished] = await Promise.all([
    countInState(db).execute({ state: 'waiting' }),
    countActive(db).execute({ agentId }),
    countInState(db).execute({ state: 'finished' }),
  ])
  const numberIn = ([row]: { n: number }[]): number => Number(row?.n ?? 0)
  return { waiting: numberIn(waiting), active: numberIn(active), finished: numberIn(finished) }
}

const countInState = prepared((x) => countedUpTo100(x, eq(conversations.state, boundText('state'))).prepare())

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
export const inFolder = (folder: Folder, agentId: string): SQL | undefined =>
  folder === 'active'
    ? and(eq(conversations.state, 'active'), eq(conversations.agentId, agentId))
    : eq(conversations.state, folder)
