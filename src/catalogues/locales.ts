/** The languages Kontuar speaks, in the order a person is offered them. The first is the one others fall back to. */
export const locales = ['en', 'ru', 'pl', 'fr'] as const

export type Locale = (typeof locales)[number]

export const isLocale = (value: unknown): value is Locale => locales.some((locale) => locale === value)
