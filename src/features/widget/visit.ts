import { cut, isLine, isStorable } from '../../platform/lib/text.ts'
import type { Attributes, Visit } from '../visitors/index.ts'
import { pageOf } from './frames.ts'

// Whatever a browser says of itself, only what could be shown is taken; the rest is passed over, never refused: nobody's
// message waits for it.

const maxUserAgent = 400
const maxLanguage = 35
const maxTimeZone = 64
/** Most of what a page may say of its visitor, and how long a name and a value may be. */
const maxAttributes = 20
const maxAttributeName = 40
const maxAttributeValue = 200

/** Where a browser is and what it is: what it said, beside what its request showed. */
export function visitOf(said: unknown, userAgent: string | null): Visit {
  const { page, referrer, language, timeZone, attributes } = object(said)
  const where = pageOf(page)
  return {
    page: where,
    referrer: referrerOf(referrer, where?.url ?? null),
    language: languageOf(language),
    timeZone: timeZoneOf(timeZone),
    userAgent: userAgentOf(userAgent),
    attributes: attributesOf(attributes),
  }
}

/** What is new of a visit that is under way; what a page does not say stays as it was. */
export function changeOf({ page, attributes }: Record<string, unknown>): Partial<Visit> {
  const where = pageOf(page)
  return { ...(where && { page: where }), ...(attributes ? { attributes: attributesOf(attributes) } : {}) }
}

// The same few come with thousands of connections: each is held once.
const userAgents = new Map<string, string>()
const mostUserAgents = 500

function userAgentOf(header: string | null): string | null {
  if (header === null || !isLine(header, Infinity)) return null
  const known = userAgents.get(header)
  if (known !== undefined) return known
  if (userAgents.size >= mostUserAgents) userAgents.clear()
  const taken = cut(header, maxUserAgent)
  userAgents.set(header, taken)
  return taken
}

/** Another site's page, without what might be a secret: its own pages are no news. */
function referrerOf(value: unknown, at: string | null): string | null {
  const from = pageOf({ url: value })?.url ?? null
  if (from === null || (at !== null && new URL(from).host === new URL(at).host)) return null
  return from
}

function languageOf(value: unknown): string | null {
  if (typeof value !== 'string' || value.length > maxLanguage) return null
  try {
    return Intl.getCanonicalLocales(value)[0] ?? null
  } catch {
    return null
  }
}

// To ask costs more than to remember, and there are not many zones.
const zones = new Map<string, boolean>()
const mostZones = 1000

function timeZoneOf(value: unknown): string | null {
  if (typeof value !== 'string' || value.length > maxTimeZone || !isStorable(value)) return null
  const known = zones.get(value) ?? isZone(value)
  if (zones.size < mostZones) zones.set(value, known)
  return known ? value : null
}

function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}

const none: Attributes = {}

function attributesOf(value: unknown): Attributes {
  if (value === undefined) return none
  const taken = Object.entries(object(value))
    .filter(([name]) => name !== '' && isLine(name, maxAttributeName))
    .flatMap(([name, one]): [string, Attributes[string]][] => (isAttribute(one) ? [[name, shortened(one)]] : []))
  return Object.fromEntries(taken.slice(0, maxAttributes))
}

const isAttribute = (value: unknown): value is Attributes[string] =>
  typeof value === 'boolean' || Number.isFinite(value) || (typeof value === 'string' && isStorable(value))

const shortened = (value: Attributes[string]): Attributes[string] =>
  typeof value === 'string' ? cut(value, maxAttributeValue) : value

const object = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
