import { Elysia } from 'elysia'
import { OfflinePage, offlineScript, offlineStyle } from '../../../views/console/offline.tsx'
import { asset, assetText } from '../../platform/http/assets.ts'
import { contentSecurityPolicy, page, render } from '../../platform/http/page.tsx'
import { problem } from '../../platform/http/problem.tsx'
import { chooseLocale, type Translate, translator } from '../../platform/lib/i18n.ts'
import { type Inside } from '../agents/index.ts'

/** What a browser needs to keep the console as an application: nothing of the shop is in it, and anybody may have it. */
export const pwaRoutes = (_inside: Inside) =>
  new Elysia({ name: 'inbox-pwa' })
    .onError(({ error, request }) => problem(error, request))
    .get('/manifest.webmanifest', ({ query }) => showManifest(spoken(query.lang)))
    .get('/sw.js', ({ query }) => showWorker(spoken(query.lang)))
    .get('/offline', ({ query }) => showOffline(spoken(query.lang)))

const spoken = (language: string | undefined): Translate => translator(chooseLocale(language))

const anewEachTime = { 'Cache-Control': 'no-cache', 'X-Content-Type-Options': 'nosniff' }

function showManifest(t: Translate): Response {
  const folder = (name: 'waiting' | 'active') => ({ name: t(`console.folder.${name}`), url: `/inbox?folder=${name}` })
  const icon = (name: string, size: number, purpose = 'any') => ({
    src: asset(`icons/${name}.png`),
    sizes: `${size}x${size}`,
    type: 'image/png',
    purpose,
  })
  const manifest = {
    id: '/inbox',
    name: t('console.nav.home'),
    short_name: t('console.nav.home'),
    description: t('console.app.description'),
    lang: t.locale,
    dir: t.dir,
    start_url: '/inbox',
    scope: '/',
    display: 'standalone',
    background_color: '#f2f1ee',
    theme_color: '#f2f1ee',
    icons: [icon('app-192', 192), icon('app-512', 512), icon('app-maskable-512', 512, 'maskable')],
    shortcuts: [folder('waiting'), folder('active')],
  }
  return Response.json(manifest, { headers: { ...anewEachTime, 'Content-Type': 'application/manifest+json' } })
}

/** The worker says which page it keeps: when that changes, browsers fetch both anew. */
async function showWorker(t: Translate): Promise<Response> {
  const kept = new Bun.CryptoHasher('sha256').update(render(<OfflinePage t={t} />)).digest('hex')
  return new Response(`${await assetText('sw.js')}\n// ${kept.slice(0, 12)}\n`, {
    headers: { ...anewEachTime, 'Content-Type': 'text/javascript; charset=utf-8' },
  })
}

const hashOf = (text: string) => `'sha256-${new Bun.CryptoHasher('sha256').update(text).digest('base64')}'`

const showOffline = (t: Translate): Response =>
  page(<OfflinePage t={t} />, {
    headers: {
      'Content-Security-Policy': contentSecurityPolicy({
        'style-src': hashOf(offlineStyle),
        'script-src': hashOf(offlineScript),
      }),
    },
  })
