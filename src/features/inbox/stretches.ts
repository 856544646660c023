import type { ConversationRow, MessageRow } from '../conversations/index.ts'
import { type EntriesOf, listEntries, readSeq, readSeqOf } from '../messages/index.ts'
import { refuse } from '../../platform/lib/refuse.ts'

const onPage = 50
/** Most entries of one answer to `after`, and of a page that opens where the new ones begin. */
const toCatchUp = 200
const aboveNew = 10

/** A part of a log: all its entries from `from` to `to`, or all those of one side; `lastSeq` is where the log ends. */
export type Stretch = { entries: MessageRow[]; from: number; to: number; lastSeq: number; of: EntriesOf | null }

type Query = Record<string, string | undefined>

/** What a page opens with: the stretch, and how far both sides had read. `newAfter`: null where one has read nothing yet. */
export type OpenLog = { stretch: Stretch; newAfter: number | null; visitorRead: number }

/**
 * The part of a log that an address asks for: around the entry `at`, else from where this agent stopped reading, else
 * the end. Refuses `bad_request`.
 */
export async function openLog(conversation: ConversationRow, agentId: string, query: Query): Promise<OpenLog> {
  const of = sideFrom(query.stream)
  const [mark, visitorRead] = await Promise.all([
    readSeqOf(agentId, conversation.id),
    readSeq(conversation.id, 'visitor'),
  ])
  const newAfter = mark === 0 ? null : mark
  const shown =
    query.at === undefined || query.at === ''
      ? await newest(conversation, of, newAfter)
      : await around(conversation, seqFrom(query.at), of)
  return { stretch: shown, newAfter, visitorRead }
}

async function newest(conversation: ConversationRow, of: EntriesOf | null, newAfter: number | null): Promise<Stretch> {
  const end = await latest(conversation, of)
  if (newAfter === null || of !== null || end.from <= newAfter + 1 || conversation.lastVisitorSeq <= newAfter)
    return end
  return later(conversation, Math.max(0, newAfter - aboveNew), of)
}

/** Entries for a page that is open: `before` or `after` a seq, `around` one, or the last ones. Refuses `bad_request`. */
export function stretchOf(conversation: ConversationRow, query: Query): Promise<Stretch> {
  const of = sideFrom(query.stream)
  if (query.before !== undefined) return earlier(conversation, seqFrom(query.before), of)
  if (query.around !== undefined) return around(conversation, seqFrom(query.around), of)
  if (query.latest !== undefined) return latest(conversation, of)
  return later(conversation, seqFrom(query.after ?? '0'), of)
}

async function latest({ id, lastSeq }: ConversationRow, of: EntriesOf | null): Promise<Stretch> {
  const entries = await listEntries(id, { limit: onPage, of })
  return stretch(entries, { from: reach(entries, onPage), to: endOf(entries, lastSeq), lastSeq, of })
}

async function earlier({ id, lastSeq }: ConversationRow, before: number, of: EntriesOf | null): Promise<Stretch> {
  const entries = await listEntries(id, { before, limit: onPage, of })
  return stretch(entries, { from: reach(entries, onPage), to: Math.min(before - 1, lastSeq), lastSeq, of })
}

async function later({ id, lastSeq }: ConversationRow, after: number, of: EntriesOf | null): Promise<Stretch> {
  const entries = await listEntries(id, { after, limit: toCatchUp, of })
  const to = entries.length < toCatchUp ? endOf(entries, lastSeq) : (entries.at(-1)?.seq ?? after)
  return stretch(entries, { from: after + 1, to, lastSeq, of })
}

async function around({ id, lastSeq }: ConversationRow, seq: number, of: EntriesOf | null): Promise<Stretch> {
  const limit = onPage / 2
  const [above, below] = await Promise.all([
    listEntries(id, { before: seq + 1, limit, of }),
    listEntries(id, { after: seq, limit, of }),
  ])
  const to = below.length < limit ? endOf([...above, ...below], lastSeq) : (below.at(-1)?.seq ?? seq)
  return stretch([...above, ...below], { from: reach(above, limit), to, lastSeq, of })
}

/** Fewer than were asked for: nothing stands before them. */
const reach = (entries: MessageRow[], limit: number): number => (entries.length < limit ? 1 : (entries[0]?.seq ?? 1))

/** The log may have grown since its length was read. */
const endOf = (entries: MessageRow[], lastSeq: number): number => Math.max(lastSeq, entries.at(-1)?.seq ?? 0)

const stretch = (entries: MessageRow[], rest: Omit<Stretch, 'entries'>): Stretch => ({
  entries,
  ...rest,
  lastSeq: Math.max(rest.lastSeq, rest.to),
})

/** Which side of the log an address shows; null: all. Refuses `bad_request`. */
export function sideFrom(name: string | undefined): EntriesOf | null {
  if (name === undefined || name === '' || name === 'all') return null
  if (name === 'visitor' || name === 'agent' || name === 'actions') return name
  throw refuse('bad_request')
}

function seqFrom(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw refuse('bad_request')
  return Number(text)
}
