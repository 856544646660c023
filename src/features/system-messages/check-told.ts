import { refuse } from '../../platform/lib/refuse.ts'
import { checkText, isLine, isStorable, tidyLine } from '../../platform/lib/text.ts'
import type { SystemCode } from './codes.ts'
import type { SystemMessageKind } from './schema.ts'

const maxTitleLength = 200
const maxTextLength = 4000
const maxLinkLength = 2000
const maxKeyLength = 200

/** What is to be told: by one of the catalogue's codes with its values, or in words of its own. */
export type Told = {
  kind: SystemMessageKind
  code?: SystemCode
  values?: Record<string, string | number>
  title?: unknown
  body?: unknown
  /** An http(s) address, or a page of the console (`/settings/mail`). */
  link?: unknown
  /** What it is about: the same is told once until it is over. */
  key?: unknown
}

/** The key of a notice as it is kept: whoever tells from outside neither ends nor forestalls what the house itself tells. */
export const noticeKey = (key: string): string => `notice:${key}`

/** Refuses `text_missing`, `text_too_long`, `text_invalid` and `settings_invalid` with the `field` that is wrong. */
export function checkTold({ kind, code, values, title, body, link, key }: Told) {
  const words =
    code === undefined
      ? { title: titleOf(title), body: isEmpty(body) ? null : checkText(body, maxTextLength) }
      : { title: null, body: null }
  const about = keyOf(key)
  const kept = about !== null && kind === 'notice' ? noticeKey(about) : about
  return { kind, code: code ?? null, values: values ?? null, ...words, link: linkOf(link), key: kept }
}

function titleOf(value: unknown): string {
  const title = tidyLine(checkText(value, maxTitleLength))
  if (!isLine(title, maxTitleLength)) throw refuse('settings_invalid', { field: 'title' })
  return title
}

function linkOf(value: unknown): string | null {
  if (isEmpty(value)) return null
  const isPage = typeof value === 'string' && /^\/(?![/\\])[\w\-./?=&%#]*$/.test(value)
  const isAddress = typeof value === 'string' && /^https?:\/\/\S+$/i.test(value) && URL.canParse(value)
  if ((!isPage && !isAddress) || value.length > maxLinkLength || !isLine(value, maxLinkLength))
    throw refuse('settings_invalid', { field: 'link' })
  return value
}

function keyOf(value: unknown): string | null {
  if (isEmpty(value)) return null
  if (typeof value !== 'string' || value.length > maxKeyLength || !isStorable(value))
    throw refuse('settings_invalid', { field: 'key' })
  return value
}

const isEmpty = (value: unknown): boolean => value === undefined || value === null || value === ''
