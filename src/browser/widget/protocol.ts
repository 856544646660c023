/** Visitor protocol, version 1, as the widget reads it (docs/protocol.md). Unknown properties are left alone. */

export type Author = { kind: 'visitor' | 'agent' | 'system'; name?: string; id?: string }

export type Entry = {
  conversationId: string
  seq: number
  /** seq of the previous entry this visitor may see; above our watermark it means a hole */
  after: number
  kind: string
  author: Author
  body: string
  /** UTC milliseconds */
  at: number
  /** on one's own messages only */
  clientId?: string
}

export type Entries = {
  conversationId: string | null
  from: number
  to: number
  items: Entry[]
  more: boolean
  /** the agents have read up to here */
  readSeq?: number
}

/** What `GET entries` adds for those who have no socket to be told by. */
export type PolledEntries = Entries & {
  state?: ConversationState['state']
  site?: SiteInfo
  availability?: Availability
}

export type SiteInfo = { id: string; name: string; chatEnabled: boolean; greeting?: string | null }

export type Availability = { agents: number; status: 'online' | 'away' }

export type ConversationState = { id: string; seq: number; state: 'waiting' | 'active' | 'finished'; readSeq?: number }

export type Session = { visitorToken: string; site: SiteInfo; availability: Availability }

export type Ack = { clientId: string; conversationId: string; seq: number; at: number }

export type RefusedSend = {
  clientId?: string
  code: string
  message: string
  retryable: boolean
  retryAfterMs?: number
}

export type ServerFrame =
  | { type: 'welcome'; conversations: ConversationState[]; site: SiteInfo; availability: Availability }
  | ({ type: 'ack' } & Ack)
  | ({ type: 'refuse' } & RefusedSend)
  | ({ type: 'entry' } & Entry)
  | ({ type: 'entries' } & Entries)
  | { type: 'typing'; agent?: { name?: string } | string; conversationId?: string }
  | { type: 'read'; conversationId: string; seq: number }
  | ({ type: 'presence' } & Partial<Availability>)
  | ({ type: 'site' } & Partial<SiteInfo>)
  | { type: 'bye'; code?: string; reconnectAfterMs?: number }
  | { type: 'pong' }

export type Page = { url: string; title: string }

/** A message that the server has not acknowledged yet. */
export type Pending = {
  clientId: string
  /** position in the queue; of two tabs too */
  order: number
  body: string
  /** UTC milliseconds by the visitor's clock: for show only */
  at: number
  page?: Page
  failed?: { code: string; message: string }
}
