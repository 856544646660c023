import { eq } from 'drizzle-orm'
import type { Tx } from '../../platform/db/executor.ts'
import { record } from '../../platform/live/bus.ts'
import type { ContactRow } from '../contacts/index.ts'
import './events.ts'
import { visitors } from './schema.ts'

/** Notes who a visitor is, as part of another change. */
export async function knowVisitor(tx: Tx, visitorId: string, contact: ContactRow): Promise<void> {
  await tx.update(visitors).set({ contactId: contact.id }).where(eq(visitors.id, visitorId))
  await record(tx, 'visitor.known', { visitorId, contact })
}
