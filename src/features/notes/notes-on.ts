import { and, desc, isNull } from 'drizzle-orm'
import { db } from '../../platform/db/open.ts'
import { type About, browsersOf, isAbout } from './about.ts'
import { type ContactNote, contactNotes } from './schema.ts'

/** Most notes on one person that are shown. */
const mostShown = 100

/** What agents have written about somebody, the newest first. */
export async function notesOn(about: About): Promise<ContactNote[]> {
  return db
    .select()
    .from(contactNotes)
    .where(and(isAbout(about, await browsersOf(about)), isNull(contactNotes.removedAt)))
    .orderBy(desc(contactNotes.createdAt), desc(contactNotes.id))
    .limit(mostShown)
}
