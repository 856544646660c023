import { isLocale, type Locale, locales } from '../../catalogues/locales.ts'

/** The first of the visitor's languages that we speak, else English; `fr-CA` is met by `fr`. */
export const pickLocale = (languages: readonly string[]): Locale =>
  languages.map((tag) => tag.toLowerCase().split('-')[0]).find(isLocale) ?? locales[0]
