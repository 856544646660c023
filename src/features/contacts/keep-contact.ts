import type { Tx } from '../../platform/db/executor.ts'
import { now } from '../../platform/lib/clock.ts'
import { newId } from '../../platform/lib/id.ts'
import { refuse } from '../../platform/lib/refuse.ts'
import { foldEmail } from '../../platform/lib/text.ts'
import { type ContactRow, contacts } from './schema.ts'

export type NewContact = {
  name?: string | null
  email?: string | null
  phone?: string | null
  externalId?: string | null
  locale?: string | null
}

/** Adds a person as part of another change. Refuses `bad_request` for somebody of whom nothing is known. */
export async function keepContact(tx: Tx, known: NewContact): Promise<ContactRow> {
  const { name = null, email = null, phone = null, externalId = null, locale = null } = known
  if (![name, email, phone, externalId].some(Boolean)) throw refuse('bad_request')
  const emailFolded = email === null ? null : foldEmail(email)
  const contact = {
    id: newId(),
    name,
    email,
    emailFolded,
    phone,
    externalId,
    locale,
    createdAt: now(),
    verifiedAt: null,
  }
  await tx.insert(contacts).values(contact)
  return contact
}
