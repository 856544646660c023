import type { Translate } from '../../src/platform/lib/i18n.ts'

type Site = { id: string; name: string } | null
type Assets = { style: string; script: string; icon: string }

/** What can be said of a link from a mail; the script shows the one that holds. */
const states = ['opening', 'opened', 'link_used', 'link_expired', 'link_invalid', 'failed'] as const

/** A page of ours for whoever comes from a mail: the window of the site opens in it. */
export function ConversationPage({ t, assets, site }: { t: Translate; assets: Assets; site: Site }) {
  const title = site ? t('mail.link.title.of', { site: site.name }) : t('mail.link.title')
  const first = site ? 'opening' : 'link_invalid'
  return (
    <html lang={t.locale} dir={t.dir}>
      <head>
        <meta charset="utf-8" />
        <title>{title}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
        <meta name="color-scheme" content="light dark" />
        <link rel="icon" href={assets.icon} type="image/svg+xml" />
        <link rel="stylesheet" href={assets.style} />
        {site ? <script type="module" src={assets.script} /> : null}
      </head>
      <body>
        <main class="single" id="from-mail" data-site={site?.id}>
          <h1 dir="auto">{title}</h1>
          <div role="status">
            {states.map((state) => (
              <p key={state} data-state={state} hidden={state !== first}>
                {t(`mail.link.${state}`)}
              </p>
            ))}
          </div>
          <noscript>
            <p>{t('mail.link.script')}</p>
          </noscript>
        </main>
      </body>
    </html>
  )
}
