import { eq } from 'drizzle-orm'
import { db } from '../../platform/db/open.ts'
import { foldEmail } from '../../platform/lib/text.ts'
import type { ConversationRow } from '../conversations/index.ts'
import { findSite } from '../sites/index.ts'
import { standingOf } from '../visitors/index.ts'
import { readMail } from './mail-settings.ts'
import { mailRefusals } from './schema.ts'

/** Whether somebody at this address wants no mail of ours. */
export async function isRefused(email: string): Promise<boolean> {
  const [found] = await db
    .select()
    .from(mailRefusals)
    .where(eq(mailRefusals.emailFolded, foldEmail(email)))
  return found !== undefined
}

/** Where answers to a client go; null: they have left no address, want none there, or it is our own. */
export async function addressOfClient({ siteId, visitorId }: ConversationRow): Promise<string | null> {
  const { email, blocked } = await standingOf(visitorId)
  if (email === null || blocked || (await isRefused(email))) return null
  const [site, mail] = await Promise.all([findSite(siteId), readMail()])
  if (!site || site.deactivatedAt !== null || !mail) return null
  // Mail of ours to ourselves is how loops begin.
  return foldEmail(mail.senderAddress) === foldEmail(email) ? null : email
}
