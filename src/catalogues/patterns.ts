import { catalogues } from './catalogues.ts'
import type { Locale } from './locales.ts'
import { parsePattern } from './parse.ts'
import type { Pattern } from './pattern.ts'

/**
 * The widget's messages of one locale whose keys begin with `prefix`, parsed. Called as a macro: it runs when a bundle
 * is made, not in it.
 */
export const widgetPatterns = (locale: Locale, prefix: string): Record<string, Pattern> =>
  Object.fromEntries(
    Object.entries<string>(catalogues[locale].widget)
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, message]) => [key, parsePattern(message, locale)]),
  )
