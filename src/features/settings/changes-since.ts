import { and, desc, eq, isNull } from 'drizzle-orm'
import { db } from '../../platform/db/open.ts'
import { type CabinetPage, type SettingChange, settingChanges } from './schema.ts'

const most = 20

/** What was changed of a page's subject after the change `seen`, newest first; at most the last 20. */
export async function changesSince(
  page: CabinetPage,
  subjectId: string | null,
  seen: string | null,
): Promise<SettingChange[]> {
  const { at, id } = settingChanges
  const subject = subjectId === null ? isNull(settingChanges.subjectId) : eq(settingChanges.subjectId, subjectId)
  const last = await db
    .select()
    .from(settingChanges)
    .where(and(eq(settingChanges.page, page), subject))
    .orderBy(desc(at), desc(id))
    .limit(most)
  const place = last.findIndex((change) => change.id === seen)
  return place < 0 ? last : last.slice(0, place)
}
