import type { Tx } from '../../platform/db/executor.ts'
import { record } from '../../platform/live/bus.ts'
import { visitorsOfContact } from '../visitors/index.ts'

type What = 'contact.changed' | 'order.changed' | 'containers.changed'

/** Tells of what is otherwise with a contact, with all of their browsers: whoever has one of them open sees it at once. */
export async function tell(tx: Tx, what: What, contactId: string): Promise<void> {
  await record(tx, what, { contactId, visitorIds: await visitorsOfContact(contactId, tx) })
}
