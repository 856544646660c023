import { writeLocking } from '../../platform/db/write.ts'
import { refuse } from '../../platform/lib/refuse.ts'
import { hasConversations } from '../conversations/index.ts'
import { removeSite, type SiteRow } from '../sites/index.ts'

/** Deletes a site on which nobody has written. Refuses `forbidden`, `site_unknown` and `site_in_use`. */
export async function deleteSite(agent: { role: string; agentId: string }, siteId: string): Promise<SiteRow> {
  return writeLocking(async (tx) => {
    const site = await removeSite(tx, agent, siteId)
    // Asked while the row is ours alone: whoever begins a conversation waits for it.
    if (await hasConversations(siteId, tx)) throw refuse('site_in_use')
    return site
  })
}
