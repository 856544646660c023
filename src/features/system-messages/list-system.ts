import { desc, eq, gt, lt, sql } from 'drizzle-orm'
import { fixedLimit } from '../../platform/db/bound.ts'
import { db } from '../../platform/db/open.ts'
import { prepared } from '../../platform/db/prepared.ts'
import { type SystemMessage, systemMessageMarks, systemMessages } from './schema.ts'

/** The newest first, from before a moment on. */
export async function listSystem(before: number | null, limit: number): Promise<SystemMessage[]> {
  return db
    .select()
    .from(systemMessages)
    .where(before === null ? undefined : lt(systemMessages.createdAt, before))
    .orderBy(desc(systemMessages.createdAt), desc(systemMessages.id))
    .limit(limit)
}

/** What an agent's lists say of them: the newest, how many are unread (up to 100), and whether they are left out. */
export type SystemStanding = { newest: SystemMessage | null; unread: number; hidden: boolean; readAt: number }

export async function systemStanding(agentId: string): Promise<SystemStanding> {
  const [[newest], [mark]] = await Promise.all([listSystem(null, 1), markOf(db).execute({ agentId })])
  const readAt = mark?.readAt ?? firstMoment(agentId)
  const unread = newest && newest.createdAt > readAt ? await unreadSince(readAt) : 0
  return { newest: newest ?? null, unread, hidden: mark?.hidden ?? false, readAt }
}

const markOf = prepared((x) =>
  x
    .select({ readAt: systemMessageMarks.readAt, hidden: systemMessageMarks.hidden })
    .from(systemMessageMarks)
    .where(eq(systemMessageMarks.agentId, sql.placeholder('agentId')))
    .prepare(),
)

async function unreadSince(readAt: number): Promise<number> {
  const some = db
    .select({ one: sql`1`.as('one') })
    .from(systemMessages)
    .where(gt(systemMessages.createdAt, readAt))
    .limit(fixedLimit(100))
    .as('some')
  const [row] = await db.select({ n: sql<number>`count(*)` }).from(some)
  return Number(row?.n ?? 0)
}

/** What was told before somebody came is not news to them: an id begins with when it was made (UUIDv7). */
export const firstMoment = (agentId: string): number =>
  Number.parseInt(agentId.slice(0, 8) + agentId.slice(9, 13), 16) || 0
