import { inArray } from 'drizzle-orm'
import { db } from '../../platform/db/open.ts'
import { type ContactRow, contacts } from './schema.ts'

/** Contacts by their ids, in the order in which they were asked for. */
export async function findContactsById(ids: readonly string[]): Promise<ContactRow[]> {
  if (ids.length === 0) return []
  const found = await db
    .select()
    .from(contacts)
    .where(inArray(contacts.id, [...ids]))
  const byId = new Map(found.map((contact) => [contact.id, contact]))
  return ids.flatMap((id) => byId.get(id) ?? [])
}
