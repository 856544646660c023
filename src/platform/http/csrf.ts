import { refuse } from '../lib/refuse.ts'

const safe = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Refuses `cross_site` for anything that changes something and was sent by a page that is not ours, by the rules of
 * Go's net/http CrossOriginProtection: Sec-Fetch-Site decides where the browser sends it, the Origin's host where not;
 * a request with neither comes from no browser, so nobody's cookies were lent to it.
 */
export function refuseCrossSite(request: Request, publicUrl: string | null): void {
  if (safe.has(request.method)) return
  const site = request.headers.get('sec-fetch-site')
  if (site !== null) {
    if (site === 'same-origin' || site === 'none') return
    throw refuse('cross_site')
  }
  if (request.headers.get('origin') !== null && !fromOwnOrigin(request, publicUrl)) throw refuse('cross_site')
}

/** Whether the Origin is ours: the public URL, or the host that the request itself names. Absent and `null` are not. */
export const fromOwnOrigin = (request: Request, publicUrl: string | null): boolean =>
  isOwnOrigin(request.headers.get('origin'), request.headers.get('host'), publicUrl)

/** The same of the two headers alone. */
export function isOwnOrigin(origin: string | null, host: string | null, publicUrl: string | null): boolean {
  const url = URL.parse(origin ?? '')
  if (url === null || url.origin !== origin) return false
  return origin === publicUrl || url.host === host
}
