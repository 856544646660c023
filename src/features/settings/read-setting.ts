import { eq, sql } from 'drizzle-orm'
import type { Executor } from '../../platform/db/executor.ts'
import { db } from '../../platform/db/open.ts'
import { prepared } from '../../platform/db/prepared.ts'
import { settings } from './schema.ts'

const byKey = prepared((x) =>
  x
    .select({ value: settings.value })
    .from(settings)
    .where(eq(settings.key, sql.placeholder('key')))
    .prepare(),
)

/** What is kept under a key, as `executor` sees it; null when nothing is. */
export async function readSetting<T>(key: string, executor: Executor = db): Promise<T | null> {
  const [row] = await byKey(executor).execute({ key })
  return (row?.value ?? null) as T | null
}
