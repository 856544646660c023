import { eq } from 'drizzle-orm'
import type { Tx } from '../../platform/db/executor.ts'
import { now } from '../../platform/lib/clock.ts'
import { newId } from '../../platform/lib/id.ts'
import { foldEmail } from '../../platform/lib/text.ts'
import { changeWords, keepWords } from './keep-words.ts'
import type { ContactChange } from './read-contact.ts'
import { type ContactRow, contacts } from './schema.ts'

/** Adds a contact whom the shop vouches for, as part of another change. */
export async function feedNewContact(tx: Tx, externalId: string, told: ContactChange): Promise<ContactRow> {
  const at = now()
  const contact: ContactRow = {
    ...{ id: newId(), name: null, email: null, phone: null, locale: null, externalId, ...told },
    ...{ emailFolded: told.email ? foldEmail(told.email) : null, zoneId: null },
    ...{ createdAt: at, changedAt: at, verifiedAt: at },
  }
  await tx.insert(contacts).values(contact)
  await keepWords(tx, [contact])
  return contact
}

/** Changes what the shop tells of a contact who was read for that. `changed` says whether anything was new. */
export async function feedContact(
  tx: Tx,
  before: ContactRow,
  told: ContactChange,
): Promise<{ contact: ContactRow; changed: boolean }> {
  const email = told.email === undefined ? before.email : told.email
  const after: ContactRow = {
    ...{ ...before, ...told, emailFolded: email === null ? null : foldEmail(email) },
    verifiedAt: before.verifiedAt ?? now(),
  }
  if (Bun.deepEquals(after, before)) return { contact: before, changed: false }
  const { id: _, createdAt: __, zoneId: ___, ...values } = { ...after, changedAt: now() }
  await tx.update(contacts).set(values).where(eq(contacts.id, before.id))
  const contact = { ...before, ...values }
  await changeWords(tx, contact)
  return { contact, changed: true }
}
