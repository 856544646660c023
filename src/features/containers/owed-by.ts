import { and, asc, desc, eq, isNull, sql } from 'drizzle-orm'
import type { Executor } from '../../platform/db/executor.ts'
import { db } from '../../platform/db/open.ts'
import { type ContainerMovement, containerMovements } from './schema.ts'

/** How many containers of a type somebody has of ours; fewer than none where they gave back more than they got. */
export type Owed = { type: string; owed: number }

/** What a contact owes, by type in the order of its name; types that are settled are in it with 0. */
export async function owedBy(contactId: string, executor: Executor = db): Promise<Owed[]> {
  const { type, delivered, returned } = containerMovements
  const found = await executor
    .select({ type, owed: sql<number | string>`sum(${delivered}) - sum(${returned})` })
    .from(containerMovements)
    .where(and(eq(containerMovements.contactId, contactId), isNull(containerMovements.removedAt)))
    .groupBy(type)
    .orderBy(asc(type))
  return found.map(({ type: kind, owed }) => ({ type: kind, owed: Number(owed) }))
}

/** The same of all types together. */
export const owedInAll = (owed: Owed[]): number => owed.reduce((sum, one) => sum + one.owed, 0)

/** A contact's movements, the newest first. */
export async function movementsOf(contactId: string, limit: number): Promise<ContainerMovement[]> {
  const { at, id } = containerMovements
  return db
    .select()
    .from(containerMovements)
    .where(and(eq(containerMovements.contactId, contactId), isNull(containerMovements.removedAt)))
    .orderBy(desc(at), desc(id))
    .limit(limit)
}
