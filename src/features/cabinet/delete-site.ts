import { writeLocking } from '../../platform/db/write.ts'
import { hasConversations } from '../conversations/index.ts'
import { removeSite, type SiteRow } from '../sites/index.ts'

/** Deletes a site on which nobody has written. Refuses `forbidden`, `site_unknown` and `site_in_use`. */
export const deleteSite = (agent: { role: string; agentId: string }, siteId: string): Promise<SiteRow> =>
  writeLocking((tx) => removeSite(tx, agent, siteId, () => hasConversations(siteId, tx)))
