import { eq } from 'drizzle-orm'
import type { Tx } from '../../platform/db/executor.ts'
import { contactLinks, visitors } from './schema.ts'

/** Makes the browsers of a contact who is forgotten nobody's. Answers which they were. */
export async function partFromContact(tx: Tx, contactId: string): Promise<string[]> {
  await tx.delete(contactLinks).where(eq(contactLinks.contactId, contactId))
  await tx.update(contactLinks).set({ previousContactId: null }).where(eq(contactLinks.previousContactId, contactId))
  const parted = await tx
    .update(visitors)
    .set({ contactId: null, verifiedAt: null })
    .where(eq(visitors.contactId, contactId))
    .returning({ id: visitors.id })
  return parted.map(({ id }) => id)
}
