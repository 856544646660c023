import type { Audience, WidgetSettings } from '../../../views/widget/settings.ts'

/** Visitor protocol, version 1, as the widget reads it (docs/protocol.md). Unknown properties are left alone. */

export type Author = {
  kind: 'visitor' | 'agent' | 'system'
  id?: string
  name?: string
  /** what an agent is in the shop */
  title?: string
  /** a picture of ours, by its hash */
  photo?: string
}

/** What stands in a feedback form beside its text. */
export type FeedbackForm = { name: string; email?: string; phone?: string; topic: string }

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
  /** of the kind `feedback` */
  form?: FeedbackForm
  /** of the event `email_given` */
  email?: string
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
  visitor?: Visitor
}

export type SiteInfo = {
  id: string
  name: string
  chatEnabled: boolean
  audience?: Audience
  greeting?: string | null
  widget?: WidgetSettings
}

export type Availability = {
  agents: number
  status: 'online' | 'away'
  /** UTC milliseconds, by the shop's hours; null: not known */
  backAt?: number | null
}

/** How this visitor stands with the shop. */
export type Visitor = { verified: boolean; blocked: boolean; email: string | null }

export type ConversationState = { id: string; seq: number; state: 'waiting' | 'active' | 'finished'; readSeq?: number }

export type Session = { visitorToken: string; site: SiteInfo; availability: Availability; visitor?: Visitor }

export type Ack = { clientId: string; conversationId: string; seq: number; at: number }

export type RefusedSend = {
  clientId?: string
  code: string
  message: string
  retryable: boolean
  retryAfterMs?: number
  /** of a form: what is missing or wrong in it */
  field?: string
}

export type Welcome = {
  type: 'welcome'
  conversations: ConversationState[]
  site: SiteInfo
  availability: Availability
  visitor?: Visitor
}

export type ServerFrame =
  | Welcome
  | ({ type: 'ack' } & Ack)
  | ({ type: 'refuse' } & RefusedSend)
  | ({ type: 'entry' } & Entry)
  | ({ type: 'entries' } & Entries)
  | { type: 'typing'; agent?: { name?: string } | string; conversationId?: string }
  | { type: 'read'; conversationId: string; seq: number }
  | ({ type: 'presence' } & Partial<Availability>)
  | ({ type: 'site' } & Partial<SiteInfo>)
  | ({ type: 'visitor' } & Partial<Visitor>)
  | { type: 'bye'; code?: string; reconnectAfterMs?: number }
  | { type: 'pong' }

export type Page = { url: string; title: string }

/** A message that the server has not acknowledged yet. */
export type Pending = {
  clientId: string
  /** position in the queue; of two tabs too */
  order: number
  /** absent: a text */
  kind?: 'text' | 'feedback' | 'email'
  /** the text, or the e-mail address */
  body: string
  form?: FeedbackForm & { consent: true }
  /** UTC milliseconds, for show only */
  at: number
  page?: Page
  failed?: { code: string; message: string; field?: string }
  /** it has been on the wire, so that it may have been kept although nobody said so */
  tried?: boolean
  /** taken back by the visitor: other tabs that still hold it let it go */
  withdrawn?: boolean
}
