import type { Audience, WidgetSettings } from './settings.ts'

/** What the server puts into the loader for one site, so that it can paint without asking. */
export type Look = {
  /** The site's id; null where the snippet names it. */
  site: string | null
  name: string
  chatEnabled: boolean
  audience: Audience
  widget: WidgetSettings
  /** Path of the script behind the launcher, on the origin that the loader came from. */
  host: string | null
}
