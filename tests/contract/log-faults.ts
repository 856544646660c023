import { eq } from 'drizzle-orm'
import {
  type ConversationRow,
  findConversation,
  type MessageRow,
  messages,
} from '../../src/features/conversations/index.ts'
import { closures, takes } from '../../src/features/conversations/schema.ts'
import { db } from '../../src/platform/db/open.ts'

type Held = { agentId: string; seq: number }
/** A conversation as the store has it: its summary, its log in order, and who holds or has closed it. */
export type Stored = { summary: ConversationRow; log: MessageRow[]; takes: Held[]; closures: Held[] }

export async function readStored(id: string): Promise<Stored> {
  const summary = await findConversation(id)
  if (!summary) throw new Error(`there is no conversation ${id}`)
  return {
    summary,
    log: await db.select().from(messages).where(eq(messages.conversationId, id)).orderBy(messages.seq),
    takes: await db.select().from(takes).where(eq(takes.conversationId, id)),
    closures: await db.select().from(closures).where(eq(closures.conversationId, id)),
  }
}

/** How a conversation stands, by whom, and since which entry. */
type Standing = { state: ConversationRow['state']; by: string | null; since: number }

/** What is wrong with a stored conversation: its log is told again from the start, and all else must agree with it. */
export function logFaults(stored: Stored): string[] {
  const faults: string[] = []
  let standing: Standing = { state: 'waiting', by: null, since: 0 }
  for (const entry of stored.log) {
    const after = follow(standing, entry)
    if (!after) faults.push(`entry ${entry.seq}, ${inWords(entry)}, cannot follow while ${standing.state}`)
    standing = after ?? standing
  }
  return [...faults, ...orderFaults(stored.log), ...summaryFaults(stored, standing), ...holderFaults(stored, standing)]
}

/** How a conversation stands after this entry; null when the entry may not stand there. */
function follow(before: Standing, entry: MessageRow): Standing | null {
  const { state } = before
  if (entry.kind === 'text') return mayWrite(entry.authorKind, state) ? before : null
  const after = { by: entry.authorId, since: entry.seq }
  if (entry.body === 'taken') return state === 'waiting' ? { state: 'active', ...after } : null
  if (entry.body === 'finished') return state === 'finished' ? null : { state: 'finished', ...after }
  return state === 'finished' ? { state: 'waiting', ...after } : null
}

const mayWrite = (author: MessageRow['authorKind'], state: Standing['state']): boolean =>
  author === 'system' || (author === 'agent' ? state === 'active' : state !== 'finished')

function orderFaults(log: MessageRow[]): string[] {
  const faults: string[] = []
  let lastPublic = 0
  let lastAt = 0
  log.forEach(({ seq, publicBefore, at, public: isPublic }, index) => {
    if (seq !== index + 1) faults.push(`entry ${index + 1} has the seq ${seq}`)
    if (publicBefore !== lastPublic) faults.push(`entry ${seq} follows ${publicBefore}, not ${lastPublic}`)
    if (at < lastAt) faults.push(`entry ${seq} is older than the one before it`)
    if (isPublic) lastPublic = seq
    lastAt = at
  })
  return faults
}

function summaryFaults({ summary, log }: Stored, { state, by }: Standing): string[] {
  const text = log.findLast(({ kind }) => kind === 'text')
  const told: Partial<ConversationRow> = {
    state,
    agentId: state === 'active' ? by : null,
    lastSeq: log.length,
    lastPublicSeq: log.findLast((entry) => entry.public)?.seq ?? 0,
    lastVisitorSeq: log.findLast(({ authorKind, kind }) => authorKind === 'visitor' && kind !== 'event')?.seq ?? 0,
    lastText: text?.body ?? null,
    lastAuthorKind: text?.authorKind ?? null,
    lastEntryAt: log.at(-1)?.at ?? 0,
  }
  const faults = Object.entries(told).flatMap(([field, value]) => {
    const kept = summary[field as keyof ConversationRow]
    return kept === value ? [] : [`${field} is ${kept}, the log says ${value}`]
  })
  const waits = summary.waitingSince !== null
  return waits === (state === 'waiting') ? faults : [...faults, `it waits since ${summary.waitingSince} while ${state}`]
}

function holderFaults({ takes, closures }: Stored, { state, by, since }: Standing): string[] {
  const kept = [...takes.map((one) => ['active', one] as const), ...closures.map((one) => ['finished', one] as const)]
  const expected = state === 'waiting' ? '' : `${state} by ${by} since ${since}`
  const found = kept.map(([as, { agentId, seq }]) => `${as} by ${agentId} since ${seq}`).join(', ')
  return found === expected ? [] : [`the store holds "${found}", the log says "${expected}"`]
}

const inWords = ({ kind, body, authorKind }: MessageRow): string =>
  kind === 'text' ? `a text of the ${authorKind}` : body
