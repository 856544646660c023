import { FieldsInvalid, mustBeFine } from '../../platform/http/api-problem.ts'
import { type FieldProblem, type FieldReader, fieldsOf } from '../../platform/lib/read-fields.ts'
import { refuse } from '../../platform/lib/refuse.ts'

/** What somebody typed into a form, field by field. */
export type Typed = Readonly<Record<string, unknown>>

/**
 * Reads a form with the same readers that read what programs send. `numbers` are typed as text. Refuses `fields_invalid` for
 * all that is wrong at once.
 */
export function readTyped<T>(
  typed: Typed,
  numbers: readonly string[],
  read: (fields: FieldReader, problems: FieldProblem[]) => T,
): T {
  const problems: FieldProblem[] = []
  const fields = Object.fromEntries(
    Object.entries(typed).map(([name, value]) => [name, numbers.includes(name) ? numberIn(value) : value]),
  )
  const told = read(fieldsOf(fields, '', problems), problems)
  mustBeFine(problems)
  return told
}

/** Nothing typed is nothing told; what is no number stays as it was typed, and is refused. */
function numberIn(value: unknown): unknown {
  const text = typeof value === 'string' ? value.replaceAll(/[\s\u00a0\u202f]/g, '') : value
  if (text === '') return undefined
  return typeof text === 'string' && /^-?\d{1,15}$/.test(text) ? Number(text) : text
}

/** A sum as people write it, in minor units of its currency: `1 670,50` of roubles is 167050. */
export function minorOf(typed: unknown, currency: string): number | undefined {
  const text = typeof typed === 'string' ? typed.replaceAll(/[\s\u00a0\u202f]/g, '').replace(',', '.') : ''
  if (!/^\d{1,12}(\.\d{1,4})?$/.test(text) || !/^[A-Z]{3}$/.test(currency)) return undefined
  const digits =
    new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2
  const [whole = '', part = ''] = text.split('.')
  if (part.length > digits) return undefined
  return Number(whole) * 10 ** digits + Number(part.padEnd(digits, '0') || 0)
}

/** Refuses `edited_meanwhile` when it has changed since the one who changes it now has seen it. */
export function mustBeSeen(version: unknown, row: { changedAt: number }): void {
  if (version !== undefined && version !== `${row.changedAt}`) throw refuse('edited_meanwhile')
}

export const wrongField = (name: string, code: FieldProblem['code']): FieldsInvalid =>
  new FieldsInvalid([{ pointer: `/${name}`, code }])

/** What was and what is, of what is otherwise: JSON for the card's history. `of`: by what people know it. */
export function editOf(of: string, before: object | null, after: object | null) {
  const [was, is] = [Object.entries(before ?? {}), Object.entries(after ?? {})]
  const other = (entries: [string, unknown][], than: object | null) =>
    entries.filter(([name, value]) => !than || !Bun.deepEquals(value, (than as Record<string, unknown>)[name]))
  const json = (there: object | null, changed: [string, unknown][]) =>
    there && JSON.stringify({ of, ...Object.fromEntries(changed) })
  return { before: json(before, other(was, after)), after: json(after, other(is, before)) }
}
