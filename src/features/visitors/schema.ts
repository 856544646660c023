import { id, index, json, table, text, time, uniqueIndex } from '../../platform/db/columns.ts'
import { agents } from '../agents/schema.ts'
import { contacts } from '../contacts/schema.ts'
import { sites } from '../sites/schema.ts'

/** A page of the shop: an http(s) address and its title. */
export type SeenPage = { url: string; title?: string }

/** A browser that has written. Nobody who merely looked has a row. */
export const visitors = table(
  'visitors',
  {
    id: id().primaryKey(),
    siteId: id()
      .notNull()
      .references(() => sites.id),
    /** SHA-256 of the token; the token itself is kept by the visitor alone. */
    tokenHash: text().notNull(),
    createdAt: time().notNull(),
    /** Who it is, once that is known. */
    contactId: id().references(() => contacts.id),
    /** Since when the shop vouches that this browser is that contact's; null: it has not said so. */
    verifiedAt: time(),
    /** Since when nothing is taken from it. */
    blockedAt: time(),
    /** The browser's first language and its zone, as it says them: `pl-PL`, `Europe/Warsaw`. */
    language: text(),
    timeZone: text(),
    /** When it was last connected. */
    lastSeenAt: time(),
    /** Where it was last, and where it had come from when it was first seen. */
    page: json<SeenPage>(),
    referrer: text(),
    userAgent: text(),
  },
  (row) => [uniqueIndex('visitors_token').on(row.tokenHash), index('visitors_of_contact').on(row.contactId)],
)

/** Who said that a visitor is that contact, and when; and who took it back. */
export const contactLinks = table(
  'contact_links',
  {
    id: id().primaryKey(),
    visitorId: id()
      .notNull()
      .references(() => visitors.id),
    contactId: id()
      .notNull()
      .references(() => contacts.id),
    /** Who they had been before; null: nobody. */
    previousContactId: id().references(() => contacts.id),
    agentId: id()
      .notNull()
      .references(() => agents.id),
    linkedAt: time().notNull(),
    unlinkedAt: time(),
    unlinkedBy: id().references(() => agents.id),
  },
  (row) => [index('contact_links_of_visitor').on(row.visitorId, row.linkedAt)],
)

/** Further tokens that speak for a visitor: of a browser in which they opened the link of a mail. SHA-256 only. */
export const visitorTokens = table('visitor_tokens', {
  tokenHash: text().primaryKey(),
  visitorId: id()
    .notNull()
    .references(() => visitors.id),
  createdAt: time().notNull(),
})
