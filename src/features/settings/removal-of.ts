import { and, desc, eq } from 'drizzle-orm'
import type { Executor } from '../../platform/db/executor.ts'
import { db } from '../../platform/db/open.ts'
import { type CabinetPage, type SettingChange, settingChanges } from './schema.ts'

/** The last change by which a page's subject was removed; null when it never was. */
export async function removalOf(
  page: CabinetPage,
  subjectId: string,
  executor: Executor = db,
): Promise<SettingChange | null> {
  const { at, id, kind } = settingChanges
  const [removal] = await executor
    .select()
    .from(settingChanges)
    .where(and(eq(settingChanges.page, page), eq(settingChanges.subjectId, subjectId), eq(kind, 'removed')))
    .orderBy(desc(at), desc(id))
    .limit(1)
  return removal ?? null
}
