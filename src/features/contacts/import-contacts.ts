import type { Tx } from '../../platform/db/executor.ts'
import { insertAll } from '../../platform/db/insert-all.ts'
import { contactRow, type NewContact } from './keep-contact.ts'
import { contacts } from './schema.ts'

/** Adds many people at once, with ids and times of their own. Refuses as `keepContact` does. */
export const importContacts = (tx: Tx, people: (NewContact & { id: string; createdAt: number })[]): Promise<void> =>
  insertAll(
    tx,
    contacts,
    people.map(({ id, createdAt, ...known }) => contactRow(known, id, createdAt)),
  )
