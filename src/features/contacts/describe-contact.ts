import { eq } from 'drizzle-orm'
import type { Tx } from '../../platform/db/executor.ts'
import { lockingRows } from '../../platform/db/lock-rows.ts'
import { refuse } from '../../platform/lib/refuse.ts'
import { foldEmail } from '../../platform/lib/text.ts'
import { changeWords } from './keep-words.ts'
import { type ContactRow, contacts } from './schema.ts'

/** What people say of themselves. */
export type SelfDescription = { name?: string; email?: string; phone?: string }

/**
 * Keeps what somebody says of themselves, as part of another change. It replaces what was said before; of a contact for
 * whom the shop vouches it only fills in what is missing. Refuses `not_found`.
 */
export async function describeContact(
  tx: Tx,
  id: string,
  said: SelfDescription,
): Promise<{ contact: ContactRow; changed: boolean }> {
  const [before] = await lockingRows(tx.select().from(contacts).where(eq(contacts.id, id)))
  if (!before) throw refuse('not_found')
  const taken = (field: keyof SelfDescription) =>
    before.verifiedAt === null || before[field] === null ? (said[field] ?? before[field]) : before[field]
  const email = taken('email')
  const after = { name: taken('name'), email, phone: taken('phone') }
  const changed = (['name', 'email', 'phone'] as const).some((field) => after[field] !== before[field])
  if (!changed) return { contact: before, changed }
  const values = { ...after, emailFolded: email === null ? null : foldEmail(email) }
  await tx.update(contacts).set(values).where(eq(contacts.id, id))
  const contact: ContactRow = { ...before, ...values }
  await changeWords(tx, contact)
  return { contact, changed }
}
