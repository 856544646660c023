import type { ContactEdit } from '../../src/features/contacts/index.ts'
import type { ConversationRow } from '../../src/features/conversations/index.ts'
import type { ContactNote } from '../../src/features/notes/index.ts'
import type { Browser, VisitorFacts } from '../../src/features/visitors/index.ts'
import type { Person } from './visitor.ts'

export type By<T> = T & { agentName: string }

/** What a card asks for when it asks for itself again: how much of the past, and whether who changed what is open. */
export type CardAsked = {
  past: number
  history: boolean
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
  pastOnes: ConversationRow[]
  morePast: boolean
}

/** Where a card asks for itself. */
export function cardAddress(id: string, { past, history, list }: CardAsked): string {
  const query = new URLSearchParams(list)
  query.set('past', `${past}`)
  if (history) query.set('history', '1')
  return `/c/${id}/card?${query}`
}
