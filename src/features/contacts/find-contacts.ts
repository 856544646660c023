import { and, desc, inArray, type SQL, sql } from 'drizzle-orm'
import { foldWords } from '../../../views/ui/fold-words.ts'
import { db } from '../../platform/db/open.ts'
import { type ContactRow, contacts, contactWords } from './schema.ts'

const mostWords = 5
// Who is called by a common beginning of a name is many: of these, at most so many are looked at.
const mostLookedAt = 2000
const last = '\u{10ffff}'

/**
 * Contacts of whom every word of the query begins a word that they are found by, the newest first. Read from an index, and
 * never more than a bound of it, however many there are. An empty query finds nobody.
 */
export async function findContacts(query: string, limit: number): Promise<ContactRow[]> {
  const [longest, ...others] = wordsOf(query)
  return longest === undefined ? [] : await having(longest, others, limit)
}

/** The query for contacts with these beginnings of words. */
export function having(longest: string, others: string[], limit: number) {
  const first = db
    .select({ contactId: contactWords.contactId })
    .from(contactWords)
    .where(begins(longest))
    .limit(mostLookedAt)
  return db
    .select()
    .from(contacts)
    .where(and(inArray(contacts.id, first), ...others.map(hasWord)))
    .orderBy(desc(contacts.id))
    .limit(limit)
}

/** The longest first: it leaves the fewest. A phone is typed with what stands between its digits, and kept without. */
function wordsOf(query: string): string[] {
  const isPhone = /^[+\d\s().-]+$/.test(query)
  const words = isPhone ? [query.replaceAll(/\D/g, '')] : foldWords(query)
  return [...new Set(words)]
    .filter((word) => word !== '')
    .toSorted((a, b) => b.length - a.length)
    .slice(0, mostWords)
}

const begins = (word: string): SQL => sql`${contactWords.word} >= ${word} and ${contactWords.word} < ${word + last}`

const hasWord = (word: string): SQL =>
  sql`exists (select 1 from ${contactWords} where ${contactWords.contactId} = ${contacts.id} and ${begins(word)})`
