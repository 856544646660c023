import { isId } from '../../platform/lib/id.ts'
import { Refusal, refuse } from '../../platform/lib/refuse.ts'
import { checkText, isLine, tidyLine } from '../../platform/lib/text.ts'
import { wrongPlaceholder } from '../../../views/templates/placeholders.ts'
import { parsePosition } from '../../../views/templates/position.ts'
import { type TemplateField, templateLanguages } from '../../../views/templates/fields.ts'

/** What is kept of a template as an admin gives it. `position` is in millionths; null: behind all others. */
export type TemplateValues = {
  name: string
  text: string
  position: number | null
  visible: boolean
  siteIds: string[] | null
  shortcut: string | null
  locale: string | null
}

/** The same as it comes: of any type. What is absent stays as it is, or takes its default in a new one. */
export type TemplateInput = Partial<Record<TemplateField, unknown>>

export const maxNameLength = 100
export const maxTextLength = 8000
export const maxShortcutLength = 40

/** A refusal and the field that it is about: a form shows it there. */
export type FieldRefusal = { field: TemplateField; refusal: Refusal }

const checks: { [F in keyof TemplateValues]: (value: unknown) => TemplateValues[F] } = {
  name: checkName,
  text: checkTemplateText,
  position: checkPosition,
  visible: (value) => value === true || value === 'on' || value === 'true',
  siteIds: checkSites,
  shortcut: checkShortcut,
  locale: checkLocale,
}

/** What of an input can be kept, and what is wrong with the rest, field by field. */
export function checkTemplate(input: TemplateInput): { values: Partial<TemplateValues>; wrong: FieldRefusal[] } {
  const values: Record<string, unknown> = {}
  const wrong: FieldRefusal[] = []
  for (const [field, check] of Object.entries(checks) as [keyof TemplateValues, (value: unknown) => unknown][]) {
    if (input[field] === undefined) continue
    try {
      values[field] = check(input[field])
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      wrong.push({ field, refusal: error })
    }
  }
  return { values, wrong }
}

function checkName(value: unknown): string {
  const name = typeof value === 'string' ? tidyLine(value) : ''
  if (name === '') throw refuse('name_missing')
  if (!isLine(name, maxNameLength)) throw refuse('name_invalid', { max: maxNameLength })
  return name
}

/** Refuses what `checkText` refuses and `placeholder_unknown`: what looks like a placeholder is one, or would be sent as it is. */
function checkTemplateText(value: unknown): string {
  const text = checkText(typeof value === 'string' ? value.replaceAll('\r\n', '\n') : value, maxTextLength)
  const wrong = wrongPlaceholder(text)
  if (wrong) {
    const [first = '', second = ''] = wrong.guesses.map((guess) => `{{${guess}}}`)
    const guesses = second === '' ? (first === '' ? 'none' : 'one') : 'two'
    throw refuse('placeholder_unknown', { written: wrong.written, first, second, guesses })
  }
  return text
}

function checkPosition(value: unknown): number | null {
  if (value === null || value === '') return null
  const position = typeof value === 'string' || typeof value === 'number' ? parsePosition(`${value}`) : null
  if (position === null) throw refuse('position_invalid')
  return position
}

function checkSites(value: unknown): string[] | null {
  if (value === null || value === '') return null
  const ids = Array.isArray(value) ? value : [value]
  if (!ids.every(isId)) throw refuse('site_unknown')
  return ids.length === 0 ? null : [...new Set(ids)].toSorted()
}

/** Without the sign that somebody may have put before it. */
function checkShortcut(value: unknown): string | null {
  const shortcut = typeof value === 'string' ? value.trim().replace(/^[/#]+/, '') : ''
  if (/\s/u.test(shortcut) || !isLine(shortcut, maxShortcutLength))
    throw refuse('shortcut_invalid', { max: maxShortcutLength })
  return shortcut === '' ? null : shortcut
}

function checkLocale(value: unknown): string | null {
  if (value === null || value === '') return null
  const locale = templateLanguages.find((one) => one === value)
  if (!locale) throw refuse('language_unknown')
  return locale
}
