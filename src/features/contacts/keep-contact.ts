import type { Tx } from '../../platform/db/executor.ts'
import { now } from '../../platform/lib/clock.ts'
import { newId } from '../../platform/lib/id.ts'
import { refuse } from '../../platform/lib/refuse.ts'
import { foldEmail, isStorable } from '../../platform/lib/text.ts'
import { keepWords } from './keep-words.ts'
import { type ContactRow, contacts } from './schema.ts'

export type NewContact = {
  name?: string | null
  email?: string | null
  phone?: string | null
  externalId?: string | null
  locale?: string | null
}

/**
 * Adds a person as part of another change. Refuses `bad_request` for somebody of whom nothing is known, and for a text that
 * no store could give back unchanged.
 */
export async function keepContact(tx: Tx, known: NewContact): Promise<ContactRow> {
  const contact = contactRow(known, newId(), now())
  await tx.insert(contacts).values(contact)
  await keepWords(tx, [contact])
  return contact
}

/** The row of somebody who is known since `createdAt`. Refuses as `keepContact` does. */
export function contactRow(known: NewContact, id: string, createdAt: number): ContactRow {
  const { name = null, email = null, phone = null, externalId = null, locale = null } = known
  if (![name, email, phone, externalId].some(Boolean)) throw refuse('bad_request')
  if (![name, email, phone, externalId, locale].every((one) => isStorable(one ?? ''))) throw refuse('bad_request')
  const emailFolded = email && foldEmail(email)
  const later = { verifiedAt: null, zoneId: null, changedAt: null }
  return { id, name, email, emailFolded, phone, externalId, locale, createdAt, ...later }
}
