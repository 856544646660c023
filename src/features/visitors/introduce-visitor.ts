import { eq } from 'drizzle-orm'
import type { Tx } from '../../platform/db/executor.ts'
import { lockingRows } from '../../platform/db/lock-rows.ts'
import { describeContact, keepContact, type SelfDescription } from '../contacts/index.ts'
import { knowVisitor } from './know-visitor.ts'
import { visitors } from './schema.ts'
import { tellOfContact } from './tell-of-contact.ts'

/**
 * Keeps what a visitor who has written says of themselves, as part of another change. It goes to their own contact, made
 * if need be, and never to somebody else's who has the same address: anybody can type anybody's.
 */
export async function introduceVisitor(tx: Tx, visitorId: string, said: SelfDescription): Promise<void> {
  const known = tx.select({ contactId: visitors.contactId }).from(visitors).where(eq(visitors.id, visitorId))
  const [visitor] = await lockingRows(known)
  if (!visitor?.contactId) return knowVisitor(tx, visitorId, await keepContact(tx, said))
  const { contact, changed } = await describeContact(tx, visitor.contactId, said)
  if (changed) await tellOfContact(tx, contact)
}
