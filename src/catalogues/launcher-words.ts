import type { Locale } from './locales.ts'
import { launcherTexts } from './patterns.ts' with { type: 'macro' }
import type { WidgetKey } from './widget-words.ts'

type LauncherKey = Extract<WidgetKey, `launcher.${string}`>

/** The few messages the loader itself shows: the keys of widget.json that begin with `launcher.`. */
const words: Record<Locale, Record<string, string>> = {
  en: launcherTexts('en'),
  ru: launcherTexts('ru'),
  pl: launcherTexts('pl'),
  fr: launcherTexts('fr'),
}

/** As `widgetTranslator`, for the loader, which every page of a shop pays for: plain texts, nothing to fill in. */
export const launcherTranslator =
  (locale: Locale) =>
  (key: LauncherKey): string =>
    words[locale][key] ?? key
