import { eq } from 'drizzle-orm'
import { lockingRows } from '../../platform/db/lock-rows.ts'
import { writeLocking } from '../../platform/db/write.ts'
import { refuse } from '../../platform/lib/refuse.ts'
import { checkEdit, type ContactRow, editContact, keepContact, keepEdit } from '../contacts/index.ts'
import { knowVisitor } from './know-visitor.ts'
import { tellOfContact } from './tell-of-contact.ts'
import { visitors } from './schema.ts'

/**
 * Changes what is known of a visitor by an agent's hand: of their contact, who comes to be with the first thing that is
 * known. Answers the contact; null where there is still nothing to know.
 *
 * Refuses `not_found`, what `checkEdit` refuses, and `edited_meanwhile` when another value than the one that the agent saw
 * stands there.
 */
export async function editPerson(
  agent: { agentId: string },
  visitorId: string,
  asked: { field: unknown; value: unknown; was: unknown },
): Promise<ContactRow | null> {
  const edit = checkEdit(asked)
  return writeLocking(async (tx) => {
    const known = tx.select({ contactId: visitors.contactId }).from(visitors).where(eq(visitors.id, visitorId))
    const [visitor] = await lockingRows(known)
    if (!visitor) throw refuse('not_found')
    if (visitor.contactId) {
      const { contact, changed } = await editContact(tx, agent, visitor.contactId, edit)
      if (changed) await tellOfContact(tx, contact)
      return contact
    }
    if (edit.value === null) return null
    const contact = await keepContact(tx, { [edit.field]: edit.value })
    await keepEdit(tx, agent, contact.id, { ...edit, was: null })
    await knowVisitor(tx, visitorId, contact)
    return contact
  })
}
