import { eq } from 'drizzle-orm'
import type { Tx } from '../../platform/db/executor.ts'
import { lockingRows } from '../../platform/db/lock-rows.ts'
import { contacts } from '../contacts/index.ts'
import { visitors } from './schema.ts'

/**
 * The zone of the contact that a visitor is, for a conversation that begins. The visitor is locked: should the contact move
 * at this moment, whoever moves them finds the conversation, or this finds the new zone.
 */
export async function zoneOfVisitor(tx: Tx, visitorId: string): Promise<string | null> {
  const who = tx.select({ contactId: visitors.contactId }).from(visitors).where(eq(visitors.id, visitorId))
  const [visitor] = await lockingRows(who)
  if (!visitor?.contactId) return null
  const [contact] = await tx
    .select({ zoneId: contacts.zoneId })
    .from(contacts)
    .where(eq(contacts.id, visitor.contactId))
  return contact?.zoneId ?? null
}
