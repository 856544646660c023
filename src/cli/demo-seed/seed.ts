import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { StorePlace } from '../../config.ts'
import { keepAgent, listAgents, readyToKeep } from '../../features/agents/index.ts'
import { importMovements } from '../../features/containers/index.ts'
import { importAddresses, importContacts, type NewContact } from '../../features/contacts/index.ts'
import type { AgentActor } from '../../features/conversations/index.ts'
import { type History, importHistories } from '../../features/messages/index.ts'
import { importOrders } from '../../features/orders/index.ts'
import { createSite, listSites } from '../../features/sites/index.ts'
import { bringInTemplates } from '../../features/templates/index.ts'
import { importVisitors, type ImportedVisitor } from '../../features/visitors/index.ts'
import { importZones, type ZoneRow } from '../../features/zones/index.ts'
import { write } from '../../platform/db/write.ts'
import { CannotStart } from '../../platform/lib/cannot-start.ts'
import { type Locale, locales, translator } from '../../platform/lib/i18n.ts'
import { answersOf } from './answers.ts'
import { browserOf, lastSeen } from './browsers.ts'
import { compose, type Shop } from './compose.ts'
import { type Dealings, dealingsOf, zonesOf } from './dealings.ts'
import { sayIn } from './lines.ts'
import { type KnownPerson, knownPerson } from './people.ts'
import { type Amounts, type Plan, type Planned, planDemo } from './plan.ts'
import { randomOf } from './random.ts'
import { staff } from './staff.ts'

/** Conversations by their ids, where exact sizes were asked for. */
export type Seeded = { longest: string | null; short: string | null }
export type Watching = {
  /** Called after each write with how many texts are in. */
  wrote(texts: number): void
  /** Asked before each write; then the rest is left. */
  stopped(): boolean
}

// Few and large: each write costs a flush, and goes through every index once.
const textsAtOnce = 20_000
const conversationsAtOnce = 2500

/**
 * Fills the open store, in one folder, with the demo's shop. Throws `CannotStart` when anything is in it already, or when
 * it was stopped: then the folder is marked, and no other demo is seeded on top of half a one.
 */
export async function seedDemo(
  folder: StorePlace,
  amounts: Amounts,
  password: string,
  watching: Watching,
): Promise<Seeded> {
  await mustBeFresh(folder)
  const plan = planDemo(amounts)
  const ready = await Promise.all(staff.map((one) => readyToKeep({ ...one, password })))
  writeFileSync(marker(folder), '')
  const { sites, shop, zones } = await openShop(plan, ready)
  const writer = new Scribe(shop, sites, zones, watching)
  for (let index = 0; index < amounts.conversations; index++) {
    if (writer.isFull()) await writer.flush()
    if (watching.stopped()) throw new CannotStart(`Stopped. ${unfinished(folder)}`)
    writer.add(plan, index)
  }
  for (let place = 0; writer.people < (amounts.contacts ?? 0); place++) {
    if (writer.isFull()) await writer.flush()
    if (watching.stopped()) throw new CannotStart(`Stopped. ${unfinished(folder)}`)
    writer.addSilent(amounts.conversations + place)
  }
  await writer.flush()
  rmSync(marker(folder))
  return { longest: writer.idAt(plan.longestAt), short: writer.idAt(plan.shortAt) }
}

const marker = ({ data }: StorePlace): string => join(data, 'demo-seed.unfinished')

/** What to do about a demo of which only a part is there. */
export function unfinished({ data, databaseUrl }: StorePlace): string {
  const clear =
    databaseUrl === null ? 'Remove kontuar.db, kontuar.db-wal and kontuar.db-shm there' : 'Empty the database'
  return `The demo in ${data} is not finished. ${clear}, then seed again.`
}

async function mustBeFresh(place: StorePlace): Promise<void> {
  const [sites, agents] = await Promise.all([listSites(), listAgents()])
  if (sites.length === 0 && agents.length === 0) return
  if (existsSync(marker(place))) throw new CannotStart(unfinished(place))
  throw new CannotStart(
    place.databaseUrl === null
      ? `There are sites or accounts in ${place.data} already. Name a fresh folder for the demo with --data.`
      : 'There are sites or accounts in the database already. Name an empty one for the demo with --database-url.',
  )
}

type Ready = Awaited<ReturnType<typeof readyToKeep>>[]
type Site = { id: string; greeting: string | null }
type Zones = Map<Locale, ZoneRow[]>

/** Two sites, those who answer there and with what, and the zones; all since the day before the month begins. */
async function openShop({ calendar }: Plan, ready: Ready): Promise<{ sites: Site[]; shop: Shop; zones: Zones }> {
  const random = randomOf('shop')
  const createdAt = calendar.from - 86_400_000
  const greeting = locales.map((locale) => sayIn(locale, 'greeting', {})).join('\n')
  const names = [translator('en')('demo.shop'), sayIn('en', 'offices', {})]
  const sites = names.map((name, place) => {
    return { id: random.id(createdAt + place), name, greeting: place === 0 ? greeting : null, demo: place === 0 }
  })
  const zones = zonesOf(createdAt)
  const accounts = ready.map((one, place) => ({ ...one, id: random.id(createdAt), createdAt: createdAt + place }))
  await write(async (tx) => {
    for (const [place, site] of sites.entries()) await createSite(tx, { ...site, createdAt: createdAt + place })
    for (const account of accounts) await keepAgent(tx, account)
    await importZones(tx, [...zones.values()].flat())
    await bringInTemplates(tx, answersOf(createdAt))
  })
  const agents: AgentActor[] = accounts.map(({ id, name }) => ({ kind: 'agent', agentId: id, name }))
  return { sites, zones, shop: { calendar, greetings: sites.map((site) => site.greeting), agents } }
}

