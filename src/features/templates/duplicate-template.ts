import { eq } from 'drizzle-orm'
import { refuse } from '../../platform/lib/refuse.ts'
import { cut } from '../../platform/lib/text.ts'
import { type Admin, inTurn, mustManage, templateToChange, tellTemplate } from './admin.ts'
import { maxNameLength } from './check-template.ts'
import { addTemplate } from './create-template.ts'
import { templatesToChange } from './list-templates.ts'
import { type TemplateRow, templates } from './schema.ts'
import { standAt } from './stand.ts'

/**
 * Makes another template like this one, right behind it, under its name with `suffix`. It is not offered until somebody
 * makes it visible: agents have no use for two of the same. Refuses `forbidden`, `not_found` and `templates_full`.
 */
export async function duplicateTemplate(admin: Admin, id: string, suffix: string): Promise<TemplateRow> {
  mustManage(admin)
  return inTurn(async (tx) => {
    const { name, text, siteIds, locale, removedAt } = await templateToChange(tx, id)
    if (removedAt !== null) throw refuse('not_found')
    const values = { text, siteIds, locale, shortcut: null, visible: false, position: 0 }
    const others = await templatesToChange(tx)
    const called = `${cut(name, maxNameLength - suffix.length)}${suffix}`
    const copy = await addTemplate(tx, { ...values, name: called }, others)
    const place = others.findIndex((other) => other.id === id) + 1
    const row: TemplateRow = { ...copy, position: await standAt(tx, others, place) }
    await tx.update(templates).set({ position: row.position }).where(eq(templates.id, copy.id))
    await tellTemplate(tx, admin, 'created', row)
    return row
  })
}
