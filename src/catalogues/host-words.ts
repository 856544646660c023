import type { Locale } from './locales.ts'
import { plainTexts } from './patterns.ts' with { type: 'macro' }

/** What stands around the chat on the shop's page, once it has been wanted. */
const words: Record<Locale, string[]> = {
  en: plainTexts('en', ['launcher.close', 'launcher.title', 'launcher.opening', 'launcher.hide']),
  ru: plainTexts('ru', ['launcher.close', 'launcher.title', 'launcher.opening', 'launcher.hide']),
  pl: plainTexts('pl', ['launcher.close', 'launcher.title', 'launcher.opening', 'launcher.hide']),
  fr: plainTexts('fr', ['launcher.close', 'launcher.title', 'launcher.opening', 'launcher.hide']),
}

export function hostWords(locale: Locale) {
  const [close = '', title = '', opening = '', hide = ''] = words[locale]
  return { close, title, opening, hide }
}
