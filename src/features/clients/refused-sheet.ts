import type { SheetRefused } from '../../../views/console/card-sheet.tsx'
import { FieldsInvalid } from '../../platform/http/api-problem.ts'
import type { Translate } from '../../platform/lib/i18n.ts'
import { Refusal } from '../../platform/lib/refuse.ts'
import type { Typed } from './hand-fields.ts'

/** Whether an error is told beside what was typed; any other goes its way. */
export const isTold = (error: unknown): error is Refusal =>
  error instanceof Refusal &&
  (error.status === 422 || error.code === 'edited_meanwhile' || error.code === 'linked_meanwhile')

/** What was typed, and what is wrong with it, field by field. */
export function refusedSheet(t: Translate, typed: Typed, error: Refusal): SheetRefused {
  const faults = error instanceof FieldsInvalid ? error.problems : []
  return {
    typed: Object.fromEntries(
      Object.entries(typed).filter((one): one is [string, string] => typeof one[1] === 'string'),
    ),
    words: faults.length > 0 ? '' : t(`refusals.${error.code}`, error.values),
    // What is wrong inside a list is said of the list.
    faults: Object.fromEntries(
      faults.map(({ pointer, code, values }) => [pointer.split('/')[1] ?? '', t(`clients.field.${code}`, values)]),
    ),
  }
}
