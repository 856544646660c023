import { Elysia } from 'elysia'
import type { ChatFormShown } from '../../../views/settings/chat-form.ts'
import { ChatForm, ChatSettingsPage } from '../../../views/settings/chat.tsx'
import { fieldName } from '../../../views/settings/change-words.ts'
import { Said } from '../../../views/settings/said.tsx'
import { asset } from '../../platform/http/assets.ts'
import { documentAssets } from '../../platform/http/document-assets.ts'
import { readFields } from '../../platform/http/form.ts'
import { fragment, json, page, wantsJson } from '../../platform/http/page.tsx'
import { problem } from '../../platform/http/problem.tsx'
import type { Translate } from '../../platform/lib/i18n.ts'
import { isId } from '../../platform/lib/id.ts'
import { Refusal, refuse } from '../../platform/lib/refuse.ts'
import { type Asked, type Inside, raw, viewerOf } from '../agents/index.ts'
import { type ChangedFields, changesSince, lastChange } from '../settings/index.ts'
import {
  changeChatDefaults,
  changeSiteChat,
  chatDefaults,
  chatOf,
  checkChat,
  findSite,
  listSites,
  type SiteRow,
} from '../sites/index.ts'
import { type AskedChat, askedChat } from './asked-chat.ts'
import { showingPreviews } from './showing-previews.ts'
import { shownChanges } from './shown-changes.ts'

/** How the chat is set, for all sites or for one. */
export const chatRoutes = (inside: Inside) =>
  new Elysia({ name: 'cabinet-chat' })
    .onError(({ error, request }) => problem(error, request))
    .get('/settings/chat', inside(showChat))
    .put('/settings/chat', inside(saveChat), raw)

async function showChat({ agent, t, query }: Asked): Promise<Response> {
  const site = await siteAsked(query.site)
  const sites = (await listSites()).map(({ id, name }) => ({ id, name }))
  return page(
    <ChatSettingsPage
      t={t}
      assets={documentAssets('settings')}
      viewer={viewerOf(agent)}
      form={await keptForm(site)}
      sites={sites}
      {...parts(t)}
    />,
    { headers: showingPreviews },
  )
}

const parts = (t: Translate) => ({
  emoji: asset(`emoji-${t.locale}.js`),
  preview: '/settings/preview',
})

async function siteAsked(id: string | undefined): Promise<SiteRow | null> {
  if (id === undefined || id === '') return null
  const site = isId(id) ? await findSite(id) : null
  if (!site) throw refuse('site_unknown')
  return site
}

async function keptForm(of: SiteRow | null): Promise<ChatFormShown> {
  // First what was changed last, then the values: a change in between is then refused as one not seen, never written over.
  const seen = await lastChange('chat', of?.id ?? null)
  const [defaults, site] = await Promise.all([chatDefaults(), siteAsked(of?.id)])
  return {
    site: site && { id: site.id, name: site.name },
    own: site?.own ?? [],
    chat: site === null ? defaults : chatOf(site),
    widget: site?.widget ?? {},
    defaults,
    errors: {},
    seen,
    meanwhile: [],
    refused: false,
  }
}

/** Saves what was typed; what cannot be saved comes back as it was typed, with what is wrong beside it. */
async function saveChat({ agent, t, query, request }: Asked): Promise<Response> {
  const site = await siteAsked(query.site)
  const asked = askedChat(await readFields(request))
  const { settings, errors } = checkChat(asked.form)
  if (Object.keys(errors).length > 0) {
    if (wantsJson(request)) throw refuse('settings_invalid', { field: Object.keys(errors)[0] ?? '' })
    return refused(t, { ...(await typedForm(site, asked)), errors, seen: asked.seen }, 422)
  }
  try {
    const changed =
      site === null
        ? await changeChatDefaults(agent, settings, asked.seen)
        : await changeSiteChat(agent, site.id, { own: asked.own, chat: settings }, asked.seen)
    return await saved(request, t, await siteAsked(query.site), changed)
  } catch (error) {
    const isLate = error instanceof Refusal && error.code === 'edited_meanwhile'
    if (!isLate || wantsJson(request)) throw error
    const meanwhile = await shownChanges(await changesSince('chat', site?.id ?? null, asked.seen))
    return refused(t, { ...(await typedForm(site, asked)), meanwhile }, 409)
  }
}

async function typedForm(site: SiteRow | null, { form, own }: AskedChat): Promise<ChatFormShown> {
  const { settings, errors } = checkChat(form)
  const typed = form.copies.digestMinutes
  const digest = errors.digestMinutes ? { digestMinutes: String(typed) } : {}
  return { ...(await keptForm(site)), own, chat: settings, refused: true, ...digest }
}

const refused = (t: Translate, form: ChatFormShown, status: number): Response =>
  fragment(<ChatForm t={t} form={form} {...parts(t)} />, { status })

async function saved(request: Request, t: Translate, site: SiteRow | null, changed: ChangedFields): Promise<Response> {
  if (wantsJson(request)) return json({ changed: Object.keys(changed) })
  const what = [...new Set(Object.keys(changed).map((field) => fieldName(t, field)))].join(', ')
  const words = what === '' ? t('cabinet.saved.nothing') : t('cabinet.saved', { what })
  const form = await keptForm(site)
  return fragment([<ChatForm key="form" t={t} form={form} {...parts(t)} />, <Said key="said" t={t} words={words} />])
}
