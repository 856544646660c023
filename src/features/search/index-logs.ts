import { and, desc, eq, gt, inArray, lt } from 'drizzle-orm'
import type { Db } from '../../platform/db/executor.ts'
import type { Doc, SearchIndex } from '../../platform/db/search/search-index.ts'
import type { SlowRead } from '../../platform/db/slow-reads.ts'
import { stemsIn } from '../../platform/lib/words/stems.ts'
import { conversations, type MessageRow, messages } from '../conversations/index.ts'
import { wordsOfEntry } from './words-of-entry.ts'

// Taken in in one go: short enough that whoever looks for something meanwhile hardly waits.
export const conversationsAtOnce = 200
const mostEntries = 1000

/** What is to be taken in: these conversations, or all of them, the newest first, from before one on. */
export type ToIndex = { mark: string; ids: readonly string[] } | { mark: string; before: string | null }
/** What is left of it: null when nothing is. */
export type Indexed = { left: ToIndex | null; entries: number }

/**
 * Takes a stretch of what is to be taken in into the index, from where each conversation was left. Throws when the index has
 * something of which the store knows nothing: it is of another store then, and emptied.
 */
export const indexLogs: SlowRead<ToIndex, Indexed> = {
  name: 'search.index',
  async run(db, asked, index) {
    await index.open(asked.mark)
    const logs = await logsOf(db, asked)
    const reached = await index.reached(logs.map(({ id }) => id))
    const behind = logs.filter(({ id, lastSeq }) => lastSeq !== (reached.get(id) ?? 0))
    if (behind.some(({ id, lastSeq }) => lastSeq < (reached.get(id) ?? 0))) {
      await index.clear()
      throw new Error('the search index is of another store')
    }
    const { entries, unfinished } = await takeIn(db, index, behind, reached)
    return { entries, left: leftOf(asked, logs, unfinished) }
  },
}

type LogEnd = { id: string; lastSeq: number }

async function logsOf(db: Db, asked: ToIndex): Promise<LogEnd[]> {
  const { id, lastSeq } = conversations
  const query = db.select({ id, lastSeq }).from(conversations)
  if ('ids' in asked) return query.where(inArray(id, asked.ids.slice(0, conversationsAtOnce)))
  return query
    .where(asked.before === null ? undefined : lt(id, asked.before))
    .orderBy(desc(id))
    .limit(conversationsAtOnce)
}

/** As many entries as one go allows, conversation by conversation; those that were not finished come again. */
async function takeIn(db: Db, index: SearchIndex, logs: LogEnd[], reached: ReadonlyMap<string, number>) {
  const docs: Doc[] = []
  const now = new Map<string, number>()
  const unfinished: string[] = []
  let entries = 0
  for (const { id, lastSeq } of logs) {
    const from = reached.get(id) ?? 0
    if (entries >= mostEntries) {
      unfinished.push(id)
      continue
    }
    const rows = await entriesPast(db, id, from, mostEntries - entries)
    entries += rows.length
    docs.push(...rows.flatMap(docOf))
    // What was added since the conversation was read is told of anew.
    const end = rows.at(-1)?.seq ?? lastSeq
    now.set(id, end)
    if (end < lastSeq) unfinished.push(id)
  }
  if (now.size > 0) await index.take(docs, now)
  return { entries, unfinished }
}

const entriesPast = (db: Db, id: string, from: number, limit: number): Promise<MessageRow[]> =>
  db
    .select()
    .from(messages)
    .where(and(eq(messages.conversationId, id), gt(messages.seq, from)))
    .orderBy(messages.seq)
    .limit(limit)

function docOf(entry: MessageRow): Doc[] {
  const words = [...stemsIn(wordsOfEntry(entry))]
  return words.length === 0 ? [] : [{ log: entry.conversationId, seq: entry.seq, at: entry.at, words }]
}

function leftOf(asked: ToIndex, logs: LogEnd[], unfinished: string[]): ToIndex | null {
  const { mark } = asked
  if ('ids' in asked) {
    const ids = [...unfinished, ...asked.ids.slice(conversationsAtOnce)]
    return ids.length > 0 ? { mark, ids } : null
  }
  const last = logs.at(-1)
  // The stretch again, where it was too much for one go: what was taken in of it is passed over.
  if (unfinished.length > 0) return asked
  return last === undefined || logs.length < conversationsAtOnce ? null : { mark, before: last.id }
}
