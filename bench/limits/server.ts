/**
 * The bare limit: what this machine can do for the same promise with nothing in between. Raw Bun.serve (front.ts), raw
 * bun:sqlite, prepared SQL, the same rows, indexes and pragmas as one visitor message costs Kontuar, one commit (FULL)
 * per turn of the event loop, ack after COMMIT.
 *
 *   bun bench/limits/server.ts --port 4000 --data /tmp/folder
 */
import { Database } from 'bun:sqlite'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ack, digest, type Job, serveVisitors, siteId } from './front.ts'

const { values } = parseArgs({ options: { port: { type: 'string' }, data: { type: 'string' } } })
const folder = values.data
if (folder === undefined) throw new Error('--data is needed')

const sqlite = new Database(join(folder, 'limit.db'), { create: true, strict: true })
for (const pragma of [
  'busy_timeout = 5000',
  'journal_mode = WAL',
  'synchronous = FULL',
  'foreign_keys = ON',
  'journal_size_limit = 67108864',
  'trusted_schema = OFF',
  'secure_delete = ON',
]) {
  sqlite.run(`PRAGMA ${pragma}`)
}
// The tables and indexes that one message touches, as src/features/*/schema.ts declares them.
for (const statement of [
  'CREATE TABLE sites (id TEXT PRIMARY KEY NOT NULL, chat_enabled INTEGER NOT NULL) STRICT',
  'CREATE TABLE agents (id TEXT PRIMARY KEY NOT NULL) STRICT',
  'CREATE TABLE contacts (id TEXT PRIMARY KEY NOT NULL) STRICT',
  `CREATE TABLE visitors (
    id TEXT PRIMARY KEY NOT NULL, site_id TEXT NOT NULL REFERENCES sites (id), token_hash TEXT NOT NULL,
    created_at INTEGER NOT NULL, contact_id TEXT REFERENCES contacts (id)
  ) STRICT`,
  'CREATE UNIQUE INDEX visitors_token ON visitors (token_hash)',
  `CREATE TABLE conversations (
    id TEXT PRIMARY KEY NOT NULL, site_id TEXT NOT NULL REFERENCES sites (id),
    visitor_id TEXT NOT NULL REFERENCES visitors (id), state TEXT NOT NULL, agent_id TEXT REFERENCES agents (id),
    previous_agent_id TEXT REFERENCES agents (id), last_seq INTEGER NOT NULL, last_public_seq INTEGER NOT NULL,
    last_text TEXT, last_author_kind TEXT, last_entry_at INTEGER NOT NULL, waiting_since INTEGER,
    created_at INTEGER NOT NULL
  ) STRICT`,
  `CREATE UNIQUE INDEX conversations_one_unfinished ON conversations (site_id, visitor_id) WHERE state <> 'finished'`,
  'CREATE INDEX conversations_of_visitor ON conversations (visitor_id, created_at)',
  'CREATE INDEX conversations_waiting ON conversations (state, waiting_since, id)',
  'CREATE INDEX conversations_of_agent ON conversations (agent_id, state, last_entry_at, id)',
  'CREATE INDEX conversations_by_activity ON conversations (state, last_entry_at, id)',
  `CREATE TABLE messages (
    conversation_id TEXT NOT NULL REFERENCES conversations (id), seq INTEGER NOT NULL, author_kind TEXT NOT NULL,
    author_id TEXT, client_id TEXT, kind TEXT NOT NULL, body TEXT NOT NULL, data TEXT, page TEXT, digest TEXT,
    public INTEGER NOT NULL, public_before INTEGER NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (conversation_id, seq)
  ) STRICT, WITHOUT ROWID`,
  'CREATE UNIQUE INDEX messages_once ON messages (author_kind, author_id, client_id)',
  `INSERT INTO sites VALUES ('limit', 1)`,
]) {
  sqlite.run(statement)
}

type Conversation = { id: string; last_seq: number; last_public_seq: number }
type Sent = { conversation_id: string; seq: number; at: number; digest: string }

const begin = sqlite.prepare('BEGIN IMMEDIATE')
const commit = sqlite.prepare('COMMIT')
const findVisitor = sqlite.prepare<{ id: string }, [string]>('SELECT id FROM visitors WHERE token_hash = ?')
const insertVisitor = sqlite.prepare('INSERT INTO visitors VALUES (?, ?, ?, ?, NULL)')
const findSent = sqlite.prepare<Sent, [string, string]>(
  `SELECT conversation_id, seq, at, digest FROM messages WHERE author_kind = 'visitor' AND author_id = ? AND client_id = ?`,
)
const findConversation = sqlite.prepare<Conversation, [string]>(
  `SELECT id, last_seq, last_public_seq FROM conversations WHERE site_id = '${siteId}' AND visitor_id = ? AND state <> 'finished'`,
)
const addConversation = sqlite.prepare(
  `INSERT INTO conversations VALUES (?1, ?2, ?3, 'waiting', NULL, NULL, 0, 0, NULL, NULL, ?4, ?4, ?4)`,
)
const addMessage = sqlite.prepare(
  `INSERT INTO messages VALUES (?, ?, 'visitor', ?, ?, 'text', ?, NULL, NULL, ?, 1, ?, ?)`,
)
const updateConversation = sqlite.prepare(
  `UPDATE conversations SET last_seq = ?1, last_public_seq = ?1, last_text = ?2, last_author_kind = 'visitor', last_entry_at = ?3 WHERE id = ?4`,
)

let queue: Job[] = []

function addVisitor(tokenHash: string, at: number): string {
  const id = Bun.randomUUIDv7()
  insertVisitor.run(id, siteId, tokenHash, at)
  return id
}

function keep({ ws, clientId, body }: Job): string {
  const at = Date.now()
  const { data } = ws
  if (data.visitorId === null) {
    data.visitorId = findVisitor.get(data.tokenHash)?.id ?? addVisitor(data.tokenHash, at)
  }
  const hash = digest(`text\n${body}`)
  const sent = findSent.get(data.visitorId, clientId)
  if (sent !== null) return ack(clientId, sent.conversation_id, sent.seq, sent.at)
  let conversation = findConversation.get(data.visitorId)
  if (conversation === null) {
    conversation = { id: Bun.randomUUIDv7(), last_seq: 0, last_public_seq: 0 }
    addConversation.run(conversation.id, siteId, data.visitorId, at)
  }
  const seq = conversation.last_seq + 1
  addMessage.run(conversation.id, seq, data.visitorId, clientId, body, hash, conversation.last_public_seq, at)
  updateConversation.run(seq, body.slice(0, 200), at, conversation.id)
  return ack(clientId, conversation.id, seq, at)
}

function commitGroup(): void {
  const group = queue
  queue = []
  begin.run()
  const answers = group.map(keep)
  commit.run()
  for (const [index, { ws }] of group.entries()) ws.send(answers[index] ?? '')
}

serveVisitors(Number(values.port ?? 0), (job) => {
  queue.push(job)
  if (queue.length === 1) setImmediate(commitGroup)
})
