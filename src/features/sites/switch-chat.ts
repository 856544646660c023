import { eq } from 'drizzle-orm'
import { writeLocking } from '../../platform/db/write.ts'
import { record } from '../../platform/live/bus.ts'
import { changedFields, logChange } from '../settings/index.ts'
import './events.ts'
import { type Manager, mustManage } from './manager.ts'
import { type SiteRow, sites } from './schema.ts'
import { siteToChange } from './site-to-change.ts'

/**
 * Switches a site's chat on or off, at once, in open widgets too; from then on the site has an answer of its own.
 * Refuses `forbidden` to whoever is neither owner nor admin, and `site_unknown`.
 */
export async function switchChat(agent: Manager, siteId: string, chatEnabled: boolean): Promise<SiteRow> {
  mustManage(agent)
  return writeLocking(async (tx) => {
    const before = await siteToChange(tx, siteId)
    const own: SiteRow['own'] = [...new Set([...before.own, 'chatEnabled' as const])]
    const site = { ...before, chatEnabled, own }
    await tx.update(sites).set({ chatEnabled, own }).where(eq(sites.id, siteId))
    await record(tx, 'site.changed', { site })
    const fields = changedFields(before, { chatEnabled })
    const by = { agentId: agent.agentId ?? null, subjectId: siteId, subject: site.name }
    await logChange(tx, { page: 'chat', kind: 'changed', ...by, fields })
    return site
  })
}
