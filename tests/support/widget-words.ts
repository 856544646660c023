import { words as en } from '../../src/browser/widget/words/en.ts'
import { words as fr } from '../../src/browser/widget/words/fr.ts'
import { words as pl } from '../../src/browser/widget/words/pl.ts'
import { words as ru } from '../../src/browser/widget/words/ru.ts'
import type { Locale } from '../../src/catalogues/locales.ts'
import { type Say, translatorOf } from '../../src/catalogues/widget-words.ts'

const words = { en, ru, pl, fr }

/** What the widget says in a language, as a browser gets it. */
export const widgetTranslator = (locale: Locale): Say => translatorOf(locale, words[locale])

/** Every key that the window has words for. */
export const widgetKeys = Object.keys(en)
