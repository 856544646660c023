import { Elysia } from 'elysia'
import { ConversationPage } from '../../../views/widget/conversation-page.tsx'
import type { Config } from '../../config.ts'
import { asset } from '../../platform/http/assets.ts'
import { refuseCrossSite } from '../../platform/http/csrf.ts'
import { readFields } from '../../platform/http/form.ts'
import { contentSecurityPolicy, json, page } from '../../platform/http/page.tsx'
import { asRefusal, problem, problemJson } from '../../platform/http/problem.tsx'
import type { Peer } from '../../platform/http/session.ts'
import { chooseLocale, translator } from '../../platform/lib/i18n.ts'
import { isId } from '../../platform/lib/id.ts'
import { openLink } from '../mail/index.ts'
import { findSite } from '../sites/index.ts'
import type { Gate } from './gate.ts'

/**
 * Where the link of a mail leads: a page with the window of that site. The link's secret stands after its `#`, which stays
 * in the browser; the page's script sends it, once. To look at the page changes nothing, whoever does.
 */
export const linkRoutes = (config: Config, gate: Gate) =>
  new Elysia({ name: 'widget-link' })
    .onError(({ error, request }) => problem(error, request))
    .get('/conversation', ({ request, query }) => show(request, query.site))
    .post('/conversation', ({ request, server }) => open(request, server, config, gate), { parse: 'none' })

const headers = {
  'Content-Security-Policy': `${contentSecurityPolicy()}; frame-src 'self'`,
  'Referrer-Policy': 'no-referrer',
  'X-Robots-Tag': 'noindex',
}

async function show(request: Request, siteId: string | undefined): Promise<Response> {
  const site = isId(siteId) ? await findSite(siteId) : null
  const t = translator(chooseLocale(request.headers.get('accept-language')))
  const assets = { style: asset('console.css'), script: asset('conversation.js'), icon: asset('icon.svg') }
  const shown = site && site.deactivatedAt === null ? { id: site.id, name: site.name } : null
  return page(<ConversationPage t={t} assets={assets} site={shown} />, { headers, status: shown ? 200 : 404 })
}

async function open(request: Request, peer: Peer, config: Config, gate: Gate): Promise<Response> {
  try {
    refuseCrossSite(request, config.publicUrl)
    gate.admitSession(gate.ipOf(request, peer))
    return json(await openLink((await readFields(request)).link))
  } catch (error) {
    const refusal = asRefusal(error)
    if (refusal.code === 'internal_error') return problem(error, request)
    const t = translator(chooseLocale(request.headers.get('accept-language')))
    return json(problemJson(refusal, t), { status: refusal.status })
  }
}
