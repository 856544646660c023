import { eq } from 'drizzle-orm'
import type { Audience, WidgetSettings } from '../../../views/widget/settings.ts'
import type { Tx } from '../../platform/db/executor.ts'
import { write } from '../../platform/db/write.ts'
import { record } from '../../platform/live/bus.ts'
import { isId } from '../../platform/lib/id.ts'
import { refuse } from '../../platform/lib/refuse.ts'
import { checkText, isLine, maxBodyLength, tidyLine } from '../../platform/lib/text.ts'
import { pictureExists } from '../pictures/index.ts'
import './events.ts'
import { type SiteRow, sites } from './schema.ts'
import { checkWidget } from './widget-rules.ts'
import { setOf } from './widget-of.ts'

/** What is to be different; what is absent stays. Of the widget, too, only the fields that are given change. */
export type WidgetChange = { name?: unknown; greeting?: unknown; audience?: unknown; widget?: unknown }

const maxName = 100

/**
 * Changes how a site's chat looks, whom it is for and how it greets, at once, in open widgets too. Refuses `forbidden` to
 * whoever is neither owner nor admin, `site_unknown`, and `settings_invalid` with the `field` whose value is none.
 */
export async function changeWidget(agent: { role: string }, siteId: string, change: WidgetChange): Promise<SiteRow> {
  if (agent.role !== 'owner' && agent.role !== 'admin') throw refuse('forbidden')
  if (!isId(siteId)) throw refuse('site_unknown')
  const { name, greeting, audience, widget } = change
  const values = {
    ...(name === undefined ? {} : { name: checkName(name) }),
    ...(greeting === undefined ? {} : { greeting: checkGreeting(greeting) }),
    ...(audience === undefined ? {} : { audience: checkAudience(audience) }),
  }
  const settings = widget === undefined ? {} : checkWidget(widget)
  return write(async (tx) => {
    const [before] = await tx.select().from(sites).where(eq(sites.id, siteId))
    if (!before) throw refuse('site_unknown')
    await mustExist(tx, settings)
    const changed = { ...values, widget: { ...setOf(before), ...settings } }
    await tx.update(sites).set(changed).where(eq(sites.id, siteId))
    const site: SiteRow = { ...before, ...changed }
    await record(tx, 'site.changed', { site })
    return site
  })
}

async function mustExist(tx: Tx, settings: Partial<WidgetSettings>): Promise<void> {
  for (const field of ['logo', 'greetingPicture'] as const) {
    const hash = settings[field]
    if (hash && !(await pictureExists(hash, tx))) throw refuse('settings_invalid', { field })
  }
}

function checkName(value: unknown): string {
  const name = typeof value === 'string' ? tidyLine(value) : ''
  if (name === '' || !isLine(name, maxName)) throw refuse('settings_invalid', { field: 'name' })
  return name
}

/** The greeting becomes a message, so it is one; null, or nothing but white space, for none. */
function checkGreeting(value: unknown): string | null {
  if (value === null || (typeof value === 'string' && value.trim() === '')) return null
  try {
    return checkText(value, maxBodyLength)
  } catch {
    throw refuse('settings_invalid', { field: 'greeting' })
  }
}

function checkAudience(value: unknown): Audience {
  if (value !== 'anyone' && value !== 'registered') throw refuse('settings_invalid', { field: 'audience' })
  return value
}
