import { count, flag, id, json, primaryKey, table, text, time } from '../../platform/db/columns.ts'

/** A prepared answer. */
export const templates = table('templates', {
  id: id().primaryKey(),
  name: text().notNull(),
  text: text().notNull(),
  /** Where it stands, in millionths: 1.5 is 1500000. Equal ones stand by name. */
  position: count().notNull(),
  /** Unticked: it is not offered. */
  visible: flag().notNull(),
  /** On which sites it is offered; null: on all. */
  siteIds: json<string[]>(),
  /** Typed after `/` to find it, without the stroke. */
  shortcut: text(),
  /** The language it is written in; null: any. */
  locale: text(),
  createdAt: time().notNull(),
  changedAt: time().notNull(),
  /** Since when it is gone. It may come back. */
  removedAt: time(),
})

/** How often a template was put into an answer, by day. `day` is the day's number since 1970, in UTC. */
export const templateUses = table(
  'template_uses',
  {
    templateId: id()
      .notNull()
      .references(() => templates.id),
    day: count().notNull(),
    uses: count().notNull(),
  },
  (row) => [primaryKey({ columns: [row.templateId, row.day] })],
)

export type TemplateRow = typeof templates.$inferSelect
