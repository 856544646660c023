import { desc, eq } from 'drizzle-orm'
import { db } from '../../platform/db/open.ts'
import { type ContactEdit, contactEdits } from './schema.ts'

/** What was changed of a contact by hand, the newest first. */
export async function editsOf(contactId: string, limit: number): Promise<ContactEdit[]> {
  return db
    .select()
    .from(contactEdits)
    .where(eq(contactEdits.contactId, contactId))
    .orderBy(desc(contactEdits.at), desc(contactEdits.id))
    .limit(limit)
}
