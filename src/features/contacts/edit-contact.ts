import { eq } from 'drizzle-orm'
import type { Tx } from '../../platform/db/executor.ts'
import { lockingRows } from '../../platform/db/lock-rows.ts'
import { refuse } from '../../platform/lib/refuse.ts'
import { foldEmail } from '../../platform/lib/text.ts'
import type { Edit } from './check-edit.ts'
import { keepEdit } from './keep-edit.ts'
import { changeWords } from './keep-words.ts'
import { type ContactRow, contacts } from './schema.ts'

/**
 * Changes one field of a contact by an agent's hand, as part of another change, and writes down who did it. What is as
 * wanted already stays. Refuses `not_found`, and `edited_meanwhile` when another value than the one they saw stands there.
 */
export async function editContact(
  tx: Tx,
  agent: { agentId: string },
  contactId: string,
  { field, value, was }: Edit,
): Promise<{ contact: ContactRow; changed: boolean }> {
  const [contact] = await lockingRows(tx.select().from(contacts).where(eq(contacts.id, contactId)))
  if (!contact) throw refuse('not_found')
  const before = contact[field]
  if (before === value) return { contact, changed: false }
  if (before !== was) throw refuse('edited_meanwhile')
  const values = { [field]: value, ...(field === 'email' && { emailFolded: value && foldEmail(value) }) }
  await tx.update(contacts).set(values).where(eq(contacts.id, contactId))
  const edited: ContactRow = { ...contact, ...values }
  await changeWords(tx, edited)
  await keepEdit(tx, agent, contactId, { field, value, was: before })
  return { contact: edited, changed: true }
}
