import { eq } from 'drizzle-orm'
import type { WidgetSettings } from '../../../views/widget/settings.ts'
import type { Tx } from '../../platform/db/executor.ts'
import { writeLocking } from '../../platform/db/write.ts'
import { record } from '../../platform/live/bus.ts'
import { refuse } from '../../platform/lib/refuse.ts'
import { pictureExists } from '../pictures/index.ts'
import { changedFields, lastChange, logChange } from '../settings/index.ts'
import './events.ts'
import { type Manager, mustManage } from './manager.ts'
import { type ChatField, type SiteRow, sites } from './schema.ts'
import { checkAudience, checkDomains, checkGreeting, checkName } from './site-rules.ts'
import { siteToChange } from './site-to-change.ts'
import { checkWidget } from './widget-rules.ts'
import { setOf, widgetOf } from './widget-of.ts'

/** What is to be different; what is absent stays. Of the widget, too, only the fields that are given change. */
export type WidgetChange = {
  name?: unknown
  domains?: unknown
  greeting?: unknown
  audience?: unknown
  widget?: unknown
  /** The change that whoever saves saw last. */
  seen?: string | null
}

/**
 * Changes what a site is called, where it may be embedded, how its chat looks, whom it is for and how it greets, at once,
 * in open widgets too. Refuses `forbidden` to whoever is neither owner nor admin, `site_unknown`, `edited_meanwhile` when
 * there is a later change than `seen`, and `settings_invalid` with the `field` whose value is none.
 */
export async function changeWidget(agent: Manager, siteId: string, change: WidgetChange): Promise<SiteRow> {
  mustManage(agent)
  const { name, domains, greeting, audience, widget, seen } = change
  const values = {
    ...(name === undefined ? {} : { name: checkName(name) }),
    ...(domains === undefined ? {} : { domains: checkDomains(domains) }),
    ...(greeting === undefined ? {} : { greeting: checkGreeting(greeting) }),
    ...(audience === undefined ? {} : { audience: checkAudience(audience) }),
  }
  const settings = widget === undefined ? {} : checkWidget(widget)
  return writeLocking(async (tx) => {
    const before = await siteToChange(tx, siteId)
    if (seen !== undefined && (await lastChange('sites', siteId, tx)) !== seen) throw refuse('edited_meanwhile')
    await mustExist(tx, settings)
    const own: ChatField[] = [...new Set([...before.own, ...answered(change, settings)])]
    const changed = { ...values, own, widget: { ...setOf(before), ...settings } }
    await tx.update(sites).set(changed).where(eq(sites.id, siteId))
    const site: SiteRow = { ...before, ...changed }
    await record(tx, 'site.changed', { site })
    await remember(tx, agent, before, { ...values, ...settings })
    return site
  })
}

/** The questions about the chat to which the site has an answer of its own from now on. */
function answered({ greeting, audience }: WidgetChange, { greetingPicture }: Partial<WidgetSettings>): ChatField[] {
  const greets = greeting !== undefined || greetingPicture !== undefined
  return [...(greets ? ['greeting' as const] : []), ...(audience === undefined ? [] : ['audience' as const])]
}

const ofChat = new Set(['greeting', 'greetingPicture', 'audience'])

/** Each change with the others of its page. */
async function remember(tx: Tx, agent: Manager, before: SiteRow, after: object): Promise<void> {
  const fields = Object.entries(changedFields({ ...before, ...widgetOf(before) }, after))
  const by = { agentId: agent.agentId ?? null, subjectId: before.id, subject: before.name }
  for (const page of ['chat', 'sites'] as const) {
    const own = fields.filter(([field]) => ofChat.has(field) === (page === 'chat'))
    await logChange(tx, { page, kind: 'changed', ...by, fields: Object.fromEntries(own) })
  }
}

async function mustExist(tx: Tx, settings: Partial<WidgetSettings>): Promise<void> {
  for (const field of ['logo', 'greetingPicture'] as const) {
    const hash = settings[field]
    if (hash && !(await pictureExists(hash, tx))) throw refuse('settings_invalid', { field })
  }
}
