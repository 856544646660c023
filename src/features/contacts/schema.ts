import { id, table, text, time } from '../../platform/db/columns.ts'

/** A known person. Each of the fields may be all that is known of them. */
export const contacts = table('contacts', {
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
})

export type ContactRow = typeof contacts.$inferSelect
