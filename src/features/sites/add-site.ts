import { write } from '../../platform/db/write.ts'
import { record } from '../../platform/live/bus.ts'
import { logChange } from '../settings/index.ts'
import { createSite } from './create-site.ts'
import './events.ts'
import { type Manager, mustManage } from './manager.ts'
import type { SiteRow } from './schema.ts'
import { checkDomains, checkName } from './site-rules.ts'

/** Adds a site in the cabinet. Refuses `forbidden`, and `settings_invalid` with the `field`. */
export async function addSite(agent: Manager, asked: { name: unknown; domains: unknown }): Promise<SiteRow> {
  mustManage(agent)
  const name = checkName(asked.name)
  const domains = checkDomains(asked.domains)
  return write(async (tx) => {
    const site = await createSite(tx, { name, domains })
    const by = { agentId: agent.agentId ?? null, subjectId: site.id, subject: name }
    const fields = { name: { before: null, after: name }, domains: { before: null, after: domains } }
    await logChange(tx, { page: 'sites', kind: 'created', ...by, fields })
    await record(tx, 'sites.counted', { siteId: site.id })
    return site
  })
}
