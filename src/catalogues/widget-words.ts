import type { KeyOf } from './catalogues.ts'
import type { Locale } from './locales.ts'
import { fill, type Pattern, type Values } from './pattern.ts'

export type WidgetKey = KeyOf<'widget'>
export type Say = (key: WidgetKey, values?: Values) => string

/** `widget.json` of one locale, parsed when the browser's files were built: the widget carries no parser. */
export type Words = Record<string, Pattern>

/** `say('retry')`, `say('unread', { count: 3 })`: keys as they stand in widget.json, without the namespace. */
export const translatorOf =
  (locale: Locale, words: Words): Say =>
  (key, values) =>
    fill(words[key] ?? key, locale, values)
