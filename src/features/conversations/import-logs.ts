import type { Tx } from '../../platform/db/executor.ts'
import { insertAll } from '../../platform/db/insert-all.ts'
import { refuse } from '../../platform/lib/refuse.ts'
import { checkText } from '../../platform/lib/text.ts'
import { mustBeAgents } from '../agents/index.ts'
import { sitesOfVisitors } from '../visitors/index.ts'
import type { AgentActor } from './actor.ts'
import { type NewEntry, nextEntry } from './log.ts'
import {
  type Channel,
  type ClosureRow,
  closures,
  type ConversationRow,
  conversations,
  type EventName,
  type MessageRow,
  messages,
  type Page,
  type TakeRow,
  takes,
} from './schema.ts'
import { isClientId, textDigest } from './text-entry.ts'

/** What somebody did in a conversation, and when (UTC ms). */
export type Deed = { at: number } & (
  | { does: 'greet'; body: string }
  | { does: 'write'; by: 'visitor' | AgentActor; clientId: string; body: string; page?: Page | null }
  | { does: 'take' | 'finish' | 'reopen'; by: AgentActor }
)

/** A conversation that took place elsewhere, or in a demo: all that was done in it, in order. */
export type Log = {
  id: string
  visitorId: string
  channel?: Channel
  /** Where the contact lives whose conversation it is. */
  zoneId?: string | null
  deeds: Deed[]
}

/** What it has become. */
export type ImportedLog = { conversation: ConversationRow; entries: MessageRow[] }

/**
 * Adds whole conversations at once, as they would stand if everything had been done here: an agent who writes to somebody
 * who waits takes them, a visitor who writes after the end reopens. Nobody is told, and nothing reacts to it.
 *
 * Refuses `bad_request` for a log that could not have come about (out of order, begun by an agent, of an unknown visitor or
 * agent), `conversation_finished` and `conversation_taken` for deeds that would have been refused, `client_id_invalid` and
 * what `checkText` refuses. At most one unfinished conversation for a visitor, and each client id once: else it throws.
 */
export async function importLogs(tx: Tx, logs: Log[]): Promise<ImportedLog[]> {
  const sites = await sitesOfVisitors(
    tx,
    logs.map(({ visitorId }) => visitorId),
  )
  await mustBeAgents(tx, logs.flatMap(agentsIn))
  const kept = logs.map((log) => replay(log, sites.get(log.visitorId)))
  await insertAll(
    tx,
    conversations,
    kept.map(({ conversation }) => conversation),
  )
  await insertAll(
    tx,
    messages,
    kept.flatMap(({ entries }) => entries),
  )
  await insertAll(
    tx,
    takes,
    kept.flatMap(({ take }) => take ?? []),
  )
  await insertAll(
    tx,
    closures,
    kept.flatMap(({ closure }) => closure ?? []),
  )
  return kept
}

const agentsIn = ({ deeds }: Log): string[] =>
  deeds.flatMap((deed) => ('by' in deed && deed.by !== 'visitor' ? [deed.by.agentId] : []))

/** A log as far as it has been replayed. */
type Replayed = ImportedLog & { take: TakeRow | null; closure: ClosureRow | null }

function replay(
  { id, visitorId, channel = 'widget', zoneId = null, deeds }: Log,
  siteId: string | undefined,
): Replayed {
  const [first, second] = deeds
  const begun = first?.does === 'greet' ? second : first
  if (!first || !siteId || begun?.does !== 'write' || begun.by !== 'visitor') throw refuse('bad_request')
  const log = opened({ id, visitorId, siteId, channel, zoneId }, first.at)
  for (const deed of deeds) {
    if (!Number.isSafeInteger(deed.at) || deed.at < log.conversation.lastEntryAt) throw refuse('bad_request')
    perform(log, deed)
  }
  return log
}

type Opened = { id: string; visitorId: string; siteId: string; channel: Channel; zoneId: string | null }

