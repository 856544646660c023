import type { Config } from '../../config.ts'
import { refuseCrossSite } from '../../platform/http/csrf.ts'
import { problem } from '../../platform/http/problem.tsx'
import { cookieLine, type Peer, readCookie, transportOf } from '../../platform/http/session.ts'
import { urlOf } from '../../platform/http/url.ts'
import { chooseLocale, fromRightToLeft, type Translate, translator } from '../../platform/lib/i18n.ts'
import { refuse } from '../../platform/lib/refuse.ts'
import { mayManage } from './rules.ts'
import { findSession, type SignedIn } from './sessions.ts'

export const sessionCookie = 'kontuar'
export const deviceCookie = 'kontuar-device'

/** A request at the console's door: who asks, in which language, and the cookie to send back when it was renewed. */
export type Visit = { agent: SignedIn; t: Translate; cookie: string | null }

/** Lets a signed-in agent in. Refuses `cross_site` for what another site's page sent, and `sign_in_needed`. */
async function enter(request: Request, peer: Peer, config: Config): Promise<Visit> {
  refuseCrossSite(request, config.publicUrl)
  const transport = transportOf(request, peer, config)
  const session = await findSession(readCookie(request, sessionCookie, transport))
  if (!session) throw refuse('sign_in_needed')
  const t = spoken(request, config, session.who.locale)
  return {
    agent: session.who,
    t,
    cookie: session.renewed === null ? null : cookieLine(sessionCookie, session.renewed, transport),
  }
}

function spoken(request: Request, config: Config, locale: string | null): Translate {
  const t = translator(chooseLocale(request.headers.get('accept-language'), locale))
  return config.demo && urlOf(request).searchParams.get('dir') === 'rtl' ? fromRightToLeft(t) : t
}

/** The window's owner, as views need to know them. */
export const viewerOf = ({ agentId, name, role, awaySince, locale, theme }: SignedIn) => ({
  agentId,
  name,
  mayManage: mayManage(role),
  away: awaySince !== null,
  locale,
  theme,
})

/** Answers a signed-in agent's request, in the agent's language also when it is refused, and renews the cookie in passing. */
export async function signedIn(
  request: Request,
  peer: Peer,
  config: Config,
  work: (visit: Visit) => Promise<Response>,
): Promise<Response> {
  let visit: Visit | null = null
  try {
    visit = await enter(request, peer, config)
    const response = await work(visit)
    if (visit.cookie !== null) response.headers.append('Set-Cookie', visit.cookie)
    return response
  } catch (error) {
    return problem(error, request, visit?.t)
  }
}
