import type { Locale } from './locales.ts'
import type { Pattern } from './pattern.ts'
import { widgetPatterns } from './patterns.ts' with { type: 'macro' }
import type { WidgetKey } from './widget-words.ts'

type LauncherKey = Extract<WidgetKey, `launcher.${string}`>

/** The few messages the loader itself shows: the keys of widget.json that begin with `launcher.`. */
const words: Record<Locale, Record<string, Pattern>> = {
  en: widgetPatterns('en', 'launcher.'),
  ru: widgetPatterns('ru', 'launcher.'),
  pl: widgetPatterns('pl', 'launcher.'),
  fr: widgetPatterns('fr', 'launcher.'),
}

/** As `widgetTranslator`, for the loader, which every page of a shop pays for: plain texts, nothing to fill in. */
export const launcherTranslator =
  (locale: Locale) =>
  (key: LauncherKey): string =>
    `${words[locale][key]}`
