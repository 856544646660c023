import type { Tx } from '../../platform/db/executor.ts'
import { now } from '../../platform/lib/clock.ts'
import { newId } from '../../platform/lib/id.ts'
import type { Edit } from './check-edit.ts'
import { contactEdits, type EditableField, type EditedField } from './schema.ts'

/** Writes down who has changed what of a contact, as part of that change. */
export async function keepEdit(
  tx: Tx,
  { agentId }: { agentId: string },
  contactId: string,
  { field, value, was }: Edit,
): Promise<void> {
  await tx.insert(contactEdits).values({ id: newId(), contactId, agentId, field, before: was, after: value, at: now() })
}

/** What else is changed by hand: `before` and `after` are what the card's history reads, in JSON but for `link`. */
export type HandEdit = { field: Exclude<EditedField, EditableField>; before: string | null; after: string | null }

/** Writes down who has changed what else of a contact's, as part of that change. */
export async function keepHandEdit(
  tx: Tx,
  { agentId }: { agentId: string },
  contactId: string,
  edit: HandEdit,
): Promise<void> {
  await tx.insert(contactEdits).values({ ...edit, id: newId(), contactId, agentId, at: now() })
}
