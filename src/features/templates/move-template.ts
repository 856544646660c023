import { eq } from 'drizzle-orm'
import { refuse } from '../../platform/lib/refuse.ts'
import { type Admin, inTurn, mustManage, templateToChange, tellTemplate } from './admin.ts'
import { templatesToChange } from './list-templates.ts'
import { type TemplateRow, templates } from './schema.ts'
import { standAt } from './stand.ts'

/**
 * Puts a template right behind another one, or before all others (`after` is null): its position becomes a decimal between
 * its new neighbours, and where there is no room for one they make it. Refuses `forbidden` and `not_found`.
 */
export async function moveTemplate(admin: Admin, id: string, after: string | null): Promise<TemplateRow> {
  mustManage(admin)
  return inTurn(async (tx) => {
    const before = await templateToChange(tx, id)
    const all = await templatesToChange(tx)
    const others = all.filter((other) => other.id !== id)
    const place = after === null ? 0 : others.findIndex((other) => other.id === after) + 1
    if (before.removedAt !== null || (after !== null && place === 0)) throw refuse('not_found')
    if (all[place]?.id === id) return before
    const row: TemplateRow = { ...before, position: await standAt(tx, others, place) }
    await tx.update(templates).set({ position: row.position }).where(eq(templates.id, id))
    await tellTemplate(tx, admin, 'changed', row, before)
    return row
  })
}
