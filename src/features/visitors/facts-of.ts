import { eq } from 'drizzle-orm'
import { db } from '../../platform/db/open.ts'
import type { Executor } from '../../platform/db/executor.ts'
import { seenLately } from './note-seen.ts'
import { visitors } from './schema.ts'
import type { Attributes, Visit } from './visit.ts'
import { visitNow } from './who-is-here.ts'

/** What is known of a browser: kept, and, while it is connected, as it says at this moment. */
export type VisitorFacts = Omit<Visit, 'attributes'> & {
  online: boolean
  firstSeenAt: number
  lastSeenAt: number | null
  blockedAt: number | null
  attributes: Attributes
}

/** What is known of a visitor; null when there is no such visitor. */
export async function factsOf(visitorId: string): Promise<VisitorFacts | null> {
  // Before the store is asked: what is written meanwhile is in neither afterwards.
  const before = seenLately(visitorId)
  const { createdAt, lastSeenAt, blockedAt, page, referrer, language, timeZone, userAgent } = visitors
  const [kept] = await db
    .select({ firstSeenAt: createdAt, lastSeenAt, blockedAt, page, referrer, language, timeZone, userAgent })
    .from(visitors)
    .where(eq(visitors.id, visitorId))
  if (!kept) return null
  const now = visitNow(visitorId)
  const lately = seenLately(visitorId) ?? before
  const visit = now ?? lately?.visit
  return {
    ...kept,
    lastSeenAt: lately?.at ?? kept.lastSeenAt,
    page: visit?.page ?? kept.page,
    language: visit?.language ?? kept.language,
    timeZone: visit?.timeZone ?? kept.timeZone,
    userAgent: visit?.userAgent ?? kept.userAgent,
    attributes: now?.attributes ?? {},
    online: now !== null,
  }
}

/** Every browser of a contact. */
export async function visitorsOfContact(contactId: string, executor: Executor = db): Promise<string[]> {
  const found = await executor.select({ id: visitors.id }).from(visitors).where(eq(visitors.contactId, contactId))
  return found.map(({ id }) => id)
}
