import { eq } from 'drizzle-orm'
import { writeLocking } from '../../platform/db/write.ts'
import { now } from '../../platform/lib/clock.ts'
import { type About, noteToChange, tellNotes } from './about.ts'
import { contactNotes } from './schema.ts'

/** Takes a note away, or brings it back as it was. Refuses `not_found`. */
export async function removeNote(about: About, id: string, removed: boolean): Promise<void> {
  await writeLocking(async (tx) => {
    const note = await noteToChange(tx, about, id)
    if ((note.removedAt !== null) === removed) return
    await tx
      .update(contactNotes)
      .set({ removedAt: removed ? now() : null })
      .where(eq(contactNotes.id, id))
    await tellNotes(tx, about)
  })
}
