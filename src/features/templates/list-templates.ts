import { and, eq, gte, isNull, sql } from 'drizzle-orm'
import type { Executor, Tx } from '../../platform/db/executor.ts'
import { lockingRows } from '../../platform/db/lock-rows.ts'
import { db } from '../../platform/db/open.ts'
import { now } from '../../platform/lib/clock.ts'
import { isId } from '../../platform/lib/id.ts'
import { type TemplateRow, templates, templateUses } from './schema.ts'

const byName = new Intl.Collator('en', { numeric: true })

/** In the order in which they are offered: by position, equal ones by name as people sort names. */
export const inOrder = (rows: TemplateRow[]): TemplateRow[] =>
  rows.toSorted(
    (a, b) =>
      a.position - b.position ||
      byName.compare(a.name, b.name) ||
      a.createdAt - b.createdAt ||
      (a.id < b.id ? -1 : Number(a.id > b.id)),
  )

const all = (executor: Executor) => executor.select().from(templates).where(isNull(templates.removedAt))

/** Every template that there is, in order. There are some hundreds at most. */
export const listTemplates = async (): Promise<TemplateRow[]> => inOrder(await all(db))

/** The same for a change of where they stand. */
export const templatesToChange = async (tx: Tx): Promise<TemplateRow[]> => inOrder(await lockingRows(all(tx)))

/** The template with this id, as `executor` sees it, also one that is gone; null when there never was one. */
export async function findTemplate(id: string, executor: Executor = db): Promise<TemplateRow | null> {
  if (!isId(id)) return null
  const [template] = await executor.select().from(templates).where(eq(templates.id, id))
  return template ?? null
}

/** Whether it is offered on a site. */
export const isOfferedOn = (siteId: string, { visible, siteIds, removedAt }: TemplateRow): boolean =>
  visible && removedAt === null && (siteIds === null || siteIds.includes(siteId))

/** What is offered in a conversation of this site, in order. */
export const offeredTemplates = async (siteId: string): Promise<TemplateRow[]> =>
  (await listTemplates()).filter((template) => isOfferedOn(siteId, template))

const dayMs = 24 * 60 * 60 * 1000
const countedDays = 30

/** The number of a day since 1970, in UTC. */
export const dayOf = (at: number): number => Math.floor(at / dayMs)

/** How often each was put into an answer today and in the 29 days before; those that never were are not in it. */
export async function usesOfTemplates(): Promise<Map<string, number>> {
  const found = await db
    .select({ id: templateUses.templateId, uses: sql<number | string>`sum(${templateUses.uses})` })
    .from(templates)
    .innerJoin(templateUses, eq(templateUses.templateId, templates.id))
    .where(and(isNull(templates.removedAt), gte(templateUses.day, dayOf(now()) - countedDays + 1)))
    .groupBy(templateUses.templateId)
  return new Map(found.map(({ id, uses }) => [id, Number(uses)]))
}
