import type { Tx } from '../../platform/db/executor.ts'
import { now } from '../../platform/lib/clock.ts'
import { newId } from '../../platform/lib/id.ts'
import { chatDefaults, rowWith } from './chat-defaults.ts'
import { type SiteRow, sites } from './schema.ts'

export type NewSite = {
  name: string
  domains?: string[]
  greeting?: string | null
  demo?: boolean
  /** For a site that is brought in: its own. */
  id?: string
  createdAt?: number
}

/** Adds a site. Its chat is set as the house has it; a greeting that is given is its own. */
export async function createSite(
  tx: Tx,
  { name, domains = [], greeting, demo = false, id = newId(), createdAt = now() }: NewSite,
): Promise<SiteRow> {
  const defaults = await chatDefaults(tx)
  const bare = { id, name, domains, demo, createdAt, deactivatedAt: null }
  const none = { chatEnabled: true, greeting: null, audience: 'anyone', widget: null, copies: null, own: [] } as const
  const site: SiteRow = { ...rowWith({ ...bare, ...none, own: [] }, defaults) }
  if (defaults.greetingPicture === null) site.widget = null
  if (typeof greeting === 'string') Object.assign(site, { greeting, own: ['greeting'] })
  await tx.insert(sites).values(site)
  return site
}
