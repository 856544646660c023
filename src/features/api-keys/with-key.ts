import type { Config } from '../../config.ts'
import { apiProblem } from '../../platform/http/api-problem.ts'
import { clientIp, createLimiter, type Limiter, noLimit } from '../../platform/http/limits.ts'
import type { Peer } from '../../platform/http/session.ts'
import { refuse } from '../../platform/lib/refuse.ts'
import { keyOf } from './find-key.ts'
import { noteUse } from './note-use.ts'
import type { ApiKey } from './schema.ts'

/** A request of a program of the shop, let in by its key. */
export type KeyAsked = { key: Pick<ApiKey, 'id' | 'name'>; request: Request; params: Record<string, string> }
export type WithKey = (work: (asked: KeyAsked) => Promise<Response>) => (context: unknown) => Promise<Response>
type Context = { request: Request; server: Peer; params?: Record<string, string> }

/** How many requests a key may send: so many a second, so many at once. */
export const keyRate = { perSecond: 200, burst: 2000 }
// Whoever tries keys out is slowed down, whoever has one is not held up by them.
const wrongKeys = { perSecond: 1, burst: 30 }

type Limits = { ofKey: Limiter; ofStranger: Limiter }
const limits: Limits = { ofKey: createLimiter(keyRate), ofStranger: createLimiter(wrongKeys) }
const none: Limits = { ofKey: noLimit, ofStranger: noLimit }

/**
 * Lets programs reach a route with a key that was made in the cabinet. What is refused is answered as problem+json:
 * `key_invalid`, `rate_limited`, and what the work refuses.
 */
export function withKeyOf(config: Config): WithKey {
  const { ofKey, ofStranger } = config.noLimits ? none : limits
  return (work) => async (context) => {
    const { request, server, params = {} } = context as Context
    try {
      const key = await keyOf(request.headers.get('authorization'))
      if (!key) {
        mustHave(ofStranger, clientIp(request, server, config.trustedProxies))
        throw refuse('key_invalid')
      }
      mustHave(ofKey, key.id)
      await noteUse(key)
      return await work({ key: { id: key.id, name: key.name }, request, params })
    } catch (error) {
      return apiProblem(error, request)
    }
  }
}

function mustHave(limiter: Limiter, whose: string): void {
  const taken = limiter.take(whose)
  if (!taken.ok) throw refuse('rate_limited', { retryAfterMs: taken.retryAfterMs })
}
