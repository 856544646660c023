import { count, id, table, text, time } from '../../platform/db/columns.ts'
import { conversations } from '../conversations/schema.ts'

/** How far a conversation has been mailed: copies to the shop, and answers to the client. */
export const mailMarks = table('mail_marks', {
  conversationId: id()
    .primaryKey()
    .references(() => conversations.id),
  /** The last entry of which the shop's addresses have had their copy. */
  copiedSeq: count().notNull().default(0),
  /** The entry whose copy began the thread; null: none has been sent yet. */
  copiedRoot: count(),
  /** The last entry that went to the client's own address, or need not. */
  repliedSeq: count().notNull().default(0),
  /** The entry whose mail to the client began that thread. */
  repliedRoot: count(),
  changedAt: time().notNull(),
})

/** Addresses that want no answers by mail any more. */
export const mailRefusals = table('mail_refusals', {
  emailFolded: text().primaryKey(),
  at: time().notNull(),
})
