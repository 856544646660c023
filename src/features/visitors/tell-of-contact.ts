import type { Tx } from '../../platform/db/executor.ts'
import { record } from '../../platform/live/bus.ts'
import type { ContactRow } from '../contacts/index.ts'
import './events.ts'
import { visitorsOfContact } from './facts-of.ts'

/** Tells of a person who is known otherwise than before, of each of their browsers. */
export async function tellOfContact(tx: Tx, contact: ContactRow): Promise<void> {
  for (const visitorId of await visitorsOfContact(contact.id, tx))
    await record(tx, 'visitor.known', { visitorId, contact })
}
