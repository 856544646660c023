import { Database } from 'bun:sqlite'
import { join } from 'node:path'
import type { ConversationRow, Final, OutboxRow, Row } from './checker.ts'

const conversationsQuery = `
  SELECT id, state, last_seq lastSeq, last_public_seq lastPublicSeq,
    id IN (SELECT conversation_id FROM closures) closed, id IN (SELECT conversation_id FROM takes) taken
  FROM conversations`

type RawConversation = Omit<ConversationRow, 'closed' | 'taken'> & { closed: number; taken: number }
type Raw = Omit<Row, 'public'> & { public: number }

const messagesQuery = `
  SELECT conversation_id conversationId, seq, author_kind authorKind, author_id authorId, client_id clientId, kind, body,
    public, public_before publicBefore
  FROM messages ORDER BY conversation_id, seq`

/** Everything that the checker needs of the database, read past the server from the file itself. */
export function readFinal(data: string): Final {
  return reading(data, (sqlite) => {
    const messages = sqlite.query<Raw, []>(messagesQuery).all()
    const outbox = sqlite.query<{ id: string; payload: string }, []>(
      `SELECT id, payload FROM outbox WHERE job = 'crash-sink'`,
    )
    const integrity = sqlite.query<{ integrity_check: string }, []>('PRAGMA integrity_check').all()
    return {
      messages: messages.map((row) => ({ ...row, public: row.public === 1 })),
      conversations: sqlite
        .query<RawConversation, []>(conversationsQuery)
        .all()
        .map((row) => ({ ...row, closed: row.closed === 1, taken: row.taken === 1 })),
      outbox: outbox.all().map(({ id, payload }) => ({ id, ...(JSON.parse(payload) as Omit<OutboxRow, 'id'>) })),
      integrity: integrity.map((row) => row.integrity_check).join('; '),
    }
  })
}

/** The last seq of every conversation: of all entries, and of those that its visitor may see. */
export function readEnds(data: string): Map<string, { all: number; public: number }> {
  const query = `
    SELECT conversation_id id, max(seq) "all", max(CASE WHEN public = 1 THEN seq ELSE 0 END) "public"
    FROM messages GROUP BY conversation_id`
  return reading(data, (sqlite) => {
    const rows = sqlite.query<{ id: string; all: number; public: number }, []>(query).all()
    return new Map(rows.map(({ id, ...ends }) => [id, ends]))
  })
}

/** How many rows of the outbox still wait to be done. */
export function readUndone(data: string): number {
  const query = 'SELECT count(*) undone FROM outbox WHERE done_at IS NULL'
  return reading(data, (sqlite) => sqlite.query<{ undone: number }, []>(query).get()!.undone)
}

function reading<T>(data: string, read: (sqlite: Database) => T): T {
  const sqlite = new Database(join(data, 'kontuar.db'), { readonly: true })
  try {
    sqlite.run('PRAGMA busy_timeout = 5000')
    return read(sqlite)
  } finally {
    sqlite.close()
  }
}
