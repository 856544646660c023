/** Who may write to a site: anybody who opens it, or only people whom the shop has identified. */
export type Audience = 'anyone' | 'registered'

export type Device = 'phone' | 'tablet' | 'desktop'

/**
 * How a site's chat looks and when it shows itself. Every field has a value: what the shop has not set is the default.
 * Seen by everybody who opens the shop's page: nothing secret belongs here.
 */
export type WidgetSettings = {
  /** The shop's colour, `#rrggbb`. Text on it, and its text on light and dark, are corrected to AA contrast. */
  colour: string
  /** Where the launcher stands: the end of the line (right in English), or its start. */
  side: 'end' | 'start'
  /** Distance from the edges in CSS pixels, 0 to 200. */
  offset: { inline: number; block: number }
  icon: 'speech' | 'question' | 'phone' | 'drop'
  /** Words beside the icon, '' for none; at most 30 characters. */
  label: string
  /** A picture of ours (its hash), shown in the window's head; null for the mark. */
  logo: string | null
  theme: 'auto' | 'light' | 'dark'
  /** A locale, or `auto`: the visitor's. */
  locale: 'auto' | 'en' | 'ru' | 'pl' | 'fr'
  hiddenOn: Device[]
  /** Paths as `/cart*`, `*` standing for anything; `only`: shown on these, `except`: hidden on them. No path means everywhere. */
  pages: { show: 'only' | 'except'; paths: string[] }
  /** Opens by itself once per visit after so many seconds, 1 to 3600; null never. */
  openAfterSeconds: number | null
  /** A picture of ours (its hash) beside the first-contact message. */
  greetingPicture: string | null
  /** Whether "Powered by Kontuar" stands in the window. */
  poweredBy: boolean
  /** Opening hours: when agents are back if nobody is there. Minutes since midnight in `zone` (IANA), by day, Monday first. */
  hours: { zone: string; week: { from: number; to: number }[][] } | null
}

export const defaultSettings: WidgetSettings = {
  colour: '#0b6a70',
  side: 'end',
  offset: { inline: 20, block: 20 },
  icon: 'speech',
  label: '',
  logo: null,
  theme: 'auto',
  locale: 'auto',
  hiddenOn: [],
  pages: { show: 'except', paths: [] },
  openAfterSeconds: null,
  greetingPicture: null,
  poweredBy: true,
  hours: null,
}
