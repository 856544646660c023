import type { Locale } from './locales.ts'
import { plainTexts } from './patterns.ts' with { type: 'macro' }

/** The two things that the launcher itself says, which every page of a shop pays for: its name, and that nobody answers. */
const words: Record<Locale, string[]> = {
  en: plainTexts('en', ['launcher.open', 'launcher.waiting']),
  ru: plainTexts('ru', ['launcher.open', 'launcher.waiting']),
  pl: plainTexts('pl', ['launcher.open', 'launcher.waiting']),
  fr: plainTexts('fr', ['launcher.open', 'launcher.waiting']),
}

export function launcherWords(locale: Locale) {
  const [open = '', waiting = ''] = words[locale]
  return { open, waiting }
}
