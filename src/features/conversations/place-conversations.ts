import { and, inArray, sql } from 'drizzle-orm'
import type { Tx } from '../../platform/db/executor.ts'
import { record } from '../../platform/live/bus.ts'
import './events.ts'
import { conversations } from './schema.ts'

/** Writes down in which zone the people of these browsers live, who were locked. Only the one place that works it out calls this. */
export async function placeConversations(tx: Tx, visitorIds: string[], zoneId: string | null): Promise<void> {
  const elsewhere = sql`${conversations.zoneId} is distinct from ${zoneId}`
  const moved = await tx
    .update(conversations)
    .set({ zoneId })
    .where(and(inArray(conversations.visitorId, visitorIds), elsewhere))
    .returning({ id: conversations.id })
  if (moved.length > 0) await record(tx, 'conversations.zoned', { conversationIds: moved.map(({ id }) => id) })
}
