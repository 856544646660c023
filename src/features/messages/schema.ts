import { count, id, primaryKey, table, text, time } from '../../platform/db/columns.ts'
import { conversations } from '../conversations/schema.ts'

/** How far somebody has read: a mark, raised by reading, never an entry. */
export const reads = table(
  'reads',
  {
    conversationId: id()
      .notNull()
      .references(() => conversations.id),
    readerKind: text().$type<'visitor' | 'agent'>().notNull(),
    readerId: id().notNull(),
    seq: count().notNull(),
    at: time().notNull(),
  },
  (row) => [primaryKey({ columns: [row.conversationId, row.readerKind, row.readerId] })],
)
