import { and, desc, eq, isNull } from 'drizzle-orm'
import type { Executor, Tx } from '../../platform/db/executor.ts'
import { lockingRows } from '../../platform/db/lock-rows.ts'
import { now } from '../../platform/lib/clock.ts'
import { newId } from '../../platform/lib/id.ts'
import { refuse } from '../../platform/lib/refuse.ts'
import { contactLinks, visitors } from './schema.ts'

export type ContactLink = typeof contactLinks.$inferSelect

/** Who a visitor is, locked for a change of that. Refuses `not_found`. */
export async function whoToChange(tx: Tx, visitorId: string): Promise<string | null> {
  const who = tx.select({ contactId: visitors.contactId }).from(visitors).where(eq(visitors.id, visitorId))
  const [visitor] = await lockingRows(who)
  if (!visitor) throw refuse('not_found')
  return visitor.contactId
}

/** Makes a visitor, who was locked, somebody's by an agent's word, and writes down who said so. */
export async function joinContact(
  tx: Tx,
  { agentId }: { agentId: string },
  { visitorId, contactId, before }: { visitorId: string; contactId: string; before: string | null },
): Promise<void> {
  await endLink(tx, { agentId }, visitorId)
  const link = { id: newId(), visitorId, contactId, previousContactId: before, agentId, linkedAt: now() }
  await tx.insert(contactLinks).values(link)
  await tx.update(visitors).set({ contactId }).where(eq(visitors.id, visitorId))
}

/** Takes the last such word back: the visitor, who was locked, is who they were before. Refuses `not_found`. */
export async function leaveContact(tx: Tx, agent: { agentId: string }, visitorId: string): Promise<ContactLink> {
  const link = await endLink(tx, agent, visitorId)
  if (!link) throw refuse('not_found')
  await tx.update(visitors).set({ contactId: link.previousContactId }).where(eq(visitors.id, visitorId))
  return link
}

async function endLink(tx: Tx, { agentId }: { agentId: string }, visitorId: string): Promise<ContactLink | null> {
  const link = await linkOf(visitorId, tx)
  if (!link) return null
  await tx.update(contactLinks).set({ unlinkedAt: now(), unlinkedBy: agentId }).where(eq(contactLinks.id, link.id))
  return link
}

/** By whose word a visitor is who they are; null when nobody's is needed, or they are nobody. */
export async function linkOf(visitorId: string, executor: Executor): Promise<ContactLink | null> {
  const [link] = await executor
    .select()
    .from(contactLinks)
    .where(and(eq(contactLinks.visitorId, visitorId), isNull(contactLinks.unlinkedAt)))
    .orderBy(desc(contactLinks.linkedAt), desc(contactLinks.id))
    .limit(1)
  return link ?? null
}
