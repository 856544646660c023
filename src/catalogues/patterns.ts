import { catalogues } from './catalogues.ts'
import type { Locale } from './locales.ts'
import { parsePattern } from './parse.ts'
import type { Pattern } from './pattern.ts'

/** What the window says in one locale, parsed. Called as a macro: it runs when a bundle is made, not in it. */
export const frameTexts = (locale: Locale): Record<string, Pattern> =>
  Object.fromEntries(
    Object.entries(widgetPatterns(locale)).filter(([key]) => !key.startsWith('launcher.') || key === 'launcher.open'),
  )

const widgetPatterns = (locale: Locale): Record<string, Pattern> =>
  Object.fromEntries(
    Object.entries<string>(catalogues[locale].widget).map(([key, message]) => [key, parsePattern(message, locale)]),
  )

/** Those with these keys, of which none has anything to fill in, in the order of the keys. A macro, too. */
export const plainTexts = (locale: Locale, keys: string[]): string[] => {
  const patterns = widgetPatterns(locale)
  return keys.map((key) => plain(key, patterns[key]))
}

function plain(key: string, pattern: Pattern | undefined): string {
  if (typeof pattern === 'string') return pattern
  throw new Error(`widget.${key} is not there, or takes values, which the launcher cannot fill in`)
}
