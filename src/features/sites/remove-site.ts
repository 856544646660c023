import { eq } from 'drizzle-orm'
import type { Tx } from '../../platform/db/executor.ts'
import { logChange } from '../settings/index.ts'
import { type Manager, mustManage } from './manager.ts'
import { type SiteRow, sites } from './schema.ts'
import { siteToChange } from './site-to-change.ts'

/**
 * Removes a site, as part of a change that has seen that nobody has written on it. What it was is kept with the change,
 * so that it can be undone. Refuses `forbidden` and `site_unknown`.
 */
export async function removeSite(tx: Tx, agent: Manager, siteId: string): Promise<SiteRow> {
  mustManage(agent)
  const site = await siteToChange(tx, siteId)
  await tx.delete(sites).where(eq(sites.id, siteId))
  const { id: _, ...row } = site
  const fields = Object.fromEntries(Object.entries(row).map(([field, before]) => [field, { before, after: null }]))
  const by = { agentId: agent.agentId ?? null, subjectId: siteId, subject: site.name }
  await logChange(tx, { page: 'sites', kind: 'removed', ...by, fields })
  return site
}
