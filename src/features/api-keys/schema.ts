import { id, table, text, time, uniqueIndex } from '../../platform/db/columns.ts'
import { agents } from '../agents/schema.ts'

/** Keys with which the shop's programs speak to us. The key itself is shown once and kept as SHA-256 only. */
export const apiKeys = table(
  'api_keys',
  {
    id: id().primaryKey(),
    name: text().notNull(),
    /** Its first characters, by which people tell keys apart. */
    beginning: text().notNull(),
    keyHash: text().notNull(),
    agentId: id()
      .notNull()
      .references(() => agents.id),
    createdAt: time().notNull(),
    /** When it was last used, to the minute. */
    usedAt: time(),
    revokedAt: time(),
  },
  (row) => [uniqueIndex('api_keys_hash').on(row.keyHash)],
)

export type ApiKey = typeof apiKeys.$inferSelect
