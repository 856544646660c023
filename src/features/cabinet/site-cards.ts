import type { SiteCard } from '../../../views/settings/sites.tsx'
import { hasConversations } from '../conversations/index.ts'
import { listSites, snippetFor } from '../sites/index.ts'

/** Every site as the list of the cabinet shows it. */
export async function siteCards(origin: string): Promise<SiteCard[]> {
  const cards = (await listSites()).map(async (site) => ({
    site,
    snippet: snippetFor(origin, site.id),
    hasConversations: await hasConversations(site.id),
  }))
  return Promise.all(cards)
}
