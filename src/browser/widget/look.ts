import { direction, type Locale } from '../../catalogues/locales.ts'
import { type Palette, paletteOf } from '../../../views/widget/colour.ts'
import type { WidgetSettings } from '../../../views/widget/settings.ts'

/** Gives the window the shop's colours and theme. Not by `style`, which our own policy forbids. */
export function makeLook(document: Document, Sheet: typeof CSSStyleSheet) {
  const sheet = new Sheet()
  document.adoptedStyleSheets = [sheet]
  let worn = ''
  return {
    wear({ colour, theme }: WidgetSettings) {
      if (worn === colour + theme) return
      worn = colour + theme
      sheet.replaceSync(`:root{${rules('l', paletteOf(colour, 'light'))}${rules('d', paletteOf(colour, 'dark'))}}`)
      if (theme === 'auto') delete document.documentElement.dataset.theme
      else document.documentElement.dataset.theme = theme
    },
    speak(locale: Locale, title: string) {
      if (document.documentElement.lang === locale && document.title === title) return
      document.documentElement.lang = locale
      document.documentElement.dir = direction(locale)
      document.title = title
    },
  }
}

const rules = (theme: 'l' | 'd', { site, onSite, soft, line, text }: Palette): string =>
  `--${theme}-site:${site};--${theme}-on:${onSite};--${theme}-soft:${soft};--${theme}-line:${line};--${theme}-text:${text};`
