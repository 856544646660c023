import type { WidgetSettings } from '../../../views/widget/settings.ts'
import type { Locale } from '../../catalogues/locales.ts'
import { type Say, translatorOf, type Words } from '../../catalogues/widget-words.ts'
import { varietyOf } from '../variety.ts'
import { pickLocale } from './speak.ts'
import { type When, whenIn } from './when.ts'

export type Speech = { locale: Locale; say: Say; when: When }

/** The language of the window: the visitor's, unless the shop has chosen one. Its words come by themselves. */
export function makeSpeech(
  languages: readonly string[],
  bring: (locale: Locale) => Promise<{ words: Words }>,
  now: () => number,
) {
  let learning: Locale | null = null
  const wanted = ({ locale }: WidgetSettings) => pickLocale(locale === 'auto' ? languages : [locale])

  return {
    spoken: null as Speech | null,
    /** Learns the language that is wanted by now; answers whether another one is spoken than before. */
    async learn(settings: WidgetSettings): Promise<boolean> {
      const locale = wanted(settings)
      if (locale === learning || locale === this.spoken?.locale) return false
      learning = locale
      try {
        const { words } = await bring(locale)
        const say = translatorOf(locale, words)
        this.spoken = { locale, say, when: whenIn(varietyOf(locale, languages), say, now) }
        return true
      } finally {
        learning = null
      }
    },
  }
}
