import { eq } from 'drizzle-orm'
import type { Tx } from '../../platform/db/executor.ts'
import { record } from '../../platform/live/bus.ts'
import { refuse } from '../../platform/lib/refuse.ts'
import { logChange } from '../settings/index.ts'
import './events.ts'
import { type Manager, mustManage } from './manager.ts'
import { type SiteRow, sites } from './schema.ts'
import { siteToChange } from './site-to-change.ts'

/**
 * Removes a site as part of another change, unless it is in use, which is asked while its row is ours alone. What it was
 * is kept with the change, so that it can be undone. Refuses `forbidden`, `site_unknown` and `site_in_use`.
 */
export async function removeSite(
  tx: Tx,
  agent: Manager,
  siteId: string,
  isInUse: () => Promise<boolean>,
): Promise<SiteRow> {
  mustManage(agent)
  const site = await siteToChange(tx, siteId)
  if (await isInUse()) throw refuse('site_in_use')
  await tx.delete(sites).where(eq(sites.id, siteId))
  const { id: _, ...row } = site
  const fields = Object.fromEntries(Object.entries(row).map(([field, before]) => [field, { before, after: null }]))
  const by = { agentId: agent.agentId ?? null, subjectId: siteId, subject: site.name }
  await logChange(tx, { page: 'sites', kind: 'removed', ...by, fields })
  await record(tx, 'sites.counted', { siteId })
  return site
}
