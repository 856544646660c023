import { writeLocking } from '../../platform/db/write.ts'
import { record } from '../../platform/live/bus.ts'
import { refuse } from '../../platform/lib/refuse.ts'
import { forgetMovements } from '../containers/index.ts'
import { contactToChange, forgetContact } from '../contacts/index.ts'
import { placeConversations } from '../conversations/index.ts'
import { partNotesFromContact } from '../notes/index.ts'
import { forgetOrders } from '../orders/index.ts'
import { partFromContact } from '../visitors/index.ts'
import { contactJson } from './as-json.ts'
import { type Expected, expectsSomething, mustBeExpected } from './fed.ts'

/**
 * Deletes a contact with their addresses, orders and containers, for good. Conversations stay, of a visitor whom nobody knows;
 * so do the notes written beside them. Refuses `not_found` and `precondition_failed`.
 */
export const forgetFedContact = (externalId: string, expected: Expected): Promise<void> =>
  writeLocking(async (tx) => {
    const contact = await contactToChange(tx, { externalId })
    if (!contact) throw refuse('not_found')
    if (expectsSomething(expected)) mustBeExpected(expected, await contactJson(contact, tx))
    const { id } = contact
    const visitorIds = await partFromContact(tx, id)
    if (visitorIds.length > 0) await placeConversations(tx, visitorIds, null)
    await partNotesFromContact(tx, id)
    await forgetMovements(tx, id)
    await forgetOrders(tx, id)
    await forgetContact(tx, id)
    await record(tx, 'contact.changed', { contactId: id, visitorIds })
  })
