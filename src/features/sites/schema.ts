import { sql } from 'drizzle-orm'
import type { Audience, WidgetSettings } from '../../../views/widget/settings.ts'
import { flag, id, json, table, text, time } from '../../platform/db/columns.ts'

/** What of a site's chat the house has a default for. */
export const chatFields = ['chatEnabled', 'audience', 'greeting', 'copies'] as const
export type ChatField = (typeof chatFields)[number]

/** Copies of a site's conversations to the shop's own addresses. */
export type MailCopies = {
  on: boolean
  addresses: string[]
  /** Null: each message as it comes; else one mail for so many minutes, 1 to 1440. */
  digestMinutes: number | null
  /** Agents' answers too, and filled-in forms. */
  withAnswers: boolean
  withFeedback: boolean
}
export const noCopies: MailCopies = {
  on: false,
  addresses: [],
  digestMinutes: null,
  withAnswers: true,
  withFeedback: true,
}

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
  /** Who gets copies by mail; null: nobody. */
  copies: json<MailCopies>(),
  /** What of the chat this site has a value of its own for. The rest is as the house has it, and follows it. */
  own: json<ChatField[]>().notNull().default(sql`'[]'`),
  /** Since when it is out of use: its widget shows nothing, its conversations stay. */
  deactivatedAt: time(),
})

export type SiteRow = typeof sites.$inferSelect
