import { type Paint, paintOf } from './paint.ts'
import type { WidgetSettings } from './settings.ts'

/** What the launcher has to know of a site's settings besides how it is painted. */
export type Shown = Pick<WidgetSettings, 'label' | 'locale' | 'hiddenOn' | 'pages' | 'openAfterSeconds'>

/** What the server puts into the loader for one site, so that it can paint without asking. */
export type Look = {
  /** The site's id; null where the snippet names it. */
  site: string | null
  widget: Shown
  paint: Paint
  /** Path of the script behind the launcher, on the origin that the loader came from. */
  host: string
}

/** Every byte is paid for by every page of the shop: what the launcher does not need is left out. */
export function lookOf(site: string | null, settings: WidgetSettings, host: string): Look {
  const { label, locale, hiddenOn, pages, openAfterSeconds } = settings
  return { site, widget: { label, locale, hiddenOn, pages, openAfterSeconds }, paint: paintOf(settings), host }
}
