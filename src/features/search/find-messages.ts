import { inArray, or, and, eq } from 'drizzle-orm'
import type { Db } from '../../platform/db/executor.ts'
import type { Hit } from '../../platform/db/search/search-index.ts'
import type { SlowRead } from '../../platform/db/slow-reads.ts'
import { type Piece, piecesAround, wantedBy } from '../../platform/lib/words/query.ts'
import { type ConversationRow, conversations, type MessageRow, messages } from '../conversations/index.ts'
import { wordsOfEntry } from './words-of-entry.ts'

export type AskedMessages = { mark: string; query: string; before: number | null; limit: number }

/** A message that was found: the words around the hit, and the conversation in which it stands. */
export type FoundMessage = {
  conversation: Pick<ConversationRow, 'id' | 'visitorId' | 'siteId' | 'zoneId' | 'state' | 'agentId'>
  seq: number
  at: number
  authorKind: MessageRow['authorKind']
  pieces: Piece[]
}
/** `next`: where the next page begins; null: this was the last one. */
export type FoundMessages = { messages: FoundMessage[]; next: number | null }

/** The messages in which every word of a query stands in some form, the newest first. A query without a word finds nothing. */
export const findMessages: SlowRead<AskedMessages, FoundMessages> = {
  name: 'search.messages',
  async run(db, { mark, query, before, limit }, index) {
    const wanted = wantedBy(query)
    if (wanted.length === 0) return { messages: [], next: null }
    await index.open(mark)
    const hits = await index.find(wanted, before, limit + 1)
    const shown = hits.slice(0, limit)
    const [entries, talks] = [await entriesOf(db, shown), await conversationsOf(db, shown)]
    const found = shown.flatMap(({ log, seq }): FoundMessage[] => {
      const [entry, conversation] = [entries.get(`${log} ${seq}`), talks.get(log)]
      if (!entry || !conversation) return []
      const { at, authorKind } = entry
      return [{ conversation, seq, at, authorKind, pieces: piecesAround(wordsOfEntry(entry), wanted) }]
    })
    return { messages: found, next: hits.length > limit ? (shown.at(-1)?.place ?? null) : null }
  },
}

async function entriesOf(db: Db, hits: Hit[]): Promise<Map<string, MessageRow>> {
  if (hits.length === 0) return new Map()
  const rows = await db
    .select()
    .from(messages)
    .where(or(...hits.map(({ log, seq }) => and(eq(messages.conversationId, log), eq(messages.seq, seq)))))
  return new Map(rows.map((row) => [`${row.conversationId} ${row.seq}`, row]))
}

async function conversationsOf(db: Db, hits: Hit[]) {
  const { id, visitorId, siteId, zoneId, state, agentId } = conversations
  const ids = [...new Set(hits.map(({ log }) => log))]
  if (ids.length === 0) return new Map<string, FoundMessage['conversation']>()
  const rows = await db
    .select({ id, visitorId, siteId, zoneId, state, agentId })
    .from(conversations)
    .where(inArray(id, ids))
  return new Map(rows.map((row) => [row.id, row]))
}
