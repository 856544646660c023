import { eq, inArray, or } from 'drizzle-orm'
import type { Tx } from '../../platform/db/executor.ts'
import { lockingRows } from '../../platform/db/lock-rows.ts'
import { record } from '../../platform/live/bus.ts'
import { refuse } from '../../platform/lib/refuse.ts'
import { visitorsOfContact } from '../visitors/index.ts'
import './events.ts'
import { type ContactNote, contactNotes } from './schema.ts'

/** Whom a note is on: a browser, and the person behind it once they are known. */
export type About = { visitorId: string; contactId: string | null }

/** The notes on somebody: on the person, whichever browser they had, and on their browsers before anybody knew. */
export const isAbout = ({ contactId }: About, browsers: string[]) =>
  or(inArray(contactNotes.visitorId, browsers), contactId === null ? undefined : eq(contactNotes.contactId, contactId))

/** Every browser of somebody. */
export const browsersOf = async (
  { visitorId, contactId }: About,
  executor?: Parameters<typeof visitorsOfContact>[1],
): Promise<string[]> => [
  ...new Set([visitorId, ...(contactId === null ? [] : await visitorsOfContact(contactId, executor))]),
]

/** A note for a change. Refuses `not_found` for one on somebody else. */
export async function noteToChange(tx: Tx, about: About, id: string): Promise<ContactNote> {
  const [note] = await lockingRows(tx.select().from(contactNotes).where(eq(contactNotes.id, id)))
  const theirs = note && ((await browsersOf(about, tx)).includes(note.visitorId ?? '') || isOn(note, about))
  if (!theirs) throw refuse('not_found')
  return note
}

const isOn = (note: ContactNote, { contactId }: About): boolean => contactId !== null && note.contactId === contactId

export async function tellNotes(tx: Tx, about: About): Promise<void> {
  await record(tx, 'notes.changed', { visitorIds: await browsersOf(about, tx) })
}
