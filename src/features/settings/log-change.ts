import type { Tx } from '../../platform/db/executor.ts'
import { now } from '../../platform/lib/clock.ts'
import { newId } from '../../platform/lib/id.ts'
import { type CabinetPage, type ChangedFields, type ChangeKind, settingChanges } from './schema.ts'

export type NewChange = {
  page: CabinetPage
  kind: ChangeKind
  /** Null: the house itself, or a program with a key. */
  agentId: string | null
  subjectId?: string | null
  subject?: string | null
  fields?: ChangedFields
}

/** Remembers who changed what in the cabinet. A change that changed no field is none, and is not kept. Secrets never stand in `fields`. */
export async function logChange(tx: Tx, { subjectId = null, subject = null, fields = {}, ...change }: NewChange) {
  if (change.kind === 'changed' && Object.keys(fields).length === 0) return
  await tx.insert(settingChanges).values({ ...change, id: newId(), subjectId, subject, fields, at: now() })
}

/** The fields of `after` whose values are not those of `before`. */
export function changedFields<T extends object>(before: T, after: Partial<T>): ChangedFields {
  const names = Object.keys(after) as (keyof T & string)[]
  const changed = names.filter((name) => !Bun.deepEquals(before[name], after[name]))
  return Object.fromEntries(changed.map((name) => [name, { before: before[name] ?? null, after: after[name] ?? null }]))
}
