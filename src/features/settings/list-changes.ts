import { and, desc, eq, sql } from 'drizzle-orm'
import { db } from '../../platform/db/open.ts'
import { type CabinetPage, type SettingChange, settingChanges } from './schema.ts'

export type ChangeCursor = { at: number; id: string }

/** What was changed on a page of the cabinet, newest first, from past `before` on. */
export async function listChanges(
  page: CabinetPage,
  before: ChangeCursor | null,
  limit: number,
): Promise<SettingChange[]> {
  const { at, id } = settingChanges
  const past = before ? sql`(${at}, ${id}) < (${before.at}, ${before.id})` : undefined
  return db
    .select()
    .from(settingChanges)
    .where(and(eq(settingChanges.page, page), past))
    .orderBy(desc(at), desc(id))
    .limit(limit)
}
