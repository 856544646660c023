import { sql } from 'drizzle-orm'
import { flag, id, index, primaryKey, table, text, time, uniqueIndex } from '../../platform/db/columns.ts'
import { agents } from '../agents/schema.ts'
import { zones } from '../zones/schema.ts'

/** A known person. Each of the fields may be all that is known of them. */
export const contacts = table(
  'contacts',
  {
    id: id().primaryKey(),
    name: text(),
    email: text(),
    /** What addresses are compared by. */
    emailFolded: text(),
    phone: text(),
    /** The shop's own name for them, such as a customer's number. */
    externalId: text(),
    locale: text(),
    createdAt: time().notNull(),
    /** Since when the shop vouches for what stands here: what visitors say of themselves no longer replaces it. */
    verifiedAt: time(),
    /** The zone of the address that holds for them: of their last order, or else their main one. */
    zoneId: id().references(() => zones.id),
    changedAt: time(),
  },
  (row) => [
    uniqueIndex('contacts_external').on(row.externalId),
    index('contacts_of_zone').on(row.zoneId).where(sql`zone_id is not null`),
  ],
)

/** Where a contact is delivered to. An address lies in a zone and a district, or nobody has said in which. */
export const contactAddresses = table(
  'contact_addresses',
  {
    id: id().primaryKey(),
    contactId: id()
      .notNull()
      .references(() => contacts.id),
    /** The shop's own name for it, among this contact's; null: written by hand. */
    externalId: text(),
    address: text().notNull(),
    zoneId: id().references(() => zones.id),
    district: text(),
    /** Floor, entrance, who opens. */
    note: text(),
    /** The one that holds while no order says otherwise. At most one of a contact's is. */
    main: flag().notNull(),
    createdAt: time().notNull(),
    changedAt: time().notNull(),
    removedAt: time(),
  },
  (row) => [
    uniqueIndex('contact_addresses_external').on(row.contactId, row.externalId),
    index('contact_addresses_of_zone').on(row.zoneId),
  ],
)

/**
 * What a contact is found by: the words of the name, of the address and of the shop's own name for them, and the digits of
 * the phone, folded as `foldWords` does. One of nobody's words is empty: then there is nothing to find them by.
 */
export const contactWords = table(
  'contact_words',
  {
    word: text().notNull(),
    contactId: id()
      .notNull()
      .references(() => contacts.id),
  },
  (row) => [primaryKey({ columns: [row.word, row.contactId] }), index('contact_words_of_contact').on(row.contactId)],
)

/** What an agent may change of a contact in place, by hand. */
export const editableFields = ['name', 'email', 'phone'] as const
export type EditableField = (typeof editableFields)[number]

/** What else is changed of a contact by hand, each by its own form: JSON of what was and what is; of a link the visitor. */
export type EditedField = EditableField | 'address' | 'order' | 'movement' | 'link'

/** Who changed what of a contact by hand, and when; null: there was, or is, nothing. */
export const contactEdits = table(
  'contact_edits',
  {
    id: id().primaryKey(),
    contactId: id()
      .notNull()
      .references(() => contacts.id),
    agentId: id()
      .notNull()
      .references(() => agents.id),
    field: text().$type<EditedField>().notNull(),
    before: text(),
    after: text(),
    at: time().notNull(),
  },
  (row) => [index('contact_edits_of_contact').on(row.contactId, row.at, row.id)],
)

export type AddressRow = typeof contactAddresses.$inferSelect
export type ContactEdit = typeof contactEdits.$inferSelect
export type ContactRow = typeof contacts.$inferSelect
