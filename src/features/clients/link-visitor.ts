import { writeLocking } from '../../platform/db/write.ts'
import { record } from '../../platform/live/bus.ts'
import { isId } from '../../platform/lib/id.ts'
import { refuse } from '../../platform/lib/refuse.ts'
import { checkEdit, type ContactRow, contactToChange, keepContact, keepHandEdit } from '../contacts/index.ts'
import { joinContact, whoToChange } from '../visitors/index.ts'
import { settleVisitor } from './settle-zones.ts'

type Agent = { agentId: string }

/** Somebody who is known already, or is from now on. */
export type LinkTo = { contactId: string } | { name: unknown; email: unknown; phone: unknown }

/**
 * Says that a visitor is this contact, on an agent's word. Their conversations go to the contact's zone. Refuses `not_found`,
 * and `linked_meanwhile` when the visitor is another than `was`, whom the agent saw; who is as wanted already stays.
 */
export async function linkVisitor(
  agent: Agent,
  visitorId: string,
  to: LinkTo,
  was?: string | null,
): Promise<ContactRow> {
  const known = 'contactId' in to ? null : described(to)
  const wanted = 'contactId' in to ? to.contactId : null
  if (wanted !== null && !isId(wanted)) throw refuse('not_found')
  return writeLocking(async (tx) => {
    const before = await whoToChange(tx, visitorId)
    const contact = known ? await keepContact(tx, known) : await contactToChange(tx, { id: wanted ?? '' })
    if (!contact) throw refuse('not_found')
    if (before === contact.id) return contact
    if (was !== undefined && before !== was) throw refuse('linked_meanwhile')
    await joinContact(tx, agent, { visitorId, contactId: contact.id, before })
    await settleVisitor(tx, visitorId)
    await keepHandEdit(tx, agent, contact.id, { field: 'link', before: null, after: visitorId })
    await record(tx, 'contact.changed', { contactId: contact.id, visitorIds: [visitorId] })
    return contact
  })
}

/** What an agent says of somebody new, as it can be kept. Refuses what `checkEdit` does, and `name_missing` for nothing at all. */
function described(to: { name: unknown; email: unknown; phone: unknown }) {
  const checked = (field: 'name' | 'email' | 'phone') => checkEdit({ field, value: to[field], was: null }).value
  const known = { name: checked('name'), email: checked('email'), phone: checked('phone') }
  if (Object.values(known).every((one) => one === null)) throw refuse('name_missing')
  return known
}
