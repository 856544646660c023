import type { KeyOf } from './catalogues.ts'
import type { Locale } from './locales.ts'
import { fill, type Pattern, type Values } from './pattern.ts'
import { widgetPatterns } from './patterns.ts' with { type: 'macro' }

export type WidgetKey = KeyOf<'widget'>
export type Say = (key: WidgetKey, values?: Values) => string

/**
 * `widget.json` for the browser. The macro calls are replaced by their results when the file is bundled (and when a
 * test imports it), so the widget carries patterns and `fill`, and neither the parser nor the other catalogues.
 */
const words: Record<Locale, Record<string, Pattern>> = {
  en: widgetPatterns('en'),
  ru: widgetPatterns('ru'),
  pl: widgetPatterns('pl'),
  fr: widgetPatterns('fr'),
}

/** `say('retry')`, `say('unread', { count: 3 })`: keys as they stand in widget.json, without the namespace. */
export const widgetTranslator =
  (locale: Locale): Say =>
  (key, values) =>
    fill(words[locale][key] ?? key, locale, values)
