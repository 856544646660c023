import { direction, type Locale } from '../../src/platform/lib/i18n.ts'
import type { Audience, WidgetSettings } from './settings.ts'

/** The site and who is there, as the protocol's frames give them; null for a site that is not known here. */
export type FrameKnown = {
  site: {
    id: string
    name: string
    chatEnabled: boolean
    audience: Audience
    greeting: string | null
    widget: WidgetSettings
  }
  availability: { agents: number; status: 'online' | 'away'; backAt: number | null }
} | null

/** The document inside the widget's iframe. The script draws everything; what is known of the site stands here already. */
export function FramePage(props: {
  locale: Locale
  title: string
  known: FrameKnown
  /** The server's time, UTC milliseconds: the visitor's clock may be wrong. */
  now: number
  /** `parts` are what the script gets by itself, by name; `words` is the one that it begins with. */
  assets: { style: string; script: string; words: string; parts: Record<string, string> }
}) {
  const { locale, title, known, now, assets } = props
  const theme = known?.site.widget.theme ?? 'auto'
  return (
    <html lang={locale} dir={direction(locale)} data-theme={theme === 'auto' ? undefined : theme}>
      <head>
        <meta charset="utf-8" />
        <title>{title}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
        <meta name="color-scheme" content="light dark" />
        <link rel="stylesheet" href={assets.style} />
        <link rel="modulepreload" href={assets.words} />
        <script type="module" src={assets.script} />
      </head>
      <body>
        <div id="widget" data-known={JSON.stringify(known)} data-now={now} data-parts={JSON.stringify(assets.parts)} />
      </body>
    </html>
  )
}
