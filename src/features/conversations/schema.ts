import { sql } from 'drizzle-orm'
import { count, flag, id, index, json, primaryKey, table, text, time, uniqueIndex } from '../../platform/db/columns.ts'
import { agents } from '../agents/schema.ts'
import { sites } from '../sites/schema.ts'
import { visitors } from '../visitors/schema.ts'
import { zones } from '../zones/schema.ts'

export type ConversationState = 'waiting' | 'active' | 'finished'
/** How messages arrive: the window on a page, the form in it, or a program that speaks the protocol. */
export type Channel = 'widget' | 'form' | 'api'
export type AuthorKind = 'visitor' | 'agent' | 'system'
/** What kind of entry: words, a filled-in form, or something that happened (`body` names it, `data` says with whom). */
export type MessageKind = 'text' | 'feedback' | 'event'
export type EventName = 'taken' | 'finished' | 'reopened' | 'email_given'
/** Who somebody says they are, and what they write about. At least one of `email` and `phone` is there. */
export type FeedbackForm = { name: string; email?: string; phone?: string; topic: string }
export type EventData = {
  agentId?: string
  agentName?: string
  agentTitle?: string
  /** A picture's hash. */
  agentPhoto?: string
  /** What was filled in beside the text of a `feedback`. */
  form?: FeedbackForm
  /** The address of an `email_given`. */
  email?: string
}
/** Where the visitor was when writing: an http(s) address and the page's title. */
export type Page = { url: string; title?: string }

export const conversations = table(
  'conversations',
  {
    id: id().primaryKey(),
    siteId: id()
      .notNull()
      .references(() => sites.id),
    visitorId: id()
      .notNull()
      .references(() => visitors.id),
    state: text().$type<ConversationState>().notNull(),
    /** Who has taken it, while it is active. */
    agentId: id().references(() => agents.id),
    /** Who had it last, once it is finished or waits again. */
    previousAgentId: id().references(() => agents.id),
    lastSeq: count().notNull(),
    /** The newest entry that the visitor may see. */
    lastPublicSeq: count().notNull(),
    lastText: text(),
    lastAuthorKind: text().$type<AuthorKind>(),
    lastEntryAt: time().notNull(),
    /** Since when somebody waits for an agent; null unless `state` is waiting. */
    waitingSince: time(),
    createdAt: time().notNull(),
    /** The newest entry that the visitor wrote: what an agent's read mark is held against. */
    lastVisitorSeq: count().notNull().default(0),
    /** How it began. */
    channel: text().$type<Channel>().notNull().default('widget'),
    /** The zone of the contact whose conversation it is, kept here so that a list of a zone reads no more than it shows. */
    zoneId: id().references(() => zones.id),
  },
  (row) => [
    uniqueIndex('conversations_one_unfinished').on(row.siteId, row.visitorId).where(sql`state <> 'finished'`),
    index('conversations_of_visitor').on(row.visitorId, row.createdAt),
    index('conversations_waiting').on(row.state, row.waitingSince, row.id),
    index('conversations_of_agent').on(row.agentId, row.state, row.lastEntryAt, row.id),
    index('conversations_by_activity').on(row.state, row.lastEntryAt, row.id),
    // Of a state each, so that a message to an open conversation touches none of them.
    index('conversations_waiting_of_zone').on(row.zoneId, row.waitingSince, row.id).where(sql`state = 'waiting'`),
    index('conversations_waiting_of_site').on(row.siteId, row.waitingSince, row.id).where(sql`state = 'waiting'`),
    index('conversations_finished_of_zone').on(row.zoneId, row.lastEntryAt, row.id).where(sql`state = 'finished'`),
    index('conversations_finished_of_site').on(row.siteId, row.lastEntryAt, row.id).where(sql`state = 'finished'`),
  ],
)

/** The log: one for each conversation, gapless `seq` from 1, never rewritten. */
export const messages = table(
  'messages',
  {
    conversationId: id()
      .notNull()
      .references(() => conversations.id),
    seq: count().notNull(),
    authorKind: text().$type<AuthorKind>().notNull(),
    authorId: id(),
    /** The sender's own key for this message; null for what the house wrote itself. */
    clientId: text(),
    kind: text().$type<MessageKind>().notNull(),
    body: text().notNull(),
    data: json<EventData>(),
    page: json<Page>(),
    /** Digest of kind, body and form as first sent: tells a repeat from a reused client id. */
    digest: text(),
    /** Whether the visitor may see it. */
    public: flag().notNull(),
    /** The previous entry that the visitor may see: the `after` of the protocol. */
    publicBefore: count().notNull(),
    at: time().notNull(),
  },
  (row) => [
    primaryKey({ columns: [row.conversationId, row.seq] }),
    uniqueIndex('messages_once').on(row.authorKind, row.authorId, row.clientId),
  ],
)

/** Who has it now, since when, and which entry says so. */
export const takes = table('takes', {
  conversationId: id()
    .primaryKey()
    .references(() => conversations.id),
  agentId: id()
    .notNull()
    .references(() => agents.id),
  seq: count().notNull(),
  takenAt: time().notNull(),
})

/** Who finished it, when, and which entry says so. Gone once it is reopened. */
export const closures = table('closures', {
  conversationId: id()
    .primaryKey()
    .references(() => conversations.id),
  agentId: id()
    .notNull()
    .references(() => agents.id),
  seq: count().notNull(),
  closedAt: time().notNull(),
})

export type ConversationRow = typeof conversations.$inferSelect
export type MessageRow = typeof messages.$inferSelect
export type TakeRow = typeof takes.$inferSelect
export type ClosureRow = typeof closures.$inferSelect
