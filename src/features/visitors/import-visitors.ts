import { inArray } from 'drizzle-orm'
import type { Tx } from '../../platform/db/executor.ts'
import { insertAll } from '../../platform/db/insert-all.ts'
import { digest } from '../../platform/lib/id.ts'
import { visitors } from './schema.ts'

export type ImportedVisitor = { id: string; siteId: string; createdAt: number; contactId: string | null }

/** Adds many visitors at once, with ids and times of their own. No browser holds a token of theirs. */
export const importVisitors = (tx: Tx, imported: ImportedVisitor[]): Promise<void> =>
  insertAll(
    tx,
    visitors,
    imported.map((visitor) => ({
      ...visitor,
      tokenHash: digest(`no token: ${visitor.id}`),
      verifiedAt: null,
      blockedAt: null,
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
