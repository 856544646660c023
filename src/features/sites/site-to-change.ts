import { eq } from 'drizzle-orm'
import type { Tx } from '../../platform/db/executor.ts'
import { lockingRows } from '../../platform/db/lock-rows.ts'
import { isId } from '../../platform/lib/id.ts'
import { refuse } from '../../platform/lib/refuse.ts'
import { type SiteRow, sites } from './schema.ts'

/** A site that is about to be changed: who else wants to waits. Refuses `site_unknown`. */
export async function siteToChange(tx: Tx, id: string): Promise<SiteRow> {
  if (!isId(id)) throw refuse('site_unknown')
  const [site] = await lockingRows(tx.select().from(sites).where(eq(sites.id, id)))
  if (!site) throw refuse('site_unknown')
  return site
}
