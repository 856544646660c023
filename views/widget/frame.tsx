import type { Locale } from '../../src/platform/lib/i18n.ts'
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
  assets: { style: string; script: string }
}) {
  const { locale, title, known, assets } = props
  const site = known?.site
  return (
    <html lang={locale}>
      <head>
        <meta charset="utf-8" />
        <title>{title}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
        <meta name="color-scheme" content="light dark" />
        <link rel="stylesheet" href={assets.style} />
        <script type="module" src={assets.script} />
      </head>
      <body>
        <div
          id="widget"
          data-known={JSON.stringify(known)}
          data-site={site?.id ?? ''}
          data-name={site?.name ?? ''}
          data-greeting={site?.greeting ?? undefined}
          data-chat={site ? (site.chatEnabled ? 'on' : 'off') : 'unknown'}
        />
      </body>
    </html>
  )
}
