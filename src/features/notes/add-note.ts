import { writeLocking } from '../../platform/db/write.ts'
import { now } from '../../platform/lib/clock.ts'
import { newId } from '../../platform/lib/id.ts'
import { checkText } from '../../platform/lib/text.ts'
import { type About, tellNotes } from './about.ts'
import { type ContactNote, contactNotes } from './schema.ts'

/** Longest note, in UTF-16 code units. */
export const maxNoteLength = 4000

/** Writes a note on somebody, for agents alone. Refuses `text_missing`, `text_too_long` and `text_invalid`. */
export async function addNote(
  { agentId }: { agentId: string },
  { visitorId, contactId }: About,
  body: unknown,
): Promise<ContactNote> {
  const note: ContactNote = {
    ...{ id: newId(), contactId, visitorId, agentId, body: checkText(body, maxNoteLength), createdAt: now() },
    changedAt: null,
    removedAt: null,
  }
  await writeLocking(async (tx) => {
    await tx.insert(contactNotes).values(note)
    await tellNotes(tx, { visitorId, contactId })
  })
  return note
}
