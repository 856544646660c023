import { asc, eq, inArray } from 'drizzle-orm'
import type { Tx } from '../../platform/db/executor.ts'
import { lockingRows } from '../../platform/db/lock-rows.ts'
import { type AddressRow, type ContactRow, contactAddresses, contacts } from './schema.ts'

/** A contact for a change, by our id or the shop's own name for them; null when there is none. */
export async function contactToChange(tx: Tx, by: { externalId: string } | { id: string }): Promise<ContactRow | null> {
  const which = 'id' in by ? eq(contacts.id, by.id) : eq(contacts.externalId, by.externalId)
  const [contact] = await lockingRows(tx.select().from(contacts).where(which))
  return contact ?? null
}

/** Contacts for a change, in the order of their ids, so that nobody waits for somebody who waits for them. */
export const contactsToChange = (tx: Tx, ids: readonly string[]): Promise<ContactRow[]> =>
  Promise.resolve(
    lockingRows(
      tx
        .select()
        .from(contacts)
        .where(inArray(contacts.id, [...ids]))
        .orderBy(asc(contacts.id)),
    ),
  )

/** All addresses that a contact ever had, for a change by somebody who has locked the contact. */
export const everyAddressOf = (tx: Tx, contactId: string): Promise<AddressRow[]> =>
  Promise.resolve(
    tx
      .select()
      .from(contactAddresses)
      .where(eq(contactAddresses.contactId, contactId))
      .orderBy(asc(contactAddresses.createdAt), asc(contactAddresses.id)),
  )
