import { and, inArray, sql } from 'drizzle-orm'
import type { Tx } from '../../platform/db/executor.ts'
import { conversations } from './schema.ts'

/** Writes down in which zone the people of these browsers live, who were locked. Only the one place that works it out calls this. */
export async function placeConversations(tx: Tx, visitorIds: string[], zoneId: string | null): Promise<void> {
  const elsewhere = sql`${conversations.zoneId} is distinct from ${zoneId}`
  await tx
    .update(conversations)
    .set({ zoneId })
    .where(and(inArray(conversations.visitorId, visitorIds), elsewhere))
}
