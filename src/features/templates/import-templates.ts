import type { Tx } from '../../platform/db/executor.ts'
import { type Admin, inTurn, mustManage, tellTemplate } from './admin.ts'
import { putTemplate } from './change-template.ts'
import { addTemplate } from './create-template.ts'
import { findTemplate, listTemplates, templatesToChange } from './list-templates.ts'
import type { TemplateRow } from './schema.ts'
import type { FileRow } from './templates-csv.ts'

export type Outcome = 'new' | 'changed' | 'same'
export type PlannedRow = FileRow & { outcome: Outcome }

/** What would come of the lines of a file now. */
export async function planImport(rows: FileRow[]): Promise<PlannedRow[]> {
  const all = await listTemplates()
  return rows.map((row) => {
    const before = row.id === null ? namesake(all, row) : (all.find(({ id }) => id === row.id) ?? null)
    return { ...row, outcome: before === null ? 'new' : isAlready(before, row) ? 'same' : 'changed' }
  })
}

/** The one template that is called so. Of two nobody could say which is meant. */
function namesake(all: TemplateRow[], { values }: FileRow): TemplateRow | null {
  const found = all.filter(({ name }) => name === values.name)
  return found.length === 1 ? (found[0] as TemplateRow) : null
}

const isAlready = (before: TemplateRow, { values }: FileRow): boolean =>
  Object.entries(values).every(([field, value]) => Bun.deepEquals(before[field as keyof TemplateRow], value))

/**
 * Takes in lines of a file: each changes the template of its id, or without an id the one of its name, and makes a new one
 * where there is none. One that was taken away comes back. Doing it again changes nothing. Refuses `forbidden` and
 * `templates_full`; then none of these lines is taken in.
 */
export async function importTemplates(admin: Admin, rows: FileRow[]): Promise<Outcome[]> {
  mustManage(admin)
  return inTurn(async (tx) => {
    let all = await templatesToChange(tx)
    const outcomes: Outcome[] = []
    for (const row of rows) {
      const { outcome, template } = await takeIn(tx, admin, row, all)
      all = [...all.filter(({ id }) => id !== template.id), template]
      outcomes.push(outcome)
    }
    return outcomes
  })
}

async function takeIn(tx: Tx, admin: Admin, row: FileRow, all: TemplateRow[]) {
  const before = row.id === null ? namesake(all, row) : await findTemplate(row.id, tx)
  if (before) {
    const template = await putTemplate(tx, admin, before, row.values)
    const outcome: Outcome = template === before ? 'same' : before.removedAt === null ? 'changed' : 'new'
    return { template, outcome }
  }
  const template = await addTemplate(tx, row.values, all, row.id ?? undefined)
  await tellTemplate(tx, admin, 'created', template)
  return { template, outcome: 'new' as const }
}
