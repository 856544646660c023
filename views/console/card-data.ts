import type { ContainerMovement, Owed } from '../../src/features/containers/index.ts'
import type { AddressRow, ContactEdit } from '../../src/features/contacts/index.ts'
import type { ConversationRow } from '../../src/features/conversations/index.ts'
import type { OrderRow } from '../../src/features/orders/index.ts'
import type { ContactNote } from '../../src/features/notes/index.ts'
import type { Browser, VisitorFacts } from '../../src/features/visitors/index.ts'
import type { ZoneRow } from '../../src/features/zones/index.ts'
import type { Person } from './visitor.ts'

export type By<T> = T & { agentName: string }

/** What a card asks for when it asks for itself again: how much of the past, and whether who changed what is open. */
export type CardAsked = {
  past: number
  history: boolean
  /** Whether the arrow is open: what is owed, all addresses, all orders. */
  more: boolean
  /** Which page of the orders: past which one (`time.id`); empty for the first. */
  orders: string
  /** The list's part of the address, which links of the card keep. */
  list: string
}

export type CardData = CardAsked & {
  conversation: ConversationRow
  contact: Person['contact']
  facts: VisitorFacts
  browser: Browser | null
  siteName: string
  notes: By<ContactNote>[]
  /** None unless `history`; then the newest. */
  edits: By<ContactEdit>[]
  edited: boolean
  /** By whose word the visitor is this contact; null when no agent said so. */
  link: By<{ agentId: string; linkedAt: number }> | null
  /** What the shop knows of the contact; null while nobody knows who it is. */
  client: Client | null
  pastOnes: ConversationRow[]
  morePast: boolean
}

/** Where a card asks for itself. */
export function cardAddress(id: string, { past, history, more, orders, list }: CardAsked): string {
  const query = new URLSearchParams(list)
  query.set('past', `${past}`)
  if (history) query.set('history', '1')
  if (more) query.set('more', '1')
  if (more && orders !== '') query.set('orders', orders)
  return `/c/${id}/card?${query}`
}

export type Placed = AddressRow & { zone: ZoneRow | null }

/** A client of the shop: where they live, what they ordered, what they owe. */
export type Client = {
  contactId: string
  externalId: string | null
  lastOrder: OrderRow | null
  address: Placed | null
  owedInAll: number
  /** None unless the card asks for more. */
  rest: Rest | null
}

export type Rest = {
  owed: Owed[]
  movements: (ContainerMovement & { orderNumber: string | null })[]
  addresses: Placed[]
  orders: OrderRow[]
  /** Where the next page begins; null on the last. */
  older: string | null
}

/** Asks for the whole card with more or less in it; from then on it asks so by itself. */
export const cardAsking = (id: string, asked: CardAsked) => ({
  'hx-get': cardAddress(id, asked),
  'hx-target': '#card',
  'hx-swap': 'outerMorph',
  // News that are under way were asked for with less in it, and would close what this opens.
  'hx-sync': '#card:replace',
})
