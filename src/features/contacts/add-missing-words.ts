import { asc, eq, isNull } from 'drizzle-orm'
import { write } from '../../platform/db/write.ts'
import { keepWords } from './keep-words.ts'
import { contacts, contactWords } from './schema.ts'

const atOnce = 200

/** Makes contacts from before there was a search findable; answers how many. Others write in between. */
export async function addMissingWords(): Promise<number> {
  for (let added = 0; ; ) {
    const some = await write(async (tx) => {
      const missing = await tx
        .select({ contact: contacts })
        .from(contacts)
        .leftJoin(contactWords, eq(contactWords.contactId, contacts.id))
        .where(isNull(contactWords.contactId))
        .orderBy(asc(contacts.id))
        .limit(atOnce)
      await keepWords(
        tx,
        missing.map(({ contact }) => contact),
      )
      return missing.length
    })
    added += some
    if (some < atOnce) return added
  }
}
