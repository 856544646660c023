/** What a template has, in the order in which a table of them names it. */
export const templateFields = ['name', 'text', 'position', 'visible', 'siteIds', 'shortcut', 'locale'] as const
export type TemplateField = (typeof templateFields)[number]

/** The languages that a template may be said to be in: those of the shops that we know of, and of their customers. */
export const templateLanguages = [
  ...['en', 'ru', 'pl', 'fr', 'ar', 'be', 'cs', 'de', 'es', 'et', 'fi', 'he', 'hy', 'it', 'ka', 'kk', 'ky', 'lt', 'lv'],
  ...['nl', 'pt', 'ro', 'sr', 'sv', 'tg', 'tr', 'uk', 'uz', 'zh'],
] as const
