import { Elysia } from 'elysia'
import { fieldName } from '../../../views/settings/change-words.ts'
import { lookFrom } from '../../../views/settings/look-fields.ts'
import { Said } from '../../../views/settings/said.tsx'
import type { SiteFormShown } from '../../../views/settings/site-form.ts'
import { SiteForm, SitePage } from '../../../views/settings/site.tsx'
import { documentAssets } from '../../platform/http/document-assets.ts'
import { readFields } from '../../platform/http/form.ts'
import { fragment, page } from '../../platform/http/page.tsx'
import { problem } from '../../platform/http/problem.tsx'
import { isId } from '../../platform/lib/id.ts'
import { Refusal, refuse } from '../../platform/lib/refuse.ts'
import { type Asked, type Inside, raw, viewerOf } from '../agents/index.ts'
import { changedFields, changesSince, lastChange } from '../settings/index.ts'
import { changeWidget, findSite, hostOf, type SiteRow, snippetFor, widgetOf } from '../sites/index.ts'
import { linesIn } from './asked-chat.ts'
import { shownChanges } from './shown-changes.ts'
import { showingPreviews } from './showing-previews.ts'

/** One site: its name, its domains and the look of its widget. */
export const siteRoutes = (inside: Inside) =>
  new Elysia({ name: 'cabinet-site' })
    .onError(({ error, request }) => problem(error, request))
    .get('/settings/sites/:id', inside(showSite))
    .put('/settings/sites/:id', inside(saveSite), raw)

async function siteAt(id: string | undefined): Promise<SiteRow> {
  const site = isId(id) ? await findSite(id) : null
  if (!site) throw refuse('site_unknown')
  return site
}

async function showSite({ agent, t, params, origin }: Asked): Promise<Response> {
  const site = await siteAt(params.id)
  return page(
    <SitePage
      t={t}
      assets={documentAssets('settings')}
      viewer={viewerOf(agent)}
      form={await keptForm(site)}
      snippet={snippetFor(origin, site.id)}
    />,
    { headers: showingPreviews },
  )
}

async function keptForm({ id }: SiteRow): Promise<SiteFormShown> {
  // First what was changed last, then the values: a change in between is then refused as one not seen, never written over.
  const seen = await lastChange('sites', id)
  const site = await siteAt(id)
  const { name, domains, greeting } = site
  const kept = { id, name, domains, greeting, seen, widget: widgetOf(site) }
  return { ...kept, typed: null, errors: {}, wrongDomains: [], meanwhile: [], refused: false }
}

type Typed = Pick<SiteFormShown, 'errors' | 'wrongDomains' | 'domains' | 'widget'> & {
  fields: Record<string, string>
  seen: string | null
}

async function saveSite({ agent, t, params, request }: Asked): Promise<Response> {
  const site = await siteAt(params.id)
  const typed = typedIn(await readFields(request), site)
  const isWrong = Object.keys(typed.errors).length > 0 || typed.wrongDomains.length > 0
  if (isWrong) return refused(t, site, typed, { seen: typed.seen }, 422)
  try {
    const { fields, domains, widget, seen } = typed
    const { greetingPicture: _, ...look } = widget
    const after = await changeWidget(agent, site.id, { name: fields.name, domains, widget: look, seen })
    return await saved(t, site, after)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    if (error.code === 'edited_meanwhile') {
      const meanwhile = await shownChanges(await changesSince('sites', site.id, typed.seen))
      return refused(t, site, typed, { meanwhile }, 409)
    }
    if (error.code !== 'settings_invalid') throw error
    const errors = { ...typed.errors, [String(error.values.field)]: 'invalid' as const }
    return refused(t, site, { ...typed, errors }, { seen: typed.seen }, 422)
  }
}

function typedIn(sent: Record<string, unknown>, site: SiteRow): Typed {
  const fields = Object.fromEntries(
    Object.entries(sent).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  )
  const { widget, errors } = lookFrom((name) => fields[name])
  const domains = linesIn(fields.domains)
  const isNamed = (fields.name ?? '').trim() !== ''
  return {
    fields,
    domains,
    widget: { ...widgetOf(site), ...widget },
    errors: isNamed ? errors : { ...errors, name: 'invalid' },
    wrongDomains: domains.filter((domain) => hostOf(domain) === null),
    seen: fields.seen || null,
  }
}

type T = Asked['t']

async function refused(t: T, site: SiteRow, typed: Typed, more: Partial<SiteFormShown>, status: number) {
  const { fields, domains, widget, errors, wrongDomains } = typed
  const form = {
    ...(await keptForm(site)),
    domains,
    widget,
    errors,
    wrongDomains,
    typed: fields,
    refused: true,
    ...more,
  }
  return fragment(<SiteForm t={t} form={form} />, { status })
}

async function saved(t: T, before: SiteRow, after: SiteRow): Promise<Response> {
  const changed = changedFields({ ...before, ...widgetOf(before) }, { ...after, ...widgetOf(after) })
  const { widget: _, own: __, ...fields } = changed
  const what = Object.keys(fields).map((field) => fieldName(t, field))
  const words = what.length === 0 ? t('cabinet.saved.nothing') : t('cabinet.saved', { what: what.join(', ') })
  return fragment([<SiteForm key="form" t={t} form={await keptForm(after)} />, <Said key="said" t={t} words={words} />])
}
