import { clientIp, fromTrustedProxy } from './limits.ts'
import { urlOf } from './url.ts'

/** What of the configuration decides how a request reached us. */
export type Reach = Readonly<{
  publicUrl: string | null
  trustedProxies: readonly string[]
  insecureHttp: boolean
}>
export type Peer = { requestIP(request: Request): { address: string } | null } | null

/** How the browser's end of the connection is protected: by TLS, by never leaving the machine, or not at all. */
export type Transport = 'https' | 'loopback' | 'open'

/** Https is TLS here, `X-Forwarded-Proto: https` from a trusted proxy, or a public URL that says so. */
export function transportOf(request: Request, peer: Peer, reach: Reach): Transport {
  const url = urlOf(request)
  if (url.protocol === 'https:' || reach.publicUrl?.startsWith('https:')) return 'https'
  const proto = request.headers.get('x-forwarded-proto')?.split(',').at(-1)?.trim().toLowerCase()
  if (proto === 'https' && fromTrustedProxy(request, peer, reach.trustedProxies)) return 'https'
  const near = isLoopback(url.hostname) && isLoopback(clientIp(request, peer, reach.trustedProxies))
  return near ? 'loopback' : 'open'
}

const isLoopback = (host: string): boolean =>
  /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[::1\]|0:0:0:0::\/64)$/.test(host.toLowerCase())

/** Where this house is for the one who asks: the public URL, or what the request itself says. */
export function ownOrigin(request: Request, peer: Peer, reach: Reach): string {
  if (reach.publicUrl !== null) return reach.publicUrl
  const scheme = transportOf(request, peer, reach) === 'https' ? 'https' : 'http'
  return `${scheme}://${request.headers.get('host') ?? urlOf(request).host}`
}

/** Whether a password may be asked for: not in the open, unless the operator said that he accepts it. */
export const mayCarrySecrets = (transport: Transport, reach: Reach): boolean =>
  transport !== 'open' || reach.insecureHttp

const secondsIn400Days = 400 * 24 * 3600

/** Over https the name begins with `__Host-`: no neighbouring subdomain and no http page can plant such a cookie. */
const cookieName = (name: string, transport: Transport): string => (transport === 'https' ? `__Host-${name}` : name)

/** The value of one of our cookies. Under https the plain name is not read at all. */
export function readCookie(request: Request, name: string, transport: Transport): string | null {
  const wanted = cookieName(name, transport)
  for (const pair of (request.headers.get('cookie') ?? '').split(';')) {
    const cut = pair.indexOf('=')
    if (pair.slice(0, cut).trim() === wanted) return pair.slice(cut + 1).trim()
  }
  return null
}

/** A `Set-Cookie` line; an empty value removes the cookie. */
export function cookieLine(name: string, value: string, transport: Transport): string {
  const age = value === '' ? 0 : secondsIn400Days
  const secure = transport === 'https' ? '; Secure' : ''
  return `${cookieName(name, transport)}=${value}; Path=/; Max-Age=${age}; HttpOnly; SameSite=Lax${secure}`
}
