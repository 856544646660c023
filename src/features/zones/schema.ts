import { count, id, json, table, text, time, uniqueIndex } from '../../platform/db/columns.ts'

/** A delivery zone. The districts in it are names, in the shop's own order. */
export const zones = table(
  'zones',
  {
    id: id().primaryKey(),
    /** The shop's own name for it; null: made by hand. */
    externalId: text(),
    name: text().notNull(),
    districts: json<string[]>().notNull(),
    /** One of the hues of the console's chips. */
    colour: text().notNull(),
    /** Where it stands among the others, from 0. */
    position: count().notNull(),
    /** On which days it is delivered to, 1 Monday to 7 Sunday. */
    days: json<number[]>().notNull(),
    /** The least sum of an order, in minor units of `currency` (ISO 4217); both or none. */
    minimumMinor: count(),
    currency: text(),
    note: text(),
    createdAt: time().notNull(),
    changedAt: time().notNull(),
    /** Since when it is gone. Its addresses lie in no zone then. */
    removedAt: time(),
  },
  (row) => [uniqueIndex('zones_external').on(row.externalId)],
)

export type ZoneRow = typeof zones.$inferSelect
