import { now } from '../../platform/lib/clock.ts'
import { publish } from '../../platform/live/bus.ts'
import './events.ts'
import type { SeenPage } from './schema.ts'
import { noteSeen } from './note-seen.ts'
import { noVisit, type Visit } from './visit.ts'
import type { VisitorActor } from './visitor-token.ts'

// Who is connected and where: in memory alone, because of those who merely look nothing is kept.

type Connection = { name: string; visit: Visit; leaving: Timer | null }
type Here = {
  siteId: string
  /** Whether they have written, so that the store has a row of theirs. */
  known: boolean
  /** The one that spoke last stands last. There are thousands of these, each with hardly more than one. */
  connections: Connection[]
  leaving: Timer | null
}

const here = new Map<string, Here>()

/** A reload closes one connection and opens the next; nobody should see the person leave and return. */
let graceMs = 5000
/** Who asks by HTTP asks at least every 30 s. */
const lingerMs = 40_000
const overHttp = 'http'

/** Lets a test wait less. */
export function setGrace(ms: number): void {
  graceMs = ms
}

/** Counts a connection of a visitor in. `known`: they have written before. */
export function arrive(
  { visitorId, siteId }: Pick<VisitorActor, 'visitorId' | 'siteId'>,
  connection: string,
  visit: Visit,
  known: boolean,
): void {
  const before = here.get(visitorId)
  const one: Here = before ?? { siteId, known, connections: [], leaving: null }
  if (one.leaving) clearTimeout(one.leaving)
  one.leaving = null
  one.known ||= known
  putLast(one, { name: connection, visit, leaving: null })
  here.set(visitorId, one)
  changed(visitorId, one, before !== undefined)
}

/** A connection says what is new: of a page, of what the page says. Nothing, when it is gone. */
export function tellOfVisit(visitorId: string, connection: string, change: Partial<Visit>): void {
  const one = here.get(visitorId)
  const told = connectionOf(one, connection)
  if (!one || !told) return
  putLast(one, { ...told, visit: { ...told.visit, ...change } })
  changed(visitorId, one, true)
}

/** Counts a connection out. The visitor is gone when none is left and none came back for 5 s. */
export function depart(visitorId: string, connection: string): void {
  const one = here.get(visitorId)
  const told = connectionOf(one, connection)
  if (!one || !told) return
  one.connections = one.connections.filter((other) => other !== told)
  if (one.connections.length > 0) return changed(visitorId, one, true)
  const at = now()
  // Where they were last stands until they are gone.
  one.connections = [{ name: left, visit: told.visit, leaving: null }]
  one.leaving = setTimeout(() => goodbye(visitorId, one, at), graceMs)
  one.leaving.unref()
}

const left = 'left'

/** Somebody who has no socket has asked: they are here for as long as they may be silent between two questions. */
export function heardOverHttp(visitor: VisitorActor, visit: Visit, known: boolean): void {
  const { visitorId } = visitor
  const before = connectionOf(here.get(visitorId), overHttp)
  if (before?.leaving) clearTimeout(before.leaving)
  const told = before ? withNews(before.visit, visit) : visit
  if (told !== before?.visit) arrive(visitor, overHttp, told, known)
  const connection = connectionOf(here.get(visitorId), overHttp)
  if (!connection) return
  connection.leaving = setTimeout(() => depart(visitorId, overHttp), lingerMs)
  connection.leaving.unref()
}

/** The same visit, the very object, where nothing is new: not every question tells of everything. */
function withNews(visit: Visit, news: Visit): Visit {
  const merged: Visit = {
    page: news.page ?? visit.page,
    referrer: visit.referrer ?? news.referrer,
    language: news.language ?? visit.language,
    timeZone: news.timeZone ?? visit.timeZone,
    userAgent: news.userAgent ?? visit.userAgent,
    attributes: Object.keys(news.attributes).length > 0 ? news.attributes : visit.attributes,
  }
  return Bun.deepEquals(merged, visit) ? visit : merged
}

/** From now on there is a row of this visitor. */
export function nowKnown(visitorId: string): void {
  const one = here.get(visitorId)
  if (one) one.known = true
}

/** What is known of a visitor who is here; null when they are not. */
export const visitNow = (visitorId: string): Visit | null => lastOf(here.get(visitorId))?.visit ?? null

/** Which of these visitors are connected now. */
export const visitorsOnline = (ids: readonly string[]): Set<string> => new Set(ids.filter((id) => here.has(id)))

/** Where a visitor is at this moment; null when they are not here. */
export function whereNow(visitorId: string): { page: SeenPage | null } | null {
  const visit = visitNow(visitorId)
  return visit && { page: visit.page }
}

/** The house closes: everybody has gone. */
export function sayGoodbyeToAll(): void {
  for (const [visitorId, one] of [...here]) goodbye(visitorId, one, now())
}

function goodbye(visitorId: string, one: Here, at: number): void {
  for (const { leaving } of one.connections) if (leaving) clearTimeout(leaving)
  if (one.leaving) clearTimeout(one.leaving)
  here.delete(visitorId)
  const visit = lastOf(one)?.visit ?? noVisit
  if (one.known) noteSeen({ visitorId, at, visit })
  publish('visitor.presence', { visitorId, siteId: one.siteId, known: one.known, online: false, moved: false })
}

const changed = (visitorId: string, { siteId, known }: Here, moved: boolean): void =>
  publish('visitor.presence', { visitorId, siteId, known, online: true, moved })

const lastOf = (one: Here | undefined): Connection | undefined => one?.connections.at(-1)

const connectionOf = (one: Here | undefined, wanted: string): Connection | undefined =>
  one?.connections.find(({ name }) => name === wanted)

function putLast(one: Here, connection: Connection): void {
  const others = one.connections.filter(({ name }) => name !== left && name !== connection.name)
  one.connections = [...others, connection]
}
