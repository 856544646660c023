import { desc, inArray } from 'drizzle-orm'
import { db } from '../../platform/db/open.ts'
import { type ConversationRow, conversations } from './schema.ts'

/** The conversations of all these visitors, the newest first. */
export async function conversationsOfAll(visitorIds: string[], limit: number): Promise<ConversationRow[]> {
  return db
    .select()
    .from(conversations)
    .where(inArray(conversations.visitorId, visitorIds))
    .orderBy(desc(conversations.createdAt), desc(conversations.id))
    .limit(limit)
}
