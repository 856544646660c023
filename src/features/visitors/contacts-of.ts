import { eq, inArray } from 'drizzle-orm'
import { db } from '../../platform/db/open.ts'
import { contacts } from '../contacts/index.ts'
import { visitors } from './schema.ts'

/** A known person, as lists and heads show them. */
export type ContactCard = { id: string; name: string | null; email: string | null; phone: string | null }

/** Who these visitors are, by their ids, asked for all at once; those of whom nothing is known are not in it. */
export async function contactsOf(visitorIds: string[]): Promise<Map<string, ContactCard>> {
  if (visitorIds.length === 0) return new Map()
  const found = await db
    .select({
      visitorId: visitors.id,
      card: { id: contacts.id, name: contacts.name, email: contacts.email, phone: contacts.phone },
    })
    .from(visitors)
    .innerJoin(contacts, eq(contacts.id, visitors.contactId))
    .where(inArray(visitors.id, [...new Set(visitorIds)]))
  return new Map(found.map(({ visitorId, card }) => [visitorId, card]))
}
