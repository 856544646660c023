import { type ContactRow, findContacts, findContactsById } from '../contacts/index.ts'
import { type ConversationRow, latestOf } from '../conversations/index.ts'
import { contactsWithOrder } from '../orders/index.ts'
import { visitorsOfContact } from '../visitors/index.ts'

/** Somebody who was found, and what was said last with them; null: they have not written yet. */
export type FoundPerson = { contact: ContactRow; conversation: ConversationRow | null }

const atMost = 5
const longestQuery = 200

/** Clients whose name, phone, e-mail or external id begins with the words of a query, or who have an order of that number. */
export async function findPeople(query: string): Promise<FoundPerson[]> {
  const asked = query.slice(0, longestQuery)
  // A number of an order has a digit: a word alone must not be taken for the beginning of one.
  const [called, ordered] = await Promise.all([
    findContacts(asked, atMost),
    /\d/.test(asked) ? contactsWithOrder(asked, atMost) : [],
  ])
  const others = await findContactsById(ordered.filter((id) => called.every((contact) => contact.id !== id)))
  const found = [...called, ...others].slice(0, atMost)
  return Promise.all(
    found.map(async (contact) => ({ contact, conversation: await latestOf(await visitorsOfContact(contact.id)) })),
  )
}
