import { count, id, index, table, text, time, uniqueIndex } from '../../platform/db/columns.ts'
import { contacts } from '../contacts/schema.ts'
import { orders } from '../orders/schema.ts'

/** Returnable containers that went to a contact and came back: what is owed of a type is the sum of all its movements. */
export const containerMovements = table(
  'container_movements',
  {
    id: id().primaryKey(),
    /** The shop's own name for it; null: written by hand. */
    externalId: text(),
    contactId: id()
      .notNull()
      .references(() => contacts.id),
    /** What kind of container, in the shop's words. */
    type: text().notNull(),
    delivered: count().notNull(),
    returned: count().notNull(),
    at: time().notNull(),
    orderId: id().references(() => orders.id),
    note: text(),
    createdAt: time().notNull(),
    changedAt: time().notNull(),
    removedAt: time(),
  },
  (row) => [
    uniqueIndex('container_movements_external').on(row.externalId),
    index('container_movements_of_contact').on(row.contactId, row.at, row.id),
  ],
)

export type ContainerMovement = typeof containerMovements.$inferSelect
