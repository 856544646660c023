import type { Locale } from '../../src/platform/lib/i18n.ts'

/** The document in which a page of the cabinet shows the widget as it is about to be. Its script draws everything. */
export function PreviewPage(props: {
  locale: Locale
  title: string
  assets: { styles: string[]; script: string; parts: Record<string, string> }
}) {
  const { locale, title, assets } = props
  return (
    <html lang={locale}>
      <head>
        <meta charset="utf-8" />
        <title>{title}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        {assets.styles.map((style) => (
          <link key={style} rel="stylesheet" href={style} />
        ))}
        <script type="module" src={assets.script} />
      </head>
      <body>
        <div id="window" inert>
          <div id="widget" data-parts={JSON.stringify(assets.parts)} />
        </div>
      </body>
    </html>
  )
}
