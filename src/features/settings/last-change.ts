import { and, desc, eq, isNull } from 'drizzle-orm'
import type { Executor } from '../../platform/db/executor.ts'
import { db } from '../../platform/db/open.ts'
import { type CabinetPage, settingChanges } from './schema.ts'

/** The last change of a page's subject (null: of the page as a whole): who has seen it has seen all; null: there is none. */
export async function lastChange(
  page: CabinetPage,
  subjectId: string | null,
  executor: Executor = db,
): Promise<string | null> {
  const { at, id } = settingChanges
  const subject = subjectId === null ? isNull(settingChanges.subjectId) : eq(settingChanges.subjectId, subjectId)
  const [last] = await executor
    .select({ id })
    .from(settingChanges)
    .where(and(eq(settingChanges.page, page), subject))
    .orderBy(desc(at), desc(id))
    .limit(1)
  return last?.id ?? null
}
