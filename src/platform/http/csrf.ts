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
export function fromOwnOrigin(request: Request, publicUrl: string | null): boolean {
  const origin = request.headers.get('origin')
  if (origin === null || !URL.canParse(origin)) return false
  return origin === publicUrl || new URL(origin).host === request.headers.get('host')
}
