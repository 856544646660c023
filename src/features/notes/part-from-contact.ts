import { and, eq, isNull } from 'drizzle-orm'
import type { Tx } from '../../platform/db/executor.ts'
import { contactNotes } from './schema.ts'

/** Notes on a contact who is forgotten stay with the browser they were written beside; without one they go. */
export async function partNotesFromContact(tx: Tx, contactId: string): Promise<void> {
  await tx.delete(contactNotes).where(and(eq(contactNotes.contactId, contactId), isNull(contactNotes.visitorId)))
  await tx.update(contactNotes).set({ contactId: null }).where(eq(contactNotes.contactId, contactId))
}
