import { Elysia } from 'elysia'
import { readFields } from '../../platform/http/form.ts'
import { htmlFragment, json, wantsJson } from '../../platform/http/page.tsx'
import { problem } from '../../platform/http/problem.tsx'
import { Refusal } from '../../platform/lib/refuse.ts'
import { type Asked, type Inside, raw } from '../agents/index.ts'
import { changeTemplate } from './change-template.ts'
import { duplicateTemplate } from './duplicate-template.ts'
import { formOf } from './forms.ts'
import { moveTemplate } from './move-template.ts'
import { doneWith, listBehind, listPartial } from './page-parts.tsx'
import { removeTemplate } from './remove-template.ts'

/** What is done with a template where it stands in the list. */
export const deedRoutes = (admins: Inside) =>
  new Elysia({ name: 'templates-deeds' })
    .onError(({ error, request }) => problem(error, request))
    .put('/settings/templates/:id/position', admins(putPosition), raw)
    .put('/settings/templates/:id/place', admins(putPlace), raw)
    .put('/settings/templates/:id/visibility', admins(putVisibility), raw)
    .put('/settings/templates/:id/removal', admins(remove), raw)
    .delete('/settings/templates/:id/removal', admins(restore), raw)
    .post('/settings/templates/:id/copies', admins(copy), raw)

const anew = async (asked: Asked): Promise<Response> =>
  wantsJson(asked.request) ? json({}) : htmlFragment(listPartial(asked.t, await listBehind(asked)))

/** Answers the list; refused, with what was typed still in it. */
async function putPosition(asked: Asked): Promise<Response> {
  const { agent, t, params, request } = asked
  const { position } = await readFields(request)
  const id = params.id ?? ''
  try {
    await changeTemplate(agent, id, { position: position ?? '' })
    return await anew(asked)
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== 'position_invalid' || wantsJson(request)) throw error
    const typed = typeof position === 'string' ? position : ''
    const refused = { id, typed, sentence: t('refusals.position_invalid') }
    // As an answer that is none it would be said in a toast, not beside the field.
    return htmlFragment(listPartial(t, { ...(await listBehind(asked)), refused }))
  }
}

/** Behind another one, or before all others. */
async function putPlace(asked: Asked): Promise<Response> {
  const { after } = await readFields(asked.request)
  await moveTemplate(asked.agent, asked.params.id ?? '', typeof after === 'string' && after !== '' ? after : null)
  return anew(asked)
}

async function putVisibility(asked: Asked): Promise<Response> {
  const { visible } = await readFields(asked.request)
  await changeTemplate(asked.agent, asked.params.id ?? '', { visible: visible === 'on' || visible === true })
  return anew(asked)
}

async function remove(asked: Asked): Promise<Response> {
  const template = await removeTemplate(asked.agent, asked.params.id ?? '', true)
  return wantsJson(asked.request) ? json({}) : doneWith(asked, 'templates.deleted', template, { undo: 'restoring' })
}

async function restore(asked: Asked): Promise<Response> {
  await removeTemplate(asked.agent, asked.params.id ?? '', false)
  return anew(asked)
}

/** The copy is opened, to be made into something of its own. */
async function copy(asked: Asked): Promise<Response> {
  const { agent, t, params, request } = asked
  const template = await duplicateTemplate(agent, params.id ?? '', ` ${t('templates.copy.suffix')}`)
  if (wantsJson(request)) return json(template, { status: 201 })
  return doneWith(asked, 'templates.copied', template, { undo: 'removal', form: formOf(template, t) })
}
