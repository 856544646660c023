import type { Config } from '../../config.ts'
import { ownOrigin, type Peer } from '../../platform/http/session.ts'
import { urlOf } from '../../platform/http/url.ts'
import { refuse } from '../../platform/lib/refuse.ts'
import { signedIn, type Visit } from './enter.ts'
import { mayManage } from './rules.ts'

/** A request of somebody signed in, with what its address says. */
export type Asked = Visit & {
  request: Request
  server: Peer
  params: Record<string, string>
  query: Record<string, string | undefined>
  /** Where visitors and agents reach this server. */
  origin: string
}
type Context = Pick<Asked, 'request' | 'server'> & Partial<Pick<Asked, 'params'>>
export type Inside = (work: (asked: Asked) => Promise<Response>) => (context: unknown) => Promise<Response>

/** Lets those who are signed in reach a route; the others are sent to sign in. */
export const insideOf =
  (config: Config): Inside =>
  (work) =>
  (context) => {
    const { request, server, params = {} } = context as Context
    // Not the framework's: it gives a query only to handlers in whose text it finds the word, and minified it does not.
    const query = Object.fromEntries(urlOf(request).searchParams)
    const origin = ownOrigin(request, server, config)
    return signedIn(request, server, config, (visit) => work({ ...visit, request, server, params, query, origin }))
  }

/** Lets only those through who may run the shop. Refuses `forbidden` to the others. */
export const managed =
  (inside: Inside): Inside =>
  (work) =>
    inside((asked) => {
      if (!mayManage(asked.agent.role)) throw refuse('forbidden')
      return work(asked)
    })

/** The framework's own parsing has no bound; `readFields` has. */
export const raw = { parse: 'none' } as const
