import { Elysia } from 'elysia'
import { TemplatesPage } from '../../../views/settings/templates.tsx'
import { emptyForm, type FormState, TemplateForm } from '../../../views/settings/templates-form.tsx'
import { TemplateList } from '../../../views/settings/templates-table.tsx'
import type { Config } from '../../config.ts'
import { documentAssets } from '../../platform/http/document-assets.ts'
import { readFields } from '../../platform/http/form.ts'
import { fragment, json, page, wantsJson } from '../../platform/http/page.tsx'
import { problem } from '../../platform/http/problem.tsx'
import { refuse } from '../../platform/lib/refuse.ts'
import { type Asked, insideOf, managed, raw, viewerOf } from '../agents/index.ts'
import { listSites } from '../sites/index.ts'
import { changeTemplate } from './change-template.ts'
import { createTemplate } from './create-template.ts'
import { deedRoutes } from './deed-routes.tsx'
import { fileRoutes } from './file-routes.tsx'
import { formOf, inputOf, refusedForm } from './forms.ts'
import { findTemplate } from './list-templates.ts'
import { doneWith, listOf } from './page-parts.tsx'
import { panelRoutes } from './panel-routes.tsx'

/** The cabinet's page of templates, and the panel in which agents are offered them. */
export function routes(config: Config) {
  const inside = insideOf(config)
  const admins = managed(inside)
  return new Elysia({ name: 'templates' })
    .onError(({ error, request }) => problem(error, request))
    .get('/settings/templates', admins(showPage))
    .get('/settings/templates/list', admins(showList))
    .get('/settings/templates/form', admins(showEmptyForm))
    .get('/settings/templates/:id/form', admins(showForm))
    .post('/settings/templates', admins(create), raw)
    .put('/settings/templates/:id', admins(change), raw)
    .use(deedRoutes(admins))
    .use(fileRoutes(admins))
    .use(panelRoutes(inside))
}

async function showPage({ agent, t, query }: Asked): Promise<Response> {
  const [list, sites] = await Promise.all([listOf(query.site), listSites()])
  const assets = documentAssets('settings')
  const viewer = viewerOf(agent)
  return page(<TemplatesPage t={t} assets={assets} viewer={viewer} list={list} form={emptyForm} sites={sites} />)
}

async function showList({ t, query, request }: Asked): Promise<Response> {
  const list = await listOf(query.site)
  if (wantsJson(request)) return json({ items: list.rows.map((row) => ({ ...row, uses: list.uses.get(row.id) ?? 0 })) })
  return fragment(<TemplateList t={t} list={list} />)
}

const formFragment = async (t: Asked['t'], form: FormState, status = 200): Promise<Response> =>
  fragment(<TemplateForm t={t} form={form} sites={await listSites()} />, { status })

const showEmptyForm = ({ t }: Asked): Promise<Response> => formFragment(t, emptyForm)

async function showForm({ t, params }: Asked): Promise<Response> {
  const template = await findTemplate(params.id ?? '')
  if (!template || template.removedAt !== null) throw refuse('not_found')
  return formFragment(t, formOf(template, t))
}

async function create(asked: Asked): Promise<Response> {
  const { agent, t, request } = asked
  const fields = await readFields(request)
  try {
    const template = await createTemplate(agent, inputOf(fields))
    if (wantsJson(request)) return json(template, { status: 201 })
    return await doneWith(asked, 'templates.created', template, { undo: 'removal', form: emptyForm })
  } catch (error) {
    const refused = refusedForm(error, null, fields, t)
    if (!refused || wantsJson(request)) throw error
    return formFragment(t, refused.form, refused.status)
  }
}

async function change(asked: Asked): Promise<Response> {
  const { agent, t, params, request } = asked
  const id = params.id ?? ''
  const fields = await readFields(request)
  try {
    const seen = Number(fields.seen)
    const template = await changeTemplate(agent, id, inputOf(fields), fields.seen === undefined ? null : seen)
    if (wantsJson(request)) return json(template)
    return await doneWith(asked, 'templates.saved', template, { form: emptyForm })
  } catch (error) {
    const refused = refusedForm(error, id, fields, t)
    if (!refused || wantsJson(request)) throw error
    return formFragment(t, refused.form, refused.status)
  }
}
