import { Elysia } from 'elysia'
import { ShopPage } from '../../../views/demo/shop.tsx'
import { ApiPage } from '../../../views/widget/api-page.tsx'
import { FramePage } from '../../../views/widget/frame.tsx'
import type { Config } from '../../config.ts'
import { asset, assetText, takesGzip } from '../../platform/http/assets.ts'
import { contentSecurityPolicy, page } from '../../platform/http/page.tsx'
import { problem } from '../../platform/http/problem.tsx'
import { ownOrigin } from '../../platform/http/session.ts'
import { now } from '../../platform/lib/clock.ts'
import { chooseLocale, type Locale, locales, translator } from '../../platform/lib/i18n.ts'
import { isId } from '../../platform/lib/id.ts'
import { refuse } from '../../platform/lib/refuse.ts'
import { demoSite, findSite, type SiteRow } from '../sites/index.ts'
import { availability, siteFrame } from './frames.ts'
import { type Loader, loaderOf } from './loader.ts'

// A new version of the loader reaches every shop within minutes, and costs one empty answer in between.
const loaderCache = 'public, max-age=300, stale-while-revalidate=86400'
const trustedTypes = "; require-trusted-types-for 'script'"

/** What a shop's page loads: the loader and the frame; what its developer reads; and the demo shop where it is wanted. */
export function widgetPages(config: Config) {
  const pages = new Elysia({ name: 'widget-pages' })
    .get('/widget.js', ({ request, query }) => loader(request, query.site))
    .get('/widget/frame', ({ request, query }) => framePage(request, query.site))
    .get('/widget/api', ({ request, server, query }) =>
      apiPage(request, query.site, ownOrigin(request, server, config)),
    )
    .get('/widget/kontuar.d.ts', async () => new Response(await assetText('kontuar.d.ts'), { headers: typesHeaders }))
  return config.demo ? pages.get('/demo', ({ request }) => shopPage(request)) : pages
}

async function loader(request: Request, siteId: string | undefined): Promise<Response> {
  const site = await known(siteId)
  const { etag, plain, zipped } = site?.deactivatedAt ? nothing : await loaderOf(site)
  const headers = {
    'cache-control': loaderCache,
    vary: 'accept-encoding',
    etag,
    'access-control-allow-origin': '*',
    'cross-origin-resource-policy': 'cross-origin',
    // A shop may see what we cost it.
    'timing-allow-origin': '*',
  }
  if (isFresh(request, etag)) return new Response(null, { status: 304, headers })
  const zip = takesGzip(request)
  return new Response(zip ? zipped : plain, {
    headers: {
      ...headers,
      'content-type': 'text/javascript; charset=utf-8',
      'x-content-type-options': 'nosniff',
      ...(zip ? { 'content-encoding': 'gzip' } : {}),
    },
  })
}

/** What a page gets whose site is out of use: no launcher, and no error in its console. */
const nothing: Loader = { etag: '"nothing"', plain: new Uint8Array(), zipped: Bun.gzipSync(new Uint8Array()) }

const known = async (siteId: string | undefined): Promise<SiteRow | null> => (isId(siteId) ? findSite(siteId) : null)

// A proxy that compresses again makes the tag weak; the file is the same.
const isFresh = (request: Request, etag: string): boolean =>
  (request.headers.get('if-none-match') ?? '').split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag)

async function framePage(request: Request, siteId: string | undefined): Promise<Response> {
  const found = await known(siteId)
  const site = found?.deactivatedAt === null ? found : null
  const shown = site && { site: siteFrame(site), availability: availability(site) }
  const wanted = shown?.site.widget.locale ?? 'auto'
  const locale = chooseLocale(request.headers.get('accept-language'), wanted === 'auto' ? null : wanted)
  const title = translator(locale)('widget.title')
  const assets = frameAssets(locale)
  const policy = contentSecurityPolicy({ 'frame-ancestors': embedders(site), 'form-action': "'none'" })
  return page(<FramePage locale={locale} title={title} known={shown} now={now()} assets={assets} />, {
    status: site ? 200 : 404,
    headers: {
      'Content-Security-Policy': policy + trustedTypes,
      'Cross-Origin-Opener-Policy': 'unsafe-none',
      'Cross-Origin-Resource-Policy': 'cross-origin',
      'Referrer-Policy': 'no-referrer',
    },
  })
}

const frameAssets = (locale: Locale) => ({
  style: asset('frame.css'),
  script: asset('frame.js'),
  words: asset(`words-${locale}.js`),
  parts: Object.fromEntries(
    ['forms', ...locales.flatMap((one) => [`words-${one}`, `emoji-${one}`])].map((name) => [name, asset(`${name}.js`)]),
  ),
})

const hostShape = /^(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*$/i

/** The site's domains and our own pages; no domains means any page. */
function embedders(site: SiteRow | null): string {
  if (!site || site.domains.length === 0) return '*'
  const hosts = site.domains.filter((domain) => hostShape.test(domain))
  return ["'self'", ...hosts.flatMap((host) => [`https://${host}:*`, `http://${host}:*`])].join(' ')
}

// Shown by a browser, and of use to a tool that fetches it.
const typesHeaders = { 'content-type': 'text/plain; charset=utf-8', 'access-control-allow-origin': '*' }

const framingItself = { 'Content-Security-Policy': `${contentSecurityPolicy()}; frame-src 'self'${trustedTypes}` }

async function apiPage(request: Request, wanted: string | undefined, origin: string): Promise<Response> {
  const site = (await known(wanted)) ?? (await demoSite())
  const t = translator(chooseLocale(request.headers.get('accept-language')))
  const assets = { style: asset('api.css'), script: asset('api.js'), icon: asset('icon.svg') }
  return page(<ApiPage t={t} origin={origin} siteId={site?.id ?? null} assets={assets} />, { headers: framingItself })
}

async function shopPage(request: Request): Promise<Response> {
  const site = await demoSite()
  if (!site) return problem(refuse('not_found'), request)
  const t = translator(chooseLocale(request.headers.get('accept-language')))
  const picture = (name: string) => asset(`demo/${name}.svg`)
  return page(<ShopPage t={t} siteId={site.id} shop={site.name} style={asset('demo.css')} picture={picture} />, {
    headers: framingItself,
  })
}
