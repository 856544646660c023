import { eq, sql } from 'drizzle-orm'
import type { Executor } from '../../platform/db/executor.ts'
import { prepared } from '../../platform/db/prepared.ts'
import { type MailCopies, sites } from './schema.ts'

const byId = prepared((x) =>
  x
    .select({ copies: sites.copies, deactivatedAt: sites.deactivatedAt })
    .from(sites)
    .where(eq(sites.id, sql.placeholder('id')))
    .prepare(),
)

/** Who gets copies of a site's conversations by mail, as `executor` sees it; null when nobody does. Asked for every message. */
export async function copiesOf(siteId: string, executor: Executor): Promise<MailCopies | null> {
  const [site] = await byId(executor).execute({ id: siteId })
  const copies = site?.copies ?? null
  return copies?.on && copies.addresses.length > 0 && site?.deactivatedAt === null ? copies : null
}
