import { Elysia } from 'elysia'
import { NewSitePage } from '../../../views/settings/new-site.tsx'
import { Said } from '../../../views/settings/said.tsx'
import { ChatSwitch, SitesList, SitesPage } from '../../../views/settings/sites.tsx'
import { Elsewhere } from '../../../views/ui/elsewhere.tsx'
import type { Undo } from '../../../views/ui/toast.tsx'
import { documentAssets } from '../../platform/http/document-assets.ts'
import { readFields } from '../../platform/http/form.ts'
import { fragment, goTo, json, page, wantsJson } from '../../platform/http/page.tsx'
import { problem } from '../../platform/http/problem.tsx'
import { Refusal } from '../../platform/lib/refuse.ts'
import { type Asked, type Inside, raw, viewerOf } from '../agents/index.ts'
import { addSite, deactivateSite, hostOf, restoreSite, type SiteRow, switchChat } from '../sites/index.ts'
import { linesIn } from './asked-chat.ts'
import { deleteSite } from './delete-site.ts'
import { siteCards } from './site-cards.ts'

/** Where the chat is embedded: every site, a new one, and what is done with one as a whole. */
export const sitesRoutes = (inside: Inside) =>
  new Elysia({ name: 'cabinet-sites' })
    .onError(({ error, request }) => problem(error, request))
    .get('/settings/sites', inside(showSites))
    .get('/settings/sites/list', inside(showList))
    .get('/settings/sites/new', inside(showNewSite))
    .post('/settings/sites', inside(createSite), raw)
    .put('/settings/sites/:id/chat', inside(chat(true)), raw)
    .delete('/settings/sites/:id/chat', inside(chat(false)), raw)
    .put('/settings/sites/:id/deactivation', inside(deactivation(true)), raw)
    .delete('/settings/sites/:id/deactivation', inside(deactivation(false)), raw)
    .delete('/settings/sites/:id', inside(removal), raw)
    .delete('/settings/sites/:id/removal', inside(restoration), raw)

async function showSites({ agent, t, origin }: Asked): Promise<Response> {
  const sites = await siteCards(origin)
  return page(<SitesPage t={t} assets={documentAssets('settings')} viewer={viewerOf(agent)} sites={sites} />)
}

const showList = async ({ t, origin }: Asked): Promise<Response> =>
  fragment(<SitesList t={t} sites={await siteCards(origin)} />)

const showNewSite = async (asked: Asked): Promise<Response> =>
  newSitePage(asked, { name: '', domains: [], wrongName: false, wrongDomains: [] })

const newSitePage = ({ t, agent }: Asked, form: Parameters<typeof NewSitePage>[0]['form'], status = 200): Response =>
  page(<NewSitePage t={t} assets={documentAssets('settings')} viewer={viewerOf(agent)} form={form} />, { status })

/** What could not be created comes back as it was typed. */
async function createSite(asked: Asked): Promise<Response> {
  const { agent, request } = asked
  const { name, domains } = await readFields(request)
  const hosts = linesIn(domains)
  try {
    const site = await addSite(agent, { name, domains: hosts })
    if (wantsJson(request)) return json({ siteId: site.id }, { status: 201 })
    return goTo(request, `/settings/sites/${site.id}`)
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== 'settings_invalid' || wantsJson(request)) throw error
    const typed = typeof name === 'string' ? name : ''
    const wrongDomains = hosts.filter((host) => hostOf(host) === null)
    return newSitePage(
      asked,
      { name: typed, domains: hosts, wrongName: error.values.field === 'name', wrongDomains },
      error.status,
    )
  }
}

/** Switches a site's chat and answers with its new state. */
const chat =
  (on: boolean) =>
  async ({ agent, t, request, params }: Asked): Promise<Response> => {
    const site = await switchChat(agent, params.id ?? '', on)
    if (wantsJson(request)) return json({ siteId: site.id, chatEnabled: site.chatEnabled })
    return fragment(<ChatSwitch t={t} site={site} />)
  }

const deactivation =
  (out: boolean) =>
  async (asked: Asked): Promise<Response> => {
    const site = await deactivateSite(asked.agent, asked.params.id ?? '', out)
    const words = asked.t(out ? 'cabinet.sites.said.deactivated' : 'cabinet.sites.said.activated', { name: site.name })
    const undo: Undo = { method: out ? 'delete' : 'put', address: `/settings/sites/${site.id}/deactivation` }
    return listAnew(asked, site, words, undo)
  }

async function removal(asked: Asked): Promise<Response> {
  const site = await deleteSite(asked.agent, asked.params.id ?? '')
  const undo: Undo = { method: 'delete', address: `/settings/sites/${site.id}/removal` }
  return listAnew(asked, site, asked.t('cabinet.sites.said.deleted', { name: site.name }), undo)
}

async function restoration(asked: Asked): Promise<Response> {
  const site = await restoreSite(asked.agent, asked.params.id ?? '')
  return listAnew(asked, site, asked.t('cabinet.sites.said.restored', { name: site.name }))
}

async function listAnew({ t, request, origin }: Asked, site: SiteRow, words: string, undo?: Undo): Promise<Response> {
  if (wantsJson(request)) return json({ siteId: site.id, deactivatedAt: site.deactivatedAt })
  const list = (
    <Elsewhere key="list" target="#sites" swap="outerMorph">
      <SitesList t={t} sites={await siteCards(origin)} />
    </Elsewhere>
  )
  return fragment([list, <Said key="said" t={t} words={words} {...(undo ? { undo } : {})} />])
}
