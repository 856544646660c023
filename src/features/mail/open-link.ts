import { write } from '../../platform/db/write.ts'
import { now } from '../../platform/lib/clock.ts'
import { refuse } from '../../platform/lib/refuse.ts'
import { findConversation } from '../conversations/index.ts'
import { findSite } from '../sites/index.ts'
import { furtherVisitorToken, keepFurtherToken, standingOf } from '../visitors/index.ts'
import { readLink } from './links.ts'

/**
 * Gives the browser in which a link from a mail was opened a token of its own for that visitor. A link works once: the
 * token follows from it, and is kept. Refuses `link_invalid`, `link_expired` (also when the address is theirs no longer, or
 * the site is out of use) and `link_used`.
 */
export async function openLink(link: unknown): Promise<{ siteId: string; visitorToken: string }> {
  const { conversationId, expiresAt, isFor, once } = readLink(link)
  const conversation = await findConversation(conversationId)
  if (!conversation) throw refuse('link_invalid')
  const { siteId, visitorId } = conversation
  const [{ email }, site] = await Promise.all([standingOf(visitorId), findSite(siteId)])
  if (now() >= expiresAt || email === null || !isFor(email) || !site || site.deactivatedAt !== null)
    throw refuse('link_expired')
  const visitorToken = furtherVisitorToken(siteId, visitorId, once)
  if (!(await write((tx) => keepFurtherToken(tx, visitorId, visitorToken)))) throw refuse('link_used')
  return { siteId, visitorToken }
}
