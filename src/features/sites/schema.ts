import type { Audience, WidgetSettings } from '../../../views/widget/settings.ts'
import { flag, id, json, table, text, time } from '../../platform/db/columns.ts'

/** One place where the chat is embedded. */
export const sites = table('sites', {
  id: id().primaryKey(),
  name: text().notNull(),
  /** Hosts that may embed the widget, as `shop.example` or `*.shop.example`; none means any. */
  domains: json<string[]>().notNull(),
  chatEnabled: flag().notNull(),
  /** The site's first-contact message; null for none. */
  greeting: text(),
  /** The demo shop that `--demo` serves. */
  demo: flag().notNull(),
  createdAt: time().notNull(),
  /** Who may write. */
  audience: text().$type<Audience>().notNull().default('anyone'),
  /** What was set of the widget; read through `widgetOf`, which knows the rest. */
  widget: json<Partial<WidgetSettings>>(),
})

export type SiteRow = typeof sites.$inferSelect
