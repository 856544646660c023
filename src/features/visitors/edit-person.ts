import { eq } from 'drizzle-orm'
import type { Tx } from '../../platform/db/executor.ts'
import { lockingRows } from '../../platform/db/lock-rows.ts'
import { writeLocking } from '../../platform/db/write.ts'
import { record } from '../../platform/live/bus.ts'
import { refuse } from '../../platform/lib/refuse.ts'
import { checkEdit, type ContactRow, editContact, keepContact, keepEdit } from '../contacts/index.ts'
import './events.ts'
import { visitorsOfContact } from './facts-of.ts'
import { knowVisitor } from './know-visitor.ts'
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
    if (visitor.contactId) return edited(tx, await editContact(tx, agent, visitor.contactId, edit))
    if (edit.value === null) return null
    const contact = await keepContact(tx, { [edit.field]: edit.value })
    await keepEdit(tx, agent, contact.id, { ...edit, was: null })
    await knowVisitor(tx, visitorId, contact)
    return contact
  })
}

/** Tells of every browser of theirs that it is somebody else now, in name at least. */
async function edited(tx: Tx, { contact, changed }: { contact: ContactRow; changed: boolean }): Promise<ContactRow> {
  if (!changed) return contact
  for (const visitorId of await visitorsOfContact(contact.id, tx))
    await record(tx, 'visitor.known', { visitorId, contact })
  return contact
}
