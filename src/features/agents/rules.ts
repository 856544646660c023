import { refuse } from '../../platform/lib/refuse.ts'
import { foldEmail, isLine, tidyLine } from '../../platform/lib/text.ts'
import { type Role, roles } from './schema.ts'

export const minPasswordLength = 10
export const maxPasswordLength = 200
const maxNameLength = 100

/** Refuses `name_missing` for what is not a line of 1 to 100 characters. */
export function checkName(value: unknown): string {
  const name = typeof value === 'string' ? tidyLine(value) : ''
  if (name === '' || !isLine(name, maxNameLength)) throw refuse('name_missing')
  return name
}

/** What an agent does, in a line; null for nothing. Refuses `settings_invalid`. */
export function checkTitle(value: string | null): string | null {
  const title = tidyLine(value ?? '')
  if (!isLine(title, maxNameLength)) throw refuse('settings_invalid', { field: 'title' })
  return title === '' ? null : title
}

/** Refuses `password_too_short`, `password_too_long` and `password_is_email`. */
export function checkPassword(value: unknown, email: string): string {
  const password = typeof value === 'string' ? value : ''
  if ([...password].length < minPasswordLength) throw refuse('password_too_short', { min: minPasswordLength })
  if (password.length > maxPasswordLength) throw refuse('password_too_long', { max: maxPasswordLength })
  if (foldEmail(password) === foldEmail(email)) throw refuse('password_is_email')
  return password
}

/** Refuses `role_unknown`. */
export function checkRole(value: unknown): Role {
  const role = roles.find((one) => one === value)
  if (!role) throw refuse('role_unknown')
  return role
}

/** Who may change how the shop is run. */
export const mayManage = (role: Role): boolean => role === 'owner' || role === 'admin'
