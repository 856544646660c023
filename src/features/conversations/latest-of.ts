import { desc, inArray } from 'drizzle-orm'
import { db } from '../../platform/db/open.ts'
import { type ConversationRow, conversations } from './schema.ts'

// A person has a few browsers; who has had more is found by those.
const mostBrowsers = 20

/** The newest conversation of a person with these browsers; null when they never wrote. */
export async function latestOf(visitorIds: readonly string[]): Promise<ConversationRow | null> {
  if (visitorIds.length === 0) return null
  const [latest] = await db
    .select()
    .from(conversations)
    .where(inArray(conversations.visitorId, visitorIds.slice(-mostBrowsers)))
    .orderBy(desc(conversations.createdAt), desc(conversations.id))
    .limit(1)
  return latest ?? null
}
