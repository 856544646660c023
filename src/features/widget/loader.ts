import { lookOf } from '../../../views/widget/look.ts'
import { asset, assetText } from '../../platform/http/assets.ts'
import { defaultSettings } from '../../../views/widget/settings.ts'
import { type SiteRow, widgetOf } from '../sites/index.ts'

/** The loader as it is served, with the look of one site (or of none) in it. */
export type Loader = { etag: string; plain: Uint8Array<ArrayBuffer>; zipped: Uint8Array<ArrayBuffer> }

// Names of shops and what they wrote on the launcher, as a literal of JavaScript: JSON is one. Without `<` it may even be copied into a page.
const literal = (value: unknown): string => JSON.stringify(value).replaceAll('<', '\\u003c')

const mostLoaders = 200
const made = new Map<string, { look: string; from: string; loader: Loader }>()

/**
 * The loader with the look of a site. Made once and kept while the look is the same: it is compared each time, not
 * dropped when the site changes, since the change may have been made by another process.
 */
export async function loaderOf(site: SiteRow | null): Promise<Loader> {
  const key = site?.id ?? ''
  const look = literal(lookOf(site?.id ?? null, site ? widgetOf(site) : defaultSettings, asset('host.js')))
  const from = asset('widget.js')
  const known = made.get(key)
  made.delete(key)
  const loader = known?.look === look && known.from === from ? known.loader : pack(await assetText('widget.js'), look)
  made.set(key, { look, from, loader })
  const [oldest] = made.keys()
  if (made.size > mostLoaders && oldest !== undefined) made.delete(oldest)
  return loader
}

/** The built loader reads `look`, which is no variable of the page's: it is the argument of the function around it. */
function pack(script: string, look: string): Loader {
  const plain = new TextEncoder().encode(`((look)=>{${script}\n})(${look});\n`)
  const etag = `"${new Bun.CryptoHasher('sha256').update(plain).digest('hex').slice(0, 12)}"`
  return { etag, plain, zipped: Bun.gzipSync(plain, { level: 9 }) }
}
