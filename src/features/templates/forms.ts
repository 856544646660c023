import type { FormState, FormValues } from '../../../views/settings/templates-form.tsx'
import { templateFields } from '../../../views/templates/fields.ts'
import { formatPosition, signOf } from '../../../views/templates/position.ts'
import type { Fields } from '../../platform/http/form.ts'
import type { Translate } from '../../platform/lib/i18n.ts'
import { Refusal } from '../../platform/lib/refuse.ts'
import { checkTemplate, type TemplateInput } from './check-template.ts'
import type { TemplateRow } from './schema.ts'

/** The form in which a template is changed, with it as it is now. */
export function formOf(template: TemplateRow, t: Translate): FormState {
  const { id, name, text, shortcut, visible, siteIds, locale, changedAt } = template
  const position = formatPosition(template.position, signOf(t.locale))
  return {
    id,
    values: { name, text, position, shortcut: shortcut ?? '', visible, siteIds, locale },
    seen: { changedAt, position, visible },
    problems: {},
  }
}

/** What a form, or a program's JSON, asks for. In a form a box that is not ticked is absent, and sites have a name each. */
export function inputOf(fields: Fields): TemplateInput {
  if (fields.as !== 'form') return pick(fields, [...templateFields])
  const { was_position: wasPosition, was_visible: wasVisible = 'none' } = fields
  return {
    ...pick(fields, ['name', 'text', 'shortcut', 'locale']),
    // What was left alone may have been moved or hidden by somebody else since: it stays as they have it.
    ...(fields.position === wasPosition ? {} : { position: fields.position }),
    ...((fields.visible ?? '') === wasVisible ? {} : { visible: fields.visible === 'on' || fields.visible === true }),
    ...(fields.sites === undefined ? {} : { siteIds: sitesOf(fields) }),
  }
}

const pick = (fields: Fields, names: (keyof TemplateInput)[]): TemplateInput =>
  Object.fromEntries(names.filter((name) => fields[name] !== undefined).map((name) => [name, fields[name]]))

function sitesOf(fields: Fields): string[] | null {
  if (fields.sites !== 'some') return null
  return Object.keys(fields).flatMap((name) => (name.startsWith('site:') ? [name.slice('site:'.length)] : []))
}

const lineOf = (value: unknown): string => (typeof value === 'string' ? value : '')

/** The form again as it was filled in, with what is wrong beside its field; null when the error is of another kind. */
export function refusedForm(error: unknown, id: string | null, fields: Fields, t: Translate) {
  if (!(error instanceof Refusal) || ![400, 404, 409, 422].includes(error.status)) return null
  const { wrong } = checkTemplate({ name: '', text: '', ...inputOf(fields) })
  const sentence = ({ code, values }: Refusal) => t(`refusals.${code}`, values)
  const problems: FormState['problems'] = Object.fromEntries(
    wrong.map(({ field, refusal }) => [field, sentence(refusal)]),
  )
  if (error.code === 'site_unknown') problems.siteIds ??= sentence(error)
  else if (error.code === 'edited_meanwhile') problems.form = t('templates.edited_meanwhile')
  else if (wrong.length === 0) problems.form = sentence(error)
  const values: FormValues = {
    name: lineOf(fields.name),
    text: lineOf(fields.text),
    position: lineOf(fields.position),
    shortcut: lineOf(fields.shortcut),
    visible: fields.visible === 'on',
    siteIds: sitesOf(fields),
    locale: lineOf(fields.locale) || null,
  }
  // Whoever has been told that somebody else changed it and saves again means it.
  const changedAt = error.code === 'edited_meanwhile' ? null : Number(fields.seen)
  const seen = {
    changedAt: changedAt ?? Number(error.values.changedAt),
    position: lineOf(fields.was_position),
    visible: fields.was_visible === 'on',
  }
  const form: FormState = { id, values, problems, ...(fields.seen === undefined ? {} : { seen }) }
  return { form, status: error.code === 'edited_meanwhile' ? 409 : 422 }
}
