import type { Config } from '../../config.ts'
import { isOwnOrigin } from '../../platform/http/csrf.ts'
import { clientIp, createLimiter, type Limiter, noLimit } from '../../platform/http/limits.ts'
import type { Peer } from '../../platform/http/session.ts'
import { refuse } from '../../platform/lib/refuse.ts'
import { type Ack, findAck, type NewMessage, sendMessage } from '../messages/index.ts'
import type { SiteRow } from '../sites/index.ts'
import type { VisitorActor } from '../visitors/index.ts'

/** The page that a request comes from, without the request: a socket keeps it for as long as it lives. */
export type Source = { origin: string | null; own: (publicUrl: string | null) => boolean }

export function sourceOf(request: Request): Source {
  const origin = request.headers.get('origin')
  const host = request.headers.get('host')
  return { origin, own: (publicUrl) => isOwnOrigin(origin, host, publicUrl) }
}

/** Everything but the message that decides whether a visitor's request is heard: where it comes from and how many there are. */
export type Gate = ReturnType<typeof createGate>

export function createGate({ limits, noLimits, trustedProxies, publicUrl }: Config) {
  const limiter = (perSecond: number, burst: number): Limiter =>
    noLimits ? noLimit : createLimiter({ perSecond, burst })
  const visitors = limiter(limits.visitorPerSecond, limits.visitorBurst)
  const addresses = limiter(limits.ipPerSecond, limits.ipBurst)
  const sites = limiter(limits.sitePerSecond, limits.siteBurst)
  const sessions = limiter(limits.sessionsPerMinute / 60, limits.sessionsPerMinute)
  const asks = limiter(askPerSecond, askBurst)
  const sockets = new Map<string, number>()

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

    /** Counts a socket of this address in; false when it has too many. */
    enterSocket(ip: string): boolean {
      const open = sockets.get(ip) ?? 0
      if (!noLimits && open >= limits.socketsPerIp) return false
      sockets.set(ip, open + 1)
      return true
    },

    leaveSocket(ip: string): void {
      const open = (sockets.get(ip) ?? 1) - 1
      if (open > 0) sockets.set(ip, open)
      else sockets.delete(ip)
    },

    /** `sendMessage` at a visitor's pace: refuses `rate_limited` too, but never to a repeat of what is kept already. */
    async send(visitor: VisitorActor, ip: string, message: NewMessage): Promise<Ack> {
      const wait = Math.max(
        ...[visitors.take(visitor.visitorId), addresses.take(ip), sites.take(visitor.siteId)].map(waitOf),
      )
      if (wait === 0) return sendMessage(visitor, message)
      const ack = await findAck(visitor, message)
      if (ack) return ack
      throw refuse('rate_limited', { retryAfterMs: wait })
    },
  }
}

const askPerSecond = 10
const askBurst = 60

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
