import { Elysia } from 'elysia'
import { ChatSwitch, SitesPage } from '../../../views/settings/sites.tsx'
import { documentAssets } from '../../platform/http/document-assets.ts'
import { fragment, json, page, wantsJson } from '../../platform/http/page.tsx'
import { problem } from '../../platform/http/problem.tsx'
import { type Asked, type Inside, raw, viewerOf } from '../agents/index.ts'
import { listSites, snippetFor, switchChat } from '../sites/index.ts'

/** Where the chat is embedded, and how. */
export const sitesRoutes = (inside: Inside) =>
  new Elysia({ name: 'cabinet-sites' })
    .onError(({ error, request }) => problem(error, request))
    .get('/settings/sites', inside(showSites))
    .put('/settings/sites/:id/chat', inside(chat(true)), raw)
    .delete('/settings/sites/:id/chat', inside(chat(false)), raw)

async function showSites({ agent, t, origin }: Asked): Promise<Response> {
  const sites = (await listSites()).map((site) => ({ site, snippet: snippetFor(origin, site.id) }))
  return page(<SitesPage t={t} assets={documentAssets('settings')} viewer={viewerOf(agent)} sites={sites} />)
}

/** Switches a site's chat and answers with its new state. */
const chat =
  (on: boolean) =>
  async ({ agent, t, request, params }: Asked): Promise<Response> => {
    const site = await switchChat(agent, params.id ?? '', on)
    if (wantsJson(request)) return json({ siteId: site.id, chatEnabled: site.chatEnabled })
    return fragment(<ChatSwitch t={t} site={site} />)
  }
