import { catalogues, type Key } from '../../catalogues/catalogues.ts'
import { direction, isLocale, type Locale, locales } from '../../catalogues/locales.ts'
import { parsePattern } from '../../catalogues/parse.ts'
import { fill, type Pattern, type Values } from '../../catalogues/pattern.ts'

export { direction, isLocale, type Key, type Locale, locales, type Values }

/** `t('console.finish')`, `t('console.unread', { count: 3 })`; `t.locale` says which language it speaks, `t.dir` which way. */
export type Translate = ((key: Key, values?: Values) => string) & {
  readonly locale: Locale
  readonly dir: 'ltr' | 'rtl'
}

/** The translator of a locale. Made once per locale; a message is parsed when it is first needed. */
export const translator = (locale: Locale): Translate => (translators[locale] ??= makeTranslator(locale))

const translators: Partial<Record<Locale, Translate>> = {}

/** The same words in a page that runs from right to left: to see it before anybody has translated into such a language. */
export const fromRightToLeft = (t: Translate): Translate =>
  Object.assign((...asked: Parameters<Translate>) => t(...asked), { locale: t.locale, dir: 'rtl' as const })

function makeTranslator(locale: Locale): Translate {
  const parsed = new Map<Key, Pattern>()
  const translate = (key: Key, values?: Values): string => {
    let pattern = parsed.get(key)
    if (pattern === undefined) parsed.set(key, (pattern = parsePattern(message(locale, key), locale)))
    return fill(pattern, locale, values)
  }
  return Object.assign(translate, { locale, dir: direction(locale) })
}

function message(locale: Locale, key: string): string {
  const dot = key.indexOf('.')
  const namespaces: Record<string, Record<string, string>> = catalogues[locale]
  return namespaces[key.slice(0, dot)]?.[key.slice(dot + 1)] ?? key
}

/**
 * The locale to speak: the preferred one if we have it, else the best of an Accept-Language header (RFC 9110, 12.5.4;
 * `fr-CA` is met by `fr`), else English.
 */
export function chooseLocale(acceptLanguage: string | null | undefined, preferred?: string | null): Locale {
  const wanted = [...(preferred ? [preferred] : []), ...ranked(acceptLanguage ?? '')]
  return wanted.map((tag) => tag.toLowerCase().split('-')[0]).find(isLocale) ?? locales[0]
}

function ranked(acceptLanguage: string): string[] {
  return acceptLanguage
    .slice(0, 1000)
    .split(',')
    .map((entry) => {
      const [tag = '', ...parameters] = entry.split(';').map((part) => part.trim())
      const q = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2)
      return { tag, quality: q === undefined ? 1 : Number(q) || 0 }
    })
    .filter(({ quality }) => quality > 0)
    .toSorted((a, b) => b.quality - a.quality)
    .map(({ tag }) => tag)
}
