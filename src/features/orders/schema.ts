import { count, id, index, json, table, text, time, uniqueIndex } from '../../platform/db/columns.ts'
import { contactAddresses, contacts } from '../contacts/schema.ts'

/** One line of an order. `quantity` is a decimal as text (`2`, `0.5`); sums are minor units of the order's currency. */
export type OrderLine = { name: string; quantity: string; unit?: string; sumMinor?: number }

/** What a contact has ordered, as the shop tells it. */
export const orders = table(
  'orders',
  {
    id: id().primaryKey(),
    /** The shop's own name for it; null: written by hand. */
    externalId: text(),
    contactId: id()
      .notNull()
      .references(() => contacts.id),
    /** The number that people say, and what numbers are compared by. */
    number: text().notNull(),
    numberFolded: text().notNull(),
    placedAt: time().notNull(),
    /** ISO 4217. */
    currency: text().notNull(),
    sumMinor: count().notNull(),
    status: text().notNull(),
    statusColour: text().notNull(),
    addressId: id().references(() => contactAddresses.id),
    lines: json<OrderLine[]>().notNull(),
    note: text(),
    createdAt: time().notNull(),
    changedAt: time().notNull(),
    removedAt: time(),
  },
  (row) => [
    uniqueIndex('orders_external').on(row.externalId),
    index('orders_of_contact').on(row.contactId, row.placedAt, row.id),
    index('orders_by_number').on(row.numberFolded, row.id),
  ],
)

export type OrderRow = typeof orders.$inferSelect
