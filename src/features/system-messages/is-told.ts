import { eq } from 'drizzle-orm'
import type { Executor } from '../../platform/db/executor.ts'
import { db } from '../../platform/db/open.ts'
import { systemMessages } from './schema.ts'

/** Whether agents were told of this already, and it is not over. */
export async function isTold(key: string, executor: Executor = db): Promise<boolean> {
  const [known] = await executor
    .select({ id: systemMessages.id })
    .from(systemMessages)
    .where(eq(systemMessages.key, key))
  return known !== undefined
}
