import { id, index, json, table, text, time } from '../../platform/db/columns.ts'

/** What holds for the whole house, one row for each subject: the default of the chat, the way mail goes out. */
export const settings = table('settings', {
  key: text().primaryKey(),
  value: json<unknown>().notNull(),
  changedAt: time().notNull(),
})

/** The pages of the cabinet on which something can be changed. */
export const cabinetPages = ['chat', 'templates', 'sites', 'zones', 'mail', 'installation'] as const
export type CabinetPage = (typeof cabinetPages)[number]

/** What was before and what is now, field by field; a secret is told as `true` only. */
export type ChangedFields = Record<string, { before: unknown; after: unknown }>
export type ChangeKind = 'created' | 'changed' | 'removed' | 'restored'

/** Who changed what in the cabinet, and when. Never rewritten. */
export const settingChanges = table(
  'setting_changes',
  {
    id: id().primaryKey(),
    page: text().$type<CabinetPage>().notNull(),
    kind: text().$type<ChangeKind>().notNull(),
    /** Which site, template or zone; null: the page as a whole. */
    subjectId: id(),
    /** Its name at that time. */
    subject: text(),
    /** Null: the house itself, or a program with a key. */
    agentId: id(),
    fields: json<ChangedFields>().notNull(),
    at: time().notNull(),
  },
  (row) => [index('setting_changes_of_page').on(row.page, row.at, row.id)],
)

export type SettingChange = typeof settingChanges.$inferSelect
