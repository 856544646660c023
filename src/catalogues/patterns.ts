import { catalogues } from './catalogues.ts'
import type { Locale } from './locales.ts'
import { parsePattern } from './parse.ts'
import type { Pattern } from './pattern.ts'

/** The widget's messages of one locale, parsed. Called as a macro: it runs when a bundle is made, not in it. */
export const widgetPatterns = (locale: Locale): Record<string, Pattern> =>
  Object.fromEntries(
    Object.entries<string>(catalogues[locale].widget).map(([key, message]) => [key, parsePattern(message, locale)]),
  )

/** Those that the loader shows, which have nothing to fill in. A macro, too. */
export const launcherTexts = (locale: Locale): Record<string, string> =>
  Object.fromEntries(
    Object.entries(widgetPatterns(locale))
      .filter(([key]) => key.startsWith('launcher.'))
      .map(([key, pattern]) => [key, plain(key, pattern)]),
  )

function plain(key: string, pattern: Pattern): string {
  if (typeof pattern === 'string') return pattern
  throw new Error(`widget.${key} takes values, which the loader cannot fill in`)
}
