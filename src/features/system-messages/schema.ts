import { flag, id, index, json, table, text, time, uniqueIndex } from '../../platform/db/columns.ts'
import { agents } from '../agents/schema.ts'

export const systemMessageKinds = ['upgrade', 'delivery', 'disk', 'notice'] as const
export type SystemMessageKind = (typeof systemMessageKinds)[number]

/** What the installation and its makers tell the agents. Never part of anybody's conversation. */
export const systemMessages = table(
  'system_messages',
  {
    id: id().primaryKey(),
    kind: text().$type<SystemMessageKind>().notNull(),
    /** One of the catalogue's own, with its values; null: told in `title` and `body`. */
    code: text(),
    values: json<Record<string, string | number>>(),
    title: text(),
    body: text(),
    /** An http(s) address, or a page of the console. */
    link: text(),
    /** What it is about: the same is told once until it is over. */
    key: text(),
    createdAt: time().notNull(),
    /** Since when what it tells of is over; null: it is not, or it never ends. */
    overAt: time(),
  },
  (row) => [uniqueIndex('system_messages_key').on(row.key), index('system_messages_by_time').on(row.createdAt, row.id)],
)

/** How far an agent has read them, and whether their lists leave them out. */
export const systemMessageMarks = table('system_message_marks', {
  agentId: id()
    .primaryKey()
    .references(() => agents.id),
  readAt: time().notNull(),
  hidden: flag().notNull().default(false),
})

export type SystemMessage = typeof systemMessages.$inferSelect
