import { eq } from 'drizzle-orm'
import { writeLocking } from '../../platform/db/write.ts'
import { record } from '../../platform/live/bus.ts'
import { now } from '../../platform/lib/clock.ts'
import { logChange } from '../settings/index.ts'
import './events.ts'
import { type Manager, mustManage } from './manager.ts'
import { type SiteRow, sites } from './schema.ts'
import { siteToChange } from './site-to-change.ts'

/**
 * Puts a site out of use, or back: while it is out, its widget shows nothing and takes nothing, and its conversations stay.
 * What is as wanted already stays. Refuses `forbidden` and `site_unknown`.
 */
export async function deactivateSite(agent: Manager, siteId: string, out: boolean): Promise<SiteRow> {
  mustManage(agent)
  return writeLocking(async (tx) => {
    const before = await siteToChange(tx, siteId)
    if ((before.deactivatedAt !== null) === out) return before
    const site = { ...before, deactivatedAt: out ? now() : null }
    await tx.update(sites).set({ deactivatedAt: site.deactivatedAt }).where(eq(sites.id, siteId))
    await record(tx, 'site.changed', { site })
    const by = { agentId: agent.agentId ?? null, subjectId: siteId, subject: site.name }
    const fields = { inUse: { before: out, after: !out } }
    await logChange(tx, { page: 'sites', kind: 'changed', ...by, fields })
    return site
  })
}