function opened(of: Opened, at: number): Replayed {
  const nobody = { agentId: null, previousAgentId: null, lastText: null, lastAuthorKind: null }
  const times = { lastEntryAt: at, waitingSince: at, createdAt: at }
  const seqs = { lastSeq: 0, lastPublicSeq: 0, lastVisitorSeq: 0 }
  const conversation: ConversationRow = { ...of, state: 'waiting', ...nobody, ...seqs, ...times }
  return { conversation, entries: [], take: null, closure: null }
}

function perform(log: Replayed, deed: Deed): void {
  switch (deed.does) {
    case 'greet':
      if (log.entries.length > 0) throw refuse('bad_request')
      return void add(log, { ...greeting, body: checkText(deed.body) }, deed.at)
    case 'write':
      return writeText(log, deed)
    case 'take':
      return takeIfWaiting(log, deed.by, deed.at)
    case 'finish':
      return finish(log, deed.by, deed.at)
    case 'reopen':
      return reopenAndTake(log, deed.by, deed.at)
  }
}

const greeting = { authorKind: 'system', authorId: null, kind: 'text', public: true } as const

function writeText(log: Replayed, { by, clientId, body, page = null, at }: Deed & { does: 'write' }): void {
  if (!isClientId(clientId)) throw refuse('client_id_invalid')
  const { state, visitorId } = log.conversation
  if (by !== 'visitor' && state === 'finished') throw refuse('conversation_finished')
  if (by !== 'visitor' && state === 'waiting') take(log, by, at)
  if (by === 'visitor' && state === 'finished') reopen(log, { authorKind: 'visitor', authorId: visitorId }, at)
  const author =
    by === 'visitor'
      ? { authorKind: 'visitor' as const, authorId: visitorId, page }
      : { authorKind: 'agent' as const, authorId: by.agentId, data: { agentName: by.name } }
  const text = { clientId, kind: 'text', body: checkText(body), digest: textDigest(body), public: true } as const
  add(log, { ...author, ...text }, at)
}

function takeIfWaiting(log: Replayed, agent: AgentActor, at: number): void {
  const { state, agentId } = log.conversation
  if (state === 'finished') throw refuse('conversation_finished')
  if (state === 'active' && agentId !== agent.agentId) throw refuse('conversation_taken', { by: '' })
  if (state === 'waiting') take(log, agent, at)
}

function take(log: Replayed, agent: AgentActor, at: number): void {
  const { agentId } = agent
  const { seq } = add(log, { ...event('taken'), ...deedOf(agent), public: false }, at)
  Object.assign(log.conversation, { state: 'active', agentId, waitingSince: null })
  log.take = { conversationId: log.conversation.id, agentId, seq, takenAt: at }
}

function finish(log: Replayed, agent: AgentActor, at: number): void {
  if (log.conversation.state === 'finished') return
  const previousAgentId = log.conversation.agentId ?? agent.agentId
  const { seq } = add(log, { ...event('finished'), ...deedOf(agent) }, at)
  Object.assign(log.conversation, { state: 'finished', agentId: null, previousAgentId, waitingSince: null })
  log.take = null
  log.closure = { conversationId: log.conversation.id, agentId: agent.agentId, seq, closedAt: at }
}

function reopenAndTake(log: Replayed, agent: AgentActor, at: number): void {
  if (log.conversation.state !== 'finished') return
  reopen(log, deedOf(agent), at)
  take(log, agent, at)
}

function reopen(log: Replayed, by: Pick<NewEntry, 'authorKind' | 'authorId' | 'data'>, at: number): void {
  add(log, { ...event('reopened'), ...by }, at)
  Object.assign(log.conversation, { state: 'waiting', agentId: null, waitingSince: at })
  log.closure = null
}

const event = (name: EventName) => ({ kind: 'event', body: name, public: true }) as const

const deedOf = ({ agentId, name }: AgentActor) =>
  ({ authorKind: 'agent', authorId: agentId, data: { agentId, agentName: name } }) as const

function add(log: Replayed, entry: NewEntry, at: number): MessageRow {
  const { message, conversation } = nextEntry(log.conversation, entry, at)
  log.entries.push(message)
  log.conversation = conversation
  return message
}
