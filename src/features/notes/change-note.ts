import { eq } from 'drizzle-orm'
import { writeLocking } from '../../platform/db/write.ts'
import { now } from '../../platform/lib/clock.ts'
import { refuse } from '../../platform/lib/refuse.ts'
import { checkText } from '../../platform/lib/text.ts'
import { type About, noteToChange, tellNotes } from './about.ts'
import { maxNoteLength } from './add-note.ts'
import { contactNotes } from './schema.ts'

/**
 * Puts other words in place of a note, and brings it back if it was taken away: whoever is still writing loses nothing.
 * What is as wanted already stays. Refuses `not_found`, what `addNote` refuses, and
 * `edited_meanwhile` when other words than the ones that the agent saw stand there.
 */
export async function changeNote(about: About, id: string, asked: { body: unknown; was: unknown }): Promise<void> {
  const body = checkText(asked.body, maxNoteLength)
  await writeLocking(async (tx) => {
    const note = await noteToChange(tx, about, id)
    if (note.body === body && note.removedAt === null) return
    if (note.body !== asked.was) throw refuse('edited_meanwhile')
    await tx.update(contactNotes).set({ body, changedAt: now(), removedAt: null }).where(eq(contactNotes.id, id))
    await tellNotes(tx, about)
  })
}
