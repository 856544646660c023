import { SQL } from 'bun'
import { Database } from 'bun:sqlite'
import { join } from 'node:path'
import type { ConversationRow, Final, OutboxRow, Row } from './checker.ts'

/** Where the house under test keeps everything: in the file of its data folder, or in a database. */
export type Place = { data: string; database: string | null }

/** How the server is told. */
export const flagsOf = ({ data, database }: Place): Record<string, string> =>
  database === null ? { data } : { data, 'database-url': database }

type Raw = Record<string, unknown>
/** Asks past the server. Numbers and truth values come as each store has them. */
type Ask = (query: string) => Promise<Raw[]>

const conversationsQuery = `
  SELECT id, state, last_seq "lastSeq", last_public_seq "lastPublicSeq",
    id IN (SELECT conversation_id FROM closures) closed, id IN (SELECT conversation_id FROM takes) taken
  FROM conversations`

const messagesQuery = `
  SELECT conversation_id "conversationId", seq, author_kind "authorKind", author_id "authorId", client_id "clientId",
    kind, body, public, public_before "publicBefore"
  FROM messages ORDER BY conversation_id, seq`

/** Everything that the checker needs of the store, read past the server. */
export const readFinal = (place: Place): Promise<Final> =>
  asking(place, async (ask) => {
    const messages = await ask(messagesQuery)
    const conversations = await ask(conversationsQuery)
    const outbox = await ask(`SELECT id, payload FROM outbox WHERE job = 'crash-sink'`)
    return {
      messages: messages.map((row) => plain(row, ['seq', 'publicBefore'], ['public']) as Row),
      conversations: conversations.map(
        (row) => plain(row, ['lastSeq', 'lastPublicSeq'], ['closed', 'taken']) as ConversationRow,
      ),
      outbox: outbox.map(({ id, payload }) => ({ id, ...(JSON.parse(String(payload)) as object) }) as OutboxRow),
      integrity: await (place.database === null ? integrityOfFile(ask) : integrityOfDatabase(ask)),
    }
  })

/** The last seq of every conversation: of all entries, and of those that its visitor may see. */
export const readEnds = (place: Place): Promise<Map<string, { all: number; public: number }>> =>
  asking(place, async (ask) => {
    const rows = await ask(`
      SELECT conversation_id id, max(seq) "all", max(CASE WHEN public THEN seq ELSE 0 END) "public"
      FROM messages GROUP BY conversation_id`)
    return new Map(rows.map((row) => [String(row.id), { all: Number(row.all), public: Number(row.public) }]))
  })

/** How many rows of the outbox still wait to be done. */
export const readUndone = (place: Place): Promise<number> =>
  asking(place, async (ask) =>
    Number((await ask('SELECT count(*) undone FROM outbox WHERE done_at IS NULL'))[0]?.undone),
  )

async function integrityOfFile(ask: Ask): Promise<string> {
  return (await ask('PRAGMA integrity_check')).map((row) => row.integrity_check).join('; ')
}

/** Whether every index holds what its table holds; the one of the search is of another kind, and made anew when in doubt. */
async function integrityOfDatabase(ask: Ask): Promise<string> {
  try {
    await ask('CREATE EXTENSION IF NOT EXISTS amcheck')
    await ask(`
      SELECT bt_index_check(c.oid, true) FROM pg_class c JOIN pg_am a ON a.oid = c.relam
      WHERE a.amname = 'btree' AND c.relkind = 'i' AND c.relnamespace = 'public'::regnamespace`)
    return 'ok'
  } catch (error) {
    return String(error)
  }
}

const plain = (row: Raw, numbers: string[], flags: string[]): Raw => ({
  ...row,
  ...Object.fromEntries(numbers.map((name) => [name, Number(row[name])])),
  ...Object.fromEntries(flags.map((name) => [name, Boolean(row[name])])),
})

const asking = <T>({ data, database }: Place, read: (ask: Ask) => Promise<T>): Promise<T> =>
  database === null ? askingFile(data, read) : askingDatabase(database, read)

async function askingFile<T>(data: string, read: (ask: Ask) => Promise<T>): Promise<T> {
  const sqlite = new Database(join(data, 'kontuar.db'), { readonly: true })
  try {
    sqlite.run('PRAGMA busy_timeout = 5000')
    return await read((query) => Promise.resolve(sqlite.query<Raw, []>(query).all()))
  } finally {
    sqlite.close()
  }
}

async function askingDatabase<T>(url: string, read: (ask: Ask) => Promise<T>): Promise<T> {
  const sql = new SQL(url, { max: 1 })
  try {
    return await read(async (query) => [...((await sql.unsafe(query)) as Raw[])])
  } finally {
    await sql.close()
  }
}
