import type { ContainerMovement } from '../../features/containers/index.ts'
import type { AddressRow } from '../../features/contacts/index.ts'
import type { OrderLine, OrderRow } from '../../features/orders/index.ts'
import type { ZoneRow } from '../../features/zones/index.ts'
import { type Locale, locales } from '../../platform/lib/i18n.ts'
import { zoneColours } from '../../../views/ui/zone-colours.ts'
import { oneOf, sayIn, type SeedKey } from './lines.ts'
import { type Random, randomOf } from './random.ts'

const dayMs = 86_400_000

/** What a client has to do with the shop: where they live, what they ordered, which containers they have. */
export type Dealings = {
  zoneId: string | null
  addresses: AddressRow[]
  orders: Omit<OrderRow, 'numberFolded'>[]
  movements: ContainerMovement[]
}

const listIn = (locale: Locale, key: SeedKey): string[] => sayIn(locale, key, {}).split(' | ')

/** The shop's zones: two where each language is spoken. */
export function zonesOf(createdAt: number): Map<Locale, ZoneRow[]> {
  const random = randomOf('zones')
  const zones = locales.flatMap((locale) => listIn(locale, 'zones').map((name, place) => ({ locale, name, place })))
  const rows = zones.map(({ locale, name, place }, position) => ({
    locale,
    zone: {
      ...{ id: random.id(createdAt + position), externalId: `Z-${position + 1}`, name, position },
      districts: (listIn(locale, 'districts')[place] ?? '').split(', '),
      colour: zoneColours[(position * 3 + 4) % zoneColours.length] as string,
      days: place === 0 ? [1, 3, 5] : [1, 2, 3, 4, 5, 6],
      ...{ minimumMinor: money[locale].bottle * 2, currency: money[locale].currency },
      ...{ note: place === 0 ? sayIn(locale, 'zone_note', {}) : null },
      ...{ createdAt, changedAt: createdAt, removedAt: null },
    },
  }))
  return new Map(locales.map((locale) => [locale, rows.filter((row) => row.locale === locale).map(({ zone }) => zone)]))
}

/** What things cost, in minor units. */
const money: Record<Locale, { currency: string; bottle: number }> = {
  en: { currency: 'EUR', bottle: 690 },
  ru: { currency: 'RUB', bottle: 37_000 },
  pl: { currency: 'PLN', bottle: 2990 },
  fr: { currency: 'EUR', bottle: 690 },
}

/** The same person has the same dealings in every demo of the same end. */
export function dealingsOf(
  place: number,
  contactId: string,
  locale: Locale,
  zones: ZoneRow[],
  until: number,
): Dealings {
  const random = randomOf('dealings', place)
  const since = until - random.from(40, 700) * dayMs
  const addresses = addressesOf(random, { contactId, locale, zones, since })
  const orders =
    addresses.length > 0 && random.chance(0.85)
      ? ordersOf(random, { contactId, locale, addresses, since, until }, place)
      : []
  const last = orders[0]?.addressId ?? addresses[0]?.id
  const zoneId = addresses.find(({ id }) => id === last)?.zoneId ?? null
  return { zoneId, addresses, orders, movements: movementsOf(random, contactId, locale, orders) }
}

type Living = { contactId: string; locale: Locale; zones: ZoneRow[]; since: number }

function addressesOf(random: Random, { contactId, locale, zones, since }: Living): AddressRow[] {
  if (random.chance(0.1)) return []
  return Array.from({ length: random.chance(0.2) ? 2 : 1 }, (_, n) => {
    const zone = random.chance(0.06) ? null : random.pick(zones)
    const street = oneOf(random, locale, 'streets')
    return {
      ...{ id: random.id(since + n), contactId, externalId: `${n + 1}` },
      address: sayIn(locale, 'flat', { street, number: random.from(2, 180) }),
      ...{ zoneId: zone?.id ?? null, district: zone ? random.pick(zone.districts) : null },
      note: random.chance(0.25) ? oneOf(random, locale, 'address_notes') : null,
      ...{ main: n === 0, createdAt: since + n, changedAt: since + n, removedAt: null },
    }
  })
}

type Buying = { contactId: string; locale: Locale; addresses: AddressRow[]; since: number; until: number }

/** The newest first; only that one may still be under way. */
function ordersOf(
  random: Random,
  { contactId, locale, addresses, since, until }: Buying,
  place: number,
): Dealings['orders'] {
  const count = 1 + Math.floor(random.next() ** 2 * 6)
  const statuses = listIn(locale, 'statuses')
  const colours = ['grey', 'amber', 'blue', 'green', 'grey']
  const times = Array.from({ length: count }, () =>
    Math.floor(since + (until - since - dayMs) * random.next()),
  ).toSorted((a, b) => b - a)
  if (random.chance(0.25)) times[0] = until - random.from(1, 30) * 3_600_000
  return times.map((placedAt, n) => {
    const recent = until - placedAt < 2 * dayMs
    const status = recent ? random.below(3) : random.chance(0.05) ? 4 : 3
    const lines = linesOf(random, locale)
    const number = String(100_000 + place * 8 + n)
    return {
      ...{ id: random.id(placedAt), externalId: `O-${number}`, contactId, number, placedAt },
      ...{ currency: money[locale].currency, sumMinor: lines.reduce((sum, line) => sum + (line.sumMinor ?? 0), 0) },
      ...{ status: statuses[status] as string, statusColour: colours[status] as string },
      ...{ addressId: random.pick(addresses).id, lines, note: null },
      ...{ createdAt: placedAt, changedAt: placedAt, removedAt: null },
    }
  })
}

function linesOf(random: Random, locale: Locale): OrderLine[] {
  const bottles = random.from(1, 6)
  const water = {
    name: oneOf(random, locale, 'waters'),
    quantity: String(bottles),
    sumMinor: bottles * money[locale].bottle,
  }
  if (!random.chance(0.4)) return [water]
  const more = random.from(1, 3)
  return [
    water,
    {
      name: oneOf(random, locale, 'products'),
      quantity: String(more),
      sumMinor: more * Math.round(money[locale].bottle / 2),
    },
  ]
}

/** Bottles go out with every order, and most come back with the next one. */
function movementsOf(
  random: Random,
  contactId: string,
  locale: Locale,
  orders: Dealings['orders'],
): ContainerMovement[] {
  // A client has the one kind or the other.
  const type = listIn(locale, 'containers')[random.chance(0.9) ? 0 : 1] as string
  let held = 0
  return orders.toReversed().flatMap((order) => {
    if (order.status === listIn(locale, 'statuses')[4]) return []
    const delivered = Number(order.lines[0]?.quantity ?? 1)
    const returned = Math.min(held, random.below(held + 2))
    held += delivered - returned
    return {
      ...{ id: random.id(order.placedAt + 1), externalId: `M-${order.number}`, contactId },
      ...{ type, delivered, returned, at: order.placedAt },
      ...{ orderId: order.id, note: null, createdAt: order.placedAt, changedAt: order.placedAt, removedAt: null },
    }
  })
}
