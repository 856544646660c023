import { eq } from 'drizzle-orm'
import type { Tx } from '../../platform/db/executor.ts'
import { now } from '../../platform/lib/clock.ts'
import { refuse } from '../../platform/lib/refuse.ts'
import { type Admin, inTurn, mustBeSites, mustManage, templateToChange, tellTemplate } from './admin.ts'
import { checkTemplate, type TemplateInput, type TemplateValues } from './check-template.ts'
import { templatesToChange } from './list-templates.ts'
import { type TemplateRow, templates } from './schema.ts'
import { standAt } from './stand.ts'

/**
 * Changes what is given and leaves the rest; a template that was taken away meanwhile comes back with it, so that whoever
 * is still writing loses nothing. Refuses `not_found`, what `createTemplate` refuses, and, where `seen` says when it had
 * last been changed as the admin saw it, `edited_meanwhile` for one that has been changed since.
 */
export async function changeTemplate(
  admin: Admin,
  id: string,
  input: TemplateInput,
  seen: number | null = null,
): Promise<TemplateRow> {
  mustManage(admin)
  const { values, wrong } = checkTemplate(input)
  if (wrong[0]) throw wrong[0].refusal
  await mustBeSites(values)
  return inTurn(async (tx) => {
    const before = await templateToChange(tx, id)
    if (seen !== null && seen !== before.changedAt && !isAlready(before, values))
      throw refuse('edited_meanwhile', { changedAt: before.changedAt })
    return putTemplate(tx, admin, before, values)
  })
}

const isAlready = (row: TemplateRow, values: Partial<TemplateValues>): boolean =>
  Object.entries(values).every(([field, value]) => Bun.deepEquals(row[field as keyof TemplateRow], value))

/**
 * Writes other values into one. What is as wanted already stays, and is not told. Where it stands and whether it is offered
 * are no change of its words: whoever has these in hand is not disturbed by it.
 */
export async function putTemplate(
  tx: Tx,
  admin: Admin,
  before: TemplateRow,
  values: Partial<TemplateValues>,
): Promise<TemplateRow> {
  const position = values.position ?? (values.position === null ? await last(tx, before) : before.position)
  const changed = { ...values, position }
  if (before.removedAt === null && isAlready(before, changed)) return before
  const { position: _, visible: __, ...words } = values
  // Two changes within a millisecond are two: the second is not what was seen.
  const changedAt = isAlready(before, words) ? before.changedAt : Math.max(now(), before.changedAt + 1)
  const after: TemplateRow = { ...before, ...changed, changedAt, removedAt: null }
  await tx.update(templates).set(after).where(eq(templates.id, before.id))
  if (before.removedAt !== null) await tellTemplate(tx, admin, 'restored', before)
  await tellTemplate(tx, admin, 'changed', after, before)
  return after
}

async function last(tx: Tx, { id }: TemplateRow): Promise<number> {
  const others = (await templatesToChange(tx)).filter((other) => other.id !== id)
  return standAt(tx, others, others.length)
}
