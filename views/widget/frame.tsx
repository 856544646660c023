import type { Locale } from '../../src/platform/lib/i18n.ts'

export type FrameSite = { id: string; name: string; greeting: string | null; chat: 'on' | 'off' | 'unknown' }

/** The document inside the widget's iframe. The script draws everything; what is known of the site stands here already. */
export function FramePage(props: {
  locale: Locale
  title: string
  site: FrameSite
  assets: { style: string; script: string }
}) {
  const { locale, title, site, assets } = props
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
          data-site={site.id}
          data-name={site.name}
          data-greeting={site.greeting ?? undefined}
          data-chat={site.chat}
        />
      </body>
    </html>
  )
}
