import { id, index, table, text, time } from '../../platform/db/columns.ts'
import { agents } from '../agents/schema.ts'
import { contacts } from '../contacts/schema.ts'
import { visitors } from '../visitors/schema.ts'

/** Remarks of agents on somebody, for agents alone: on a contact, or on a visitor of whom nothing is known yet. */
export const contactNotes = table(
  'contact_notes',
  {
    id: id().primaryKey(),
    contactId: id().references(() => contacts.id),
    visitorId: id().references(() => visitors.id),
    agentId: id()
      .notNull()
      .references(() => agents.id),
    body: text().notNull(),
    createdAt: time().notNull(),
    changedAt: time(),
    /** Since when it is gone. It may come back. */
    removedAt: time(),
  },
  (row) => [
    index('contact_notes_of_contact').on(row.contactId, row.createdAt),
    index('contact_notes_of_visitor').on(row.visitorId, row.createdAt),
  ],
)

export type ContactNote = typeof contactNotes.$inferSelect
