import { refuse } from '../../platform/lib/refuse.ts'
import { checkEmail, isLine, tidyLine } from '../../platform/lib/text.ts'
import { type EditableField, editableFields } from './schema.ts'

/** What an agent writes into a field, and what stood there when they began. */
export type Edit = { field: EditableField; value: string | null; was: string | null }

const maxNameLength = 100
const maxPhoneLength = 40

/**
 * An edit as it can be kept; empty means that nothing is known. Refuses `bad_request` for another field, `name_invalid`,
 * `email_invalid` and `phone_invalid`.
 */
export function checkEdit({ field, value, was }: { field: unknown; value: unknown; was: unknown }): Edit {
  if (!isEditable(field)) throw refuse('bad_request')
  return { field, value: checked[field](value), was: typeof was === 'string' && was !== '' ? was : null }
}

const isEditable = (field: unknown): field is EditableField => (editableFields as readonly unknown[]).includes(field)

const checked: Record<EditableField, (value: unknown) => string | null> = {
  name(value) {
    const name = lineOf(value)
    if (name !== null && !isLine(name, maxNameLength)) throw refuse('name_invalid', { max: maxNameLength })
    return name
  },
  email: (value) => (lineOf(value) === null ? null : checkEmail(value)),
  phone(value) {
    const phone = lineOf(value)
    if (phone === null) return null
    // People write them with brackets, dots, words for an extension: what counts is that there is a number.
    if (!isLine(phone, maxPhoneLength) || !/\d/.test(phone)) throw refuse('phone_invalid', { max: maxPhoneLength })
    return phone
  },
}

const lineOf = (value: unknown): string | null => (typeof value === 'string' ? tidyLine(value) || null : null)
