import { writeLocking } from '../../platform/db/write.ts'
import { record } from '../../platform/live/bus.ts'
import { contactToChange, keepHandEdit } from '../contacts/index.ts'
import { leaveContact, whoToChange } from '../visitors/index.ts'
import { settleVisitor } from './settle-zones.ts'

/**
 * Takes back that a visitor is a contact: they are who they were before an agent said so. Refuses `not_found` when no agent
 * did.
 */
export const unlinkVisitor = (agent: { agentId: string }, visitorId: string): Promise<{ contactId: string }> =>
  writeLocking(async (tx) => {
    await whoToChange(tx, visitorId)
    const { contactId, previousContactId } = await leaveContact(tx, agent, visitorId)
    if (previousContactId !== null) await contactToChange(tx, { id: previousContactId })
    await settleVisitor(tx, visitorId)
    await keepHandEdit(tx, agent, contactId, { field: 'link', before: visitorId, after: null })
    await record(tx, 'contact.changed', { contactId, visitorIds: [visitorId] })
    return { contactId }
  })