type Batch = {
  contacts: (NewContact & { id: string; createdAt: number; zoneId: string | null })[]
  dealings: Dealings[]
  visitors: ImportedVisitor[]
  histories: History[]
}

const emptyBatch = (): Batch => ({ contacts: [], dealings: [], visitors: [], histories: [] })

type Known = { id: string; zoneId: string | null }

/** Composes conversations and writes them, many with each write; remembers who has been introduced. */
class Scribe {
  readonly #shop: Shop
  readonly #sites: Site[]
  readonly #zones: Zones
  readonly #watching: Watching
  readonly #visitors = new Map<number, ImportedVisitor>()
  readonly #contacts = new Map<number, Known>()
  readonly #ids = new Map<number, string>()
  #batch: Batch = emptyBatch()
  #texts = 0
  #written = 0

  constructor(shop: Shop, sites: Site[], zones: Zones, watching: Watching) {
    this.#shop = shop
    this.#sites = sites
    this.#zones = zones
    this.#watching = watching
  }

  isFull(): boolean {
    return (
      this.#texts - this.#written >= textsAtOnce ||
      this.#batch.histories.length >= conversationsAtOnce ||
      this.#batch.contacts.length >= conversationsAtOnce
    )
  }

  /** How many contacts there are by now. */
  get people(): number {
    return this.#contacts.size
  }

  idAt(index: number): string | null {
    return this.#ids.get(index) ?? null
  }

  add(plan: Plan, index: number): void {
    const planned = plan.at(index)
    const person = planned.contact < 0 ? null : knownPerson(randomOf('person', planned.contact), planned.locale)
    const history = compose(planned, person?.woman ?? null, this.#shop)
    const createdAt = history.deeds[0]?.at ?? 0
    const contact = person && this.#contact(planned.contact, person, createdAt, planned.locale)
    const visitor = this.#visitor(planned, contact?.id ?? null, createdAt)
    // Whoever comes back in a later write is last seen in an earlier one: hardly anybody, and never in a small demo.
    Object.assign(visitor, lastSeen(planned.visitor, history.deeds, plan.calendar.until))
    if (index === plan.longestAt || index === plan.shortAt) this.#ids.set(index, history.id)
    this.#batch.histories.push({ ...history, visitorId: visitor.id, zoneId: contact?.zoneId ?? null })
    this.#texts += planned.texts
  }

  /** A client who has never written. */
  addSilent(place: number): void {
    const locale = locales[place % locales.length] as Locale
    this.#contact(place, knownPerson(randomOf('person', place), locale), this.#shop.calendar.from, locale)
  }

  async flush(): Promise<void> {
    const { contacts, dealings, visitors, histories } = this.#batch
    // In the order of their ids, so that an index is gone through once with each write.
    histories.sort((one, other) => (one.id < other.id ? -1 : 1))
    await write(async (tx) => {
      await importContacts(tx, contacts)
      await importAddresses(
        tx,
        dealings.flatMap(({ addresses }) => addresses),
      )
      await importOrders(
        tx,
        dealings.flatMap(({ orders }) => orders),
      )
      await importMovements(
        tx,
        dealings.flatMap(({ movements }) => movements),
      )
      await importVisitors(tx, visitors)
      await importHistories(tx, histories)
    })
    this.#batch = emptyBatch()
    this.#written = this.#texts
    this.#watching.wrote(this.#written)
  }

  #contact(place: number, { woman: _, ...known }: KnownPerson, createdAt: number, locale: Locale): Known {
    const there = this.#contacts.get(place)
    if (there !== undefined) return there
    const id = randomOf('contact', place).id(createdAt)
    const zones = this.#zones.get(locale) ?? []
    const dealings = dealingsOf(place, id, locale, zones, this.#shop.calendar.until)
    const contact = { id, zoneId: dealings.zoneId }
    this.#contacts.set(place, contact)
    // One number for one client: the shop’s programs would find another under it.
    const externalId = known.externalId && `C-${10_000 + place}`
    this.#batch.contacts.push({ ...known, externalId, ...contact, createdAt })
    this.#batch.dealings.push(dealings)
    return contact
  }

  #visitor({ visitor: place, site, locale }: Planned, contactId: string | null, createdAt: number): ImportedVisitor {
    const there = this.#visitors.get(place)
    if (there) return there
    const id = randomOf('visitor', place).id(createdAt)
    const siteId = this.#sites[site]?.id ?? ''
    const visitor = { id, siteId, createdAt, contactId, ...browserOf(place, locale) }
    this.#visitors.set(place, visitor)
    this.#batch.visitors.push(visitor)
    return visitor
  }
}
