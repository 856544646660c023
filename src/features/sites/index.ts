import { asc, eq, sql } from 'drizzle-orm'
import type { Executor, Tx } from '../../platform/db/executor.ts'
import { db } from '../../platform/db/open.ts'
import { prepared } from '../../platform/db/prepared.ts'
import { write } from '../../platform/db/write.ts'
import { record } from '../../platform/live/bus.ts'
import { now } from '../../platform/lib/clock.ts'
import { isId, newId } from '../../platform/lib/id.ts'
import { refuse } from '../../platform/lib/refuse.ts'
import { chatFields, type SiteRow, sites } from './schema.ts'
import './events.ts'

export { changeWidget, type WidgetChange } from './change-widget.ts'
export { opensAt } from './opens-at.ts'
export { type SiteRow, sites } from './schema.ts'
export { snippetFor } from './snippet.ts'
export { widgetOf } from './widget-of.ts'

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

/** The site that a visitor's request names. Refuses `site_unknown`. */
export async function siteOf(id: unknown, executor: Executor = db): Promise<SiteRow> {
  const site = isId(id) ? await findSite(id, executor) : null
  if (!site) throw refuse('site_unknown')
  return site
}

export const listSites = async (): Promise<SiteRow[]> =>
  db.select().from(sites).orderBy(asc(sites.createdAt), asc(sites.id))

/** The site of the demo shop; null where `--demo` was never given. */
export async function demoSite(): Promise<SiteRow | null> {
  const [site] = await db.select().from(sites).where(eq(sites.demo, true)).limit(1)
  return site ?? null
}

export type NewSite = {
  name: string
  domains?: string[]
  greeting?: string | null
  demo?: boolean
  /** For a site that is brought in: its own. */
  id?: string
  createdAt?: number
}

/** Adds a site, with the chat on. */
export async function createSite(
  tx: Tx,
  { name, domains = [], greeting = null, demo = false, id = newId(), createdAt = now() }: NewSite,
): Promise<SiteRow> {
  const site: SiteRow = {
    id,
    name,
    domains,
    chatEnabled: true,
    greeting,
    demo,
    createdAt,
    audience: 'anyone',
    widget: null,
    copies: null,
    own: [...chatFields],
    deactivatedAt: null,
  }
  await tx.insert(sites).values(site)
  return site
}

/**
 * Switches a site's chat on or off, at once, in open widgets too.
 * Refuses `forbidden` to whoever is neither owner nor admin, and `site_unknown`.
 */
export async function switchChat(agent: { role: string }, siteId: string, chatEnabled: boolean): Promise<SiteRow> {
  if (agent.role !== 'owner' && agent.role !== 'admin') throw refuse('forbidden')
  if (!isId(siteId)) throw refuse('site_unknown')
  return write(async (tx) => {
    const [site] = await tx.update(sites).set({ chatEnabled }).where(eq(sites.id, siteId)).returning()
    if (!site) throw refuse('site_unknown')
    await record(tx, 'site.changed', { site })
    return site
  })
}
