import type { Tx } from '../../platform/db/executor.ts'
import { now } from '../../platform/lib/clock.ts'
import { newId } from '../../platform/lib/id.ts'
import type { Edit } from './check-edit.ts'
import { contactEdits } from './schema.ts'

/** Writes down who has changed what of a contact, as part of that change. */
export async function keepEdit(
  tx: Tx,
  { agentId }: { agentId: string },
  contactId: string,
  { field, value, was }: Edit,
): Promise<void> {
  await tx.insert(contactEdits).values({ id: newId(), contactId, agentId, field, before: was, after: value, at: now() })
}
