import { write } from '../../platform/db/write.ts'
import { record } from '../../platform/live/bus.ts'
import { isId } from '../../platform/lib/id.ts'
import { refuse } from '../../platform/lib/refuse.ts'
import { logChange, removalOf } from '../settings/index.ts'
import './events.ts'
import { findSite } from './find-site.ts'
import { type Manager, mustManage } from './manager.ts'
import { type SiteRow, sites } from './schema.ts'

/** Brings a removed site back as it was. One that is there stays. Refuses `forbidden` and `site_unknown`. */
export async function restoreSite(agent: Manager, siteId: string): Promise<SiteRow> {
  mustManage(agent)
  if (!isId(siteId)) throw refuse('site_unknown')
  return write(async (tx) => {
    const there = await findSite(siteId, tx)
    if (there) return there
    const removal = await removalOf('sites', siteId, tx)
    if (!removal) throw refuse('site_unknown')
    const row = Object.fromEntries(Object.entries(removal.fields).map(([field, { before }]) => [field, before]))
    const site = { ...row, id: siteId } as SiteRow
    await tx.insert(sites).values(site).onConflictDoNothing()
    await record(tx, 'site.changed', { site })
    const by = { agentId: agent.agentId ?? null, subjectId: siteId, subject: site.name }
    await logChange(tx, { page: 'sites', kind: 'restored', ...by })
    return site
  })
}
