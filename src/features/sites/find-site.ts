import { asc, eq, sql } from 'drizzle-orm'
import type { Executor } from '../../platform/db/executor.ts'
import { db } from '../../platform/db/open.ts'
import { prepared } from '../../platform/db/prepared.ts'
import { isId } from '../../platform/lib/id.ts'
import { refuse } from '../../platform/lib/refuse.ts'
import { type SiteRow, sites } from './schema.ts'

const byId = prepared((x) =>
  x
    .select()
    .from(sites)
    .where(eq(sites.id, sql.placeholder('id')))
    .prepare(),
)

/** The site with this id, as `executor` sees it; null when there is none. */
export async function findSite(id: string, executor: Executor = db): Promise<SiteRow | null> {
  const [site] = await byId(executor).execute({ id })
  return site ?? null
}

/** The site that a visitor's request names. Refuses `site_unknown`, and `site_inactive` for one that is out of use. */
export async function siteOf(id: unknown, executor: Executor = db): Promise<SiteRow> {
  const site = isId(id) ? await findSite(id, executor) : null
  if (!site) throw refuse('site_unknown')
  if (site.deactivatedAt !== null) throw refuse('site_inactive')
  return site
}

export const listSites = async (): Promise<SiteRow[]> =>
  db.select().from(sites).orderBy(asc(sites.createdAt), asc(sites.id))

/** The site of the demo shop; null where `--demo` was never given. */
export async function demoSite(): Promise<SiteRow | null> {
  const [site] = await db.select().from(sites).where(eq(sites.demo, true)).limit(1)
  return site ?? null
}
