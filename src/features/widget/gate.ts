import type { Config } from '../../config.ts'
import { isOwnOrigin } from '../../platform/http/csrf.ts'
import { clientIp, createLimiter, type Limiter, noLimit } from '../../platform/http/limits.ts'
import type { Peer } from '../../platform/http/session.ts'
import { refuse } from '../../platform/lib/refuse.ts'
import { type Ack, findAck, type NewMessage, sendMessage } from '../messages/index.ts'
import type { SiteRow } from '../sites/index.ts'
import type { VisitorActor } from '../visitors/index.ts'

/** The page that a request comes from, without the request: a socket keeps it for as long as it lives. */
export type Source = {
  origin: string | null
  own: (publicUrl: string | null) => boolean
  userAgent: string | null
}

export function sourceOf(request: Request): Source {
  const origin = request.headers.get('origin')
  const host = request.headers.get('host')
  const userAgent = request.headers.get('user-agent')
  return { origin, own: (publicUrl) => isOwnOrigin(origin, host, publicUrl), userAgent }
}

/** How a message arrives: a page of a browser names its origin, a program names none. */
export const channelOf = ({ origin }: Source): 'widget' | 'api' => (origin === null ? 'api' : 'widget')

/** Everything but the message that decides whether a visitor's request is heard: where it comes from and how many there are. */
export type Gate = ReturnType<typeof createGate>

export function createGate({ limits, noLimits, trustedProxies, publicUrl }: Config) {
  const limiter = (perSecond: number, burst: number): Limiter =>
    noLimits ? noLimit : createLimiter({ perSecond, burst })
  const visitors = limiter(limits.visitorPerSecond, limits.visitorBurst)
  const addresses = limiter(limits.ipPerSecond, limits.ipBurst)
  const sites = limiter(limits.sitePerSecond, limits.siteBurst)
  const sessions = limiter(limits.sessionsPerMinute / 60, limits.sessionsPerMinute)
  const bytesOfVisitor = limiter(bytesPerSecond, bytesBurst)
  const bytesOfAddress = limiter(bytesPerSecondOfAddress, bytesBurstOfAddress)
  const asks = limiter(askPerSecond, askBurst)
  const moves = limiter(movesPerSecond, movesBurst)
  const frames = limiter(framesPerSecond, framesBurst)
  const framesOfAddress = limiter(framesPerSecond * crowd, framesBurst * crowd)
  const socketsOfAddress = new Map<string, number>()
  const socketsOfVisitor = new Map<string, number>()

  return {
    ipOf: (request: Request, server: Peer): string => clientIp(request, server, trustedProxies),

    /** Refuses `origin_refused` for a page that may not talk to this site; without an Origin it is no page. */
    checkOrigin({ origin, own }: Source, site: SiteRow): void {
      if (origin === null || own(publicUrl)) return
      if (!URL.canParse(origin) || !mayEmbed(site, new URL(origin).hostname)) throw refuse('origin_refused')
    },

    /** Refuses `rate_limited` when this address has begun too many sessions. */
    admitSession: (ip: string): void => check(sessions, ip),

    /** Refuses `rate_limited` when somebody asks for entries too often. */
    admitAsk: (visitorId: string): void => check(asks, visitorId),

    /** Refuses `rate_limited` when somebody goes from page to page faster than anybody can look. */
    admitMove: (visitorId: string): void => check(moves, visitorId),

    /** Counts a socket of this address in; false when it has too many. */
    enterSocket: (ip: string): boolean => enter(socketsOfAddress, ip, noLimits ? Infinity : limits.socketsPerIp),
    leaveSocket: (ip: string): void => leave(socketsOfAddress, ip),

    /** Counts a socket of this visitor in; false when they have too many: each is told all that is told to one. */
    enterVisitor: (visitorId: string): boolean =>
      enter(socketsOfVisitor, visitorId, noLimits ? Infinity : socketsPerVisitor),
    leaveVisitor: (visitorId: string): void => leave(socketsOfVisitor, visitorId),

    /** Whether this visitor (a socket that has not said hello counts for itself) and this address keep the pace of frames. */
    keepsPace(who: string, ip: string): boolean {
      const taken = [frames.take(who), framesOfAddress.take(ip)]
      return taken.every(({ ok }) => ok)
    },

    /**
     * `sendMessage` at a visitor's pace: refuses `rate_limited` too, but never to a repeat of what is kept already;
     * `late` says that it would have been.
     */
    async send(visitor: VisitorActor, ip: string, message: NewMessage): Promise<{ ack: Ack; late: boolean }> {
      const size = sizeOf(message)
      const taken = [
        visitors.take(visitor.visitorId),
        addresses.take(ip),
        sites.take(visitor.siteId),
        bytesOfVisitor.take(visitor.visitorId, size),
        bytesOfAddress.take(ip, size),
      ]
      const wait = Math.max(...taken.map(waitOf))
      if (wait === 0) return { ack: await sendMessage(visitor, message), late: false }
      const ack = await findAck(visitor, message)
      if (ack) return { ack, late: true }
      throw refuse('rate_limited', { retryAfterMs: wait })
    },
  }
}

// A disk has an end: nobody writes this much by hand, and no address fills a small server's within a day.
const bytesPerSecond = 8 * 1024
const bytesBurst = 1024 * 1024
const bytesPerSecondOfAddress = 64 * 1024
const bytesBurstOfAddress = 64 * 1024 * 1024
const askPerSecond = 10
const askBurst = 60
const movesPerSecond = 2
const movesBurst = 30
// What is not a message: typing, marks, pings, questions, and whatever is refused.
const framesPerSecond = 30
const framesBurst = 300
// As many people as may sit behind one address.
const crowd = 100
// A person's open tabs, and then some.
const socketsPerVisitor = 50

function enter(open: Map<string, number>, key: string, most: number): boolean {
  const count = open.get(key) ?? 0
  if (count >= most) return false
  open.set(key, count + 1)
  return true
}

function leave(open: Map<string, number>, key: string): void {
  const left = (open.get(key) ?? 1) - 1
  if (left > 0) open.set(key, left)
  else open.delete(key)
}

const sizeOf = ({ body, form, page }: NewMessage): number =>
  (typeof body === 'string' ? Buffer.byteLength(body) : 0) +
  (form === undefined ? 0 : Buffer.byteLength(JSON.stringify(form))) +
  (page ? Buffer.byteLength(page.url + (page.title ?? '')) : 0)

const waitOf = (taken: ReturnType<Limiter['take']>): number => (taken.ok ? 0 : taken.retryAfterMs)

function check(limiter: Limiter, key: string): void {
  const wait = waitOf(limiter.take(key))
  if (wait > 0) throw refuse('rate_limited', { retryAfterMs: wait })
}

/** Whether a host is among a site's domains: `*.shop.example` stands for its subdomains; an empty list means any. */
export function mayEmbed({ domains }: SiteRow, host: string): boolean {
  return (
    domains.length === 0 ||
    domains.some((domain) => (domain.startsWith('*.') ? host.endsWith(domain.slice(1)) : host === domain))
  )
}
