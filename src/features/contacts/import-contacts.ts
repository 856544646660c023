import type { Tx } from '../../platform/db/executor.ts'
import { insertAll } from '../../platform/db/insert-all.ts'
import { contactRow, type NewContact } from './keep-contact.ts'
import { keepWords } from './keep-words.ts'
import { contacts } from './schema.ts'

/** Adds many people at once, with ids and times of their own, in the zones where their addresses lie. Refuses as `keepContact` does. */
export async function importContacts(
  tx: Tx,
  people: (NewContact & { id: string; createdAt: number; zoneId?: string | null })[],
): Promise<void> {
  const rows = people.map(({ id, createdAt, zoneId = null, ...known }) => ({
    ...contactRow(known, id, createdAt),
    zoneId,
  }))
  await insertAll(tx, contacts, rows)
  await keepWords(tx, rows)
}
