import { eq } from 'drizzle-orm'
import type { Tx } from '../../platform/db/executor.ts'
import { insertAll } from '../../platform/db/insert-all.ts'
import { foldWords } from '../../../views/ui/fold-words.ts'
import { cut } from '../../platform/lib/text.ts'
import { type ContactRow, contactWords } from './schema.ts'

const mostWords = 24
const longestWord = 64
// People leave the country's code out, or write a long-distance 8 in its place.
const nationalDigits = 10

type Known = Pick<ContactRow, 'id' | 'name' | 'email' | 'phone' | 'externalId'>

/** The rows by which contacts are found. */
export const wordRows = (people: readonly Known[]): (typeof contactWords.$inferSelect)[] =>
  people.flatMap((person) => wordsOf(person).map((word) => ({ word, contactId: person.id })))

function wordsOf({ name, email, phone, externalId }: Known): string[] {
  const digits = (phone ?? '').replaceAll(/\D/g, '')
  const found = [
    ...foldWords(`${name ?? ''} ${email ?? ''} ${externalId ?? ''}`),
    digits,
    digits.slice(-nationalDigits),
  ].map((word) => cut(word, longestWord))
  const words = [...new Set(found)].filter((word) => word !== '').slice(0, mostWords)
  return words.length === 0 ? [''] : words
}

/** Keeps what a new contact is found by, as part of another change. */
export const keepWords = (tx: Tx, people: readonly Known[]): Promise<void> =>
  insertAll(tx, contactWords, wordRows(people))

/** The same of a contact that was changed. */
export async function changeWords(tx: Tx, person: Known): Promise<void> {
  await tx.delete(contactWords).where(eq(contactWords.contactId, person.id))
  await keepWords(tx, [person])
}
