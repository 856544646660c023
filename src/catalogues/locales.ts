/** The languages Kontuar speaks, in the order a person is offered them. The first is the one others fall back to. */
export const locales = ['en', 'ru', 'pl', 'fr'] as const

export type Locale = (typeof locales)[number]

export const isLocale = (value: unknown): value is Locale => locales.some((locale) => locale === value)

/** Which way a language is written, for `<html dir>`. */
export const direction = (locale: string): 'ltr' | 'rtl' =>
  /^(ar|arc|ckb|dv|fa|he|ks|ps|sd|ug|ur|yi)\b/.test(locale) ? 'rtl' : 'ltr'
