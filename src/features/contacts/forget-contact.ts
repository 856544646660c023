import { eq } from 'drizzle-orm'
import type { Tx } from '../../platform/db/executor.ts'
import { contactAddresses, contactEdits, contacts, contactWords } from './schema.ts'

/** Deletes a contact whom nothing refers to any more, with all that is kept of them here. */
export async function forgetContact(tx: Tx, id: string): Promise<void> {
  await tx.delete(contactAddresses).where(eq(contactAddresses.contactId, id))
  await tx.delete(contactEdits).where(eq(contactEdits.contactId, id))
  await tx.delete(contactWords).where(eq(contactWords.contactId, id))
  await tx.delete(contacts).where(eq(contacts.id, id))
}
