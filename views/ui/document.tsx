import type { ComponentChildren } from 'preact'
import type { Translate } from '../../src/platform/lib/i18n.ts'

/** The built files a document loads, by their hashed addresses. */
export type DocumentAssets = {
  style: string
  script: string | null
  icon: string
  touchIcon: string
  /** What some pages have beside that. */
  more: { style: string; script: string } | null
}

// htmx would add a style element of its own, which the policy forbids; hx-ws would close the socket of a hidden tab.
const htmxConfig = JSON.stringify({
  includeIndicatorCSS: false,
  history: false,
  ws: { pauseOnBackground: false, reconnectMaxDelay: 8000 },
})

/** A whole page: head, language and direction, styles and script; the body is the caller's. */
export function Document(props: {
  t: Translate
  title: string
  assets: DocumentAssets
  /** Null: as the reader's system has it. */
  theme?: 'light' | 'dark' | null
  children: ComponentChildren
}) {
  const { t, title, assets, theme, children } = props
  return (
    <html lang={t.locale} dir={t.dir} data-theme={theme ?? undefined}>
      <head>
        <meta charset="utf-8" />
        <title>{title}</title>
        <meta
          name="viewport"
          content="width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content"
        />
        <meta name="color-scheme" content="light dark" />
        <meta name="htmx-config" content={htmxConfig} />
        <link rel="icon" href={assets.icon} type="image/svg+xml" />
        <link rel="stylesheet" href={assets.style} />
        {assets.more === null ? null : <link rel="stylesheet" href={assets.more.style} />}
        <link rel="apple-touch-icon" href={assets.touchIcon} />
        {assets.script === null ? null : <link rel="manifest" href={`/manifest.webmanifest?lang=${t.locale}`} />}
        {assets.script === null ? null : <script type="module" src={assets.script} />}
        {assets.more === null ? null : <script type="module" src={assets.more.script} />}
      </head>
      <body>{children}</body>
    </html>
  )
}
