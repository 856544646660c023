import { eq } from 'drizzle-orm'
import { now } from '../../platform/lib/clock.ts'
import { refuse } from '../../platform/lib/refuse.ts'
import { type Admin, inTurn, mustManage, templateToChange, tellTemplate } from './admin.ts'
import { mostTemplates } from './create-template.ts'
import { templatesToChange } from './list-templates.ts'
import { type TemplateRow, templates } from './schema.ts'

/** Takes a template away, or brings it back as it was and where it stood. Refuses `forbidden`, `not_found` and `templates_full`. */
export async function removeTemplate(admin: Admin, id: string, removed: boolean): Promise<TemplateRow> {
  mustManage(admin)
  return inTurn(async (tx) => {
    const template = await templateToChange(tx, id)
    if ((template.removedAt !== null) === removed) return template
    if (!removed && (await templatesToChange(tx)).length >= mostTemplates)
      throw refuse('templates_full', { max: mostTemplates })
    const removedAt = removed ? now() : null
    await tx.update(templates).set({ removedAt }).where(eq(templates.id, id))
    await tellTemplate(tx, admin, removed ? 'removed' : 'restored', template)
    return { ...template, removedAt }
  })
}
