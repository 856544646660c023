import type { Tx } from '../../platform/db/executor.ts'
import { now } from '../../platform/lib/clock.ts'
import { newId } from '../../platform/lib/id.ts'
import { refuse } from '../../platform/lib/refuse.ts'
import { type Admin, inTurn, mustBeSites, mustManage, tellTemplate } from './admin.ts'
import { checkTemplate, type TemplateInput, type TemplateValues } from './check-template.ts'
import { inOrder, templatesToChange } from './list-templates.ts'
import { type TemplateRow, templates } from './schema.ts'
import { standAt } from './stand.ts'

/** Most templates of a house: the panel offers all of a site at once. */
export const mostTemplates = 1000

const blank: TemplateValues = {
  ...{ name: '', text: '', position: null, visible: true, siteIds: null, shortcut: null, locale: null },
}

/**
 * Makes a template; without a position it stands behind all others. Refuses `forbidden`, `name_missing`, `name_invalid`,
 * what `checkText` refuses, `placeholder_unknown`, `position_invalid`, `shortcut_invalid`, `language_unknown`,
 * `site_unknown` and `templates_full`.
 */
export async function createTemplate(admin: Admin, input: TemplateInput): Promise<TemplateRow> {
  mustManage(admin)
  const { values, wrong } = checkTemplate({ name: '', text: '', ...input })
  if (wrong[0]) throw wrong[0].refusal
  await mustBeSites(values)
  return inTurn(async (tx) => {
    const template = await addTemplate(tx, values, await templatesToChange(tx))
    await tellTemplate(tx, admin, 'created', template)
    return template
  })
}

/** Adds it to `others`, under an id of its own or the one that it comes with. Refuses `templates_full`. */
export async function addTemplate(
  tx: Tx,
  given: Partial<TemplateValues>,
  others: TemplateRow[],
  id: string = newId(),
): Promise<TemplateRow> {
  if (others.length >= mostTemplates) throw refuse('templates_full', { max: mostTemplates })
  const values = { ...blank, ...given }
  const position = values.position ?? (await standAt(tx, inOrder(others), others.length))
  const at = now()
  const template: TemplateRow = { ...values, id, position, createdAt: at, changedAt: at, removedAt: null }
  await tx.insert(templates).values(template)
  return template
}
