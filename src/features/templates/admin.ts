import type { Tx } from '../../platform/db/executor.ts'
import { lockingRows } from '../../platform/db/lock-rows.ts'
import { writeLocking } from '../../platform/db/write.ts'
import { record } from '../../platform/live/bus.ts'
import { isId } from '../../platform/lib/id.ts'
import { refuse } from '../../platform/lib/refuse.ts'
import { eq } from 'drizzle-orm'
import { formatPosition } from '../../../views/templates/position.ts'
import { mayManage, type Role } from '../agents/index.ts'
import { changedFields, logChange } from '../settings/index.ts'
import { findSite, listSites } from '../sites/index.ts'
import './events.ts'
import type { TemplateValues } from './check-template.ts'
import { type TemplateRow, templates } from './schema.ts'

/** Who changes templates. */
export type Admin = { agentId: string; role: Role }

/** Refuses `forbidden` to whoever is neither owner nor admin. */
export function mustManage({ role }: Admin): void {
  if (!mayManage(role)) throw refuse('forbidden')
}

/** A change of templates: one after another, since where one stands decides where another can. */
export const inTurn = <T>(body: (tx: Tx) => Promise<T>): Promise<T> => writeLocking(body, 'templates')

/** A template for a change, also one that is gone. Refuses `not_found`. */
export async function templateToChange(tx: Tx, id: string): Promise<TemplateRow> {
  const [template] = isId(id) ? await lockingRows(tx.select().from(templates).where(eq(templates.id, id))) : []
  if (!template) throw refuse('not_found')
  return template
}

/** Refuses `site_unknown` for a template of a site that is none. */
export async function mustBeSites({ siteIds }: Partial<TemplateValues>): Promise<void> {
  if (!siteIds) return
  const known = new Set((await listSites()).map(({ id }) => id))
  if (!siteIds.every((id) => known.has(id))) throw refuse('site_unknown')
}

/** What of a template the log of changes tells, as people read it; null for the sites: all of them. */
async function told(tx: Tx, template: TemplateRow) {
  const { name, text, visible, siteIds, shortcut, locale } = template
  const found = await Promise.all((siteIds ?? []).map((id) => findSite(id, tx)))
  const sites = siteIds && found.map((site, place) => site?.name ?? siteIds[place])
  return { name, text, position: formatPosition(template.position), visible, sites, shortcut, locale }
}

/** Remembers who did what, and tells open consoles. */
export async function tellTemplate(
  tx: Tx,
  { agentId }: Admin,
  kind: 'created' | 'changed' | 'removed' | 'restored',
  after: TemplateRow,
  before: TemplateRow = after,
): Promise<void> {
  const fields = after === before ? {} : changedFields(await told(tx, before), await told(tx, after))
  await logChange(tx, { page: 'templates', kind, agentId, subjectId: after.id, subject: after.name, fields })
  await record(tx, 'templates.changed', { ids: [after.id] })
}
