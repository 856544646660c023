import { inArray } from 'drizzle-orm'
import type { Tx } from '../../platform/db/executor.ts'
import { contacts } from './schema.ts'

/** Writes down in which zone contacts live who were locked. Only the one place that works it out calls this. */
export async function placeContacts(tx: Tx, ids: string[], zoneId: string | null): Promise<void> {
  await tx.update(contacts).set({ zoneId }).where(inArray(contacts.id, ids))
}
