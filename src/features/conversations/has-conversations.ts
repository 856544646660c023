import { eq } from 'drizzle-orm'
import type { Executor } from '../../platform/db/executor.ts'
import { db } from '../../platform/db/open.ts'
import { conversations } from './schema.ts'

/** Whether anybody has ever written on a site, as `executor` sees it. */
export async function hasConversations(siteId: string, executor: Executor = db): Promise<boolean> {
  const one = await executor
    .select({ id: conversations.id })
    .from(conversations)
    .where(eq(conversations.siteId, siteId))
    .limit(1)
  return one.length > 0
}
