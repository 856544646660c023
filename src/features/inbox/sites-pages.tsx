import { ChatSwitch, SitesPage } from '../../../views/settings/sites.tsx'
import { documentAssets } from '../../platform/http/document-assets.ts'
import { fragment, json, page, wantsJson } from '../../platform/http/page.tsx'
import { refuse } from '../../platform/lib/refuse.ts'
import { mayManage, type Visit, viewerOf } from '../agents/index.ts'
import { listSites, switchChat } from '../sites/index.ts'
import { snippetFor } from './queries.ts'

/** The cabinet's page of sites. Refuses `forbidden` to whoever may not run the shop. */
export async function showSites({ agent, t }: Visit, origin: string): Promise<Response> {
  if (!mayManage(agent.role)) throw refuse('forbidden')
  const sites = (await listSites()).map((site) => ({ site, snippet: snippetFor(origin, site.id) }))
  return page(<SitesPage t={t} assets={documentAssets('console')} viewer={viewerOf(agent)} sites={sites} />)
}

/** Switches a site's chat and answers with its new state. */
export async function changeChat(
  { agent, t }: Visit,
  request: Request,
  siteId: string,
  on: boolean,
): Promise<Response> {
  const site = await switchChat(agent, siteId, on)
  if (wantsJson(request)) return json({ siteId: site.id, chatEnabled: site.chatEnabled })
  return fragment(<ChatSwitch t={t} site={site} />)
}
