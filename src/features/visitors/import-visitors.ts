import { inArray } from 'drizzle-orm'
import type { Tx } from '../../platform/db/executor.ts'
import { insertAll } from '../../platform/db/insert-all.ts'
import { digest } from '../../platform/lib/id.ts'
import { visitors } from './schema.ts'
import type { Visit } from './visit.ts'

export type ImportedVisitor = {
  id: string
  siteId: string
  createdAt: number
  contactId: string | null
} & Partial<Seen>
type Seen = Omit<Visit, 'attributes'> & { lastSeenAt: number }

/** Adds many visitors at once, with ids and times of their own. No browser holds a token of theirs. */
export const importVisitors = (tx: Tx, imported: ImportedVisitor[]): Promise<void> =>
  insertAll(
    tx,
    visitors,
    imported.map(({ id, siteId, createdAt, contactId, ...seen }) => ({
      ...{ id, siteId, createdAt, contactId, tokenHash: digest(`no token: ${id}`), verifiedAt: null, blockedAt: null },
      page: seen.page ?? null,
      referrer: seen.referrer ?? null,
      language: seen.language ?? null,
      timeZone: seen.timeZone ?? null,
      userAgent: seen.userAgent ?? null,
      lastSeenAt: seen.lastSeenAt ?? null,
    })),
  )

/** The site of each of these visitors; strangers are not in it. */
export async function sitesOfVisitors(tx: Tx, ids: string[]): Promise<Map<string, string>> {
  const sites = new Map<string, string>()
  for (let at = 0; at < ids.length; at += 500) {
    const some = inArray(visitors.id, ids.slice(at, at + 500))
    const found = await tx.select({ id: visitors.id, siteId: visitors.siteId }).from(visitors).where(some)
    for (const { id, siteId } of found) sites.set(id, siteId)
  }
  return sites
}
