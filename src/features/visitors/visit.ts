import type { SeenPage } from './schema.ts'

/** What the shop's page says of its visitor. Nobody has checked it, and it is not kept. */
export type Attributes = Record<string, string | number | boolean>

/** Where a browser is and what it is, by its own account. */
export type Visit = {
  page: SeenPage | null
  /** Where it had come from when it was first heard of. */
  referrer: string | null
  language: string | null
  timeZone: string | null
  userAgent: string | null
  attributes: Attributes
}

export const noVisit: Visit = {
  page: null,
  referrer: null,
  language: null,
  timeZone: null,
  userAgent: null,
  attributes: {},
}
