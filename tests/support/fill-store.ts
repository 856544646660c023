import { Database } from 'bun:sqlite'
import { join } from 'node:path'

const body = 'Здравствуйте! Когда привезут воду? Заказ был вчера, на улицу Ленина, 5. '
const page = '{"url":"https://shop.example/water","title":"Вода"}'

/** Writes conversations of twenty messages straight into `<folder>/kontuar.db`, which nobody serves: as many as it takes. */
export function fillMessages(folder: string, messages: number): void {
  using sqlite = new Database(join(folder, 'kontuar.db'))
  sqlite.run('PRAGMA synchronous = OFF')
  const insert = (table: string, columns: string) =>
    sqlite.prepare(`INSERT INTO ${table} (${columns}) VALUES (${columns.replace(/\w+/g, '?')})`)
  const site = Bun.randomUUIDv7()
  insert('sites', 'id, name, domains, chat_enabled, demo, created_at').run(site, 'Water', '[]', 1, 0, 1)
  const visitor = insert('visitors', 'id, site_id, token_hash, created_at')
  const conversation = insert(
    'conversations',
    'id, site_id, visitor_id, state, last_seq, last_public_seq, last_text, last_author_kind, last_entry_at, created_at',
  )
  const message = insert(
    'messages',
    'conversation_id, seq, author_kind, author_id, client_id, kind, body, page, digest, public, public_before, at',
  )
  const converse = (texts: number) => {
    const [who, where] = [Bun.randomUUIDv7(), Bun.randomUUIDv7()]
    visitor.run(who, site, Bun.hash(who).toString(16), 1)
    conversation.run(where, site, who, 'finished', texts, texts, body, 'visitor', texts, 1)
    for (let seq = 1; seq <= texts; seq++) {
      const [client, digest] = [Bun.randomUUIDv7('base64url'), Bun.hash(`${seq}`).toString(16).padStart(64, '0')]
      message.run(where, seq, 'visitor', who, client, 'text', body.repeat(1 + (seq % 3)), page, digest, 1, seq - 1, seq)
    }
  }
  sqlite.transaction(() => {
    for (let left = messages; left > 0; left -= 20) converse(Math.min(left, 20))
  })()
}

type Column = { name: string; type: string }

/** Gives every table that is empty one row, whatever its columns are, so that no table is copied untried. */
export function fillEmptyTables(folder: string): void {
  using sqlite = new Database(join(folder, 'kontuar.db'))
  const tables = sqlite
    .query<{ name: string }, []>(
      "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND substr(name, 1, 7) <> 'sqlite_'",
    )
    .all()
  for (const { name } of tables) fillTable(sqlite, name)
}

/** What a row refers to has to be there before it. */
function fillTable(sqlite: Database, name: string): void {
  if (sqlite.query(`SELECT 1 FROM ${name}`).get()) return
  const columns = sqlite.query<Column, [string]>('SELECT name, type FROM pragma_table_info(?)').all(name)
  const keys = sqlite
    .query<{ from: string; table: string; to: string }, [string]>('SELECT * FROM pragma_foreign_key_list(?)')
    .all(name)
  for (const { table } of keys) if (table !== name) fillTable(sqlite, table)
  const values = columns.map((column) => {
    const key = keys.find(({ from }) => from === column.name)
    if (key) return sqlite.query(`SELECT ${key.to} FROM ${key.table}`).values()[0]?.[0] as string
    // Some texts are read as JSON.
    return column.type === 'INTEGER' ? 1 : '["żółw 🐢 {NULL}"]'
  })
  sqlite.run(`INSERT INTO ${name} VALUES (${values.map(() => '?').join(', ')})`, values)
}
