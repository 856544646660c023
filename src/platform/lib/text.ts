import { refuse } from './refuse.ts'

/** Longest message text, in UTF-16 code units. */
export const maxBodyLength = 8000

const blank = /^\s*$/u

/**
 * Checks what a person wrote and returns it as sent.
 * Refuses `text_missing` (not a string, or nothing but white space), `text_too_long` (over `max` UTF-16 units) and
 * `text_invalid` (a NUL or half of a surrogate pair, which no store and no other client could give back unchanged).
 */
export function checkText(value: unknown, max = maxBodyLength): string {
  if (typeof value !== 'string' || blank.test(value)) throw refuse('text_missing')
  if (value.length > max) throw refuse('text_too_long', { max })
  if (!isStorable(value)) throw refuse('text_invalid')
  return value
}

/** Whether a text survives the trip into a store and back: no NUL, no lone surrogate. */
export const isStorable = (value: string): boolean => !value.includes('\0') && value.isWellFormed()

/** A line as it is kept: what stood around it and runs of white space are gone. */
export const tidyLine = (value: string): string => value.trim().replaceAll(/\s+/gu, ' ')

/** Whether a text is one line of at most `max` UTF-16 units that can be kept; an empty one is. */
export const isLine = (value: string, max: number): boolean =>
  value.length <= max && isStorable(value) && !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(value)

/** Cuts to `max` UTF-16 units without splitting a character, for previews and counted fields. */
export function cut(value: string, max: number): string {
  if (value.length <= max) return value
  const head = value.slice(0, max)
  return head.isWellFormed() ? head : head.slice(0, -1)
}

const maxEmailLength = 254
// Marks that turn the direction of what follows: an address with one shows as another.
const turnsText = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u

/** Refuses `email_invalid`. Only the shape is checked: whether a mailbox exists, only mail can tell. */
export function checkEmail(value: unknown): string {
  const email = typeof value === 'string' ? value.trim() : ''
  const shaped = /^[^\s@<>()[\]\\,;:"\u0000-\u001f\u007f]+@[^\s@<>()[\]\\,;:"\u0000-\u001f\u007f]+$/u.test(email)
  if (!shaped || turnsText.test(email) || email.length > maxEmailLength || !email.isWellFormed())
    throw refuse('email_invalid')
  return email
}

/** What e-mail addresses are compared by: people do not remember how they capitalised theirs. */
export const foldEmail = (email: string): string => email.trim().normalize('NFKC').toLowerCase()
