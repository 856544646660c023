import { sql } from 'drizzle-orm'
import { count, id, index, primaryKey, table, text, time } from '../../platform/db/columns.ts'
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
    /** Which "read all" raised it to where it stands, and from where (null: there was none): what an undo goes back to. */
    raisedBy: id(),
    raisedFrom: count(),
  },
  (row) => [
    primaryKey({ columns: [row.conversationId, row.readerKind, row.readerId] }),
    index('reads_raised').on(row.raisedBy).where(sql`raised_by is not null`),
  ],
)
