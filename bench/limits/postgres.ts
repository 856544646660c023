/**
 * The bare limit on PostgreSQL: raw Bun.serve (front.ts), raw Bun.SQL, the same rows and indexes as one visitor message
 * costs Kontuar, one transaction for each message on as many connections, the conversation's row locked in it, ack after
 * COMMIT. PostgreSQL prepares the statements, once for each connection.
 *
 *   bun bench/limits/postgres.ts --port 4000 --database postgres://user@127.0.0.1:5432/empty
 */
import { type ReservedSQL, SQL } from 'bun'
import { parseArgs } from 'node:util'
import { writingConnections } from '../../src/platform/db/postgres/open.ts'
import { ack, digest, type Job, serveVisitors, siteId, type State } from './front.ts'

const { values } = parseArgs({ options: { port: { type: 'string' }, database: { type: 'string' } } })
if (values.database === undefined) throw new Error('--database is needed')

const pool = new SQL(values.database, { max: writingConnections, bigint: false })

// The tables and indexes that one message touches, as migrations/postgres makes them.
await pool.unsafe(`
  CREATE TABLE sites (id text COLLATE "C" PRIMARY KEY, chat_enabled boolean NOT NULL);
  CREATE TABLE agents (id text COLLATE "C" PRIMARY KEY);
  CREATE TABLE contacts (id text COLLATE "C" PRIMARY KEY);
  CREATE TABLE visitors (
    id text COLLATE "C" PRIMARY KEY, site_id text COLLATE "C" NOT NULL REFERENCES sites, token_hash text COLLATE "C" NOT NULL,
    created_at bigint NOT NULL, contact_id text COLLATE "C" REFERENCES contacts
  );
  CREATE UNIQUE INDEX visitors_token ON visitors (token_hash);
  CREATE TABLE conversations (
    id text COLLATE "C" PRIMARY KEY, site_id text COLLATE "C" NOT NULL REFERENCES sites,
    visitor_id text COLLATE "C" NOT NULL REFERENCES visitors, state text COLLATE "C" NOT NULL,
    agent_id text COLLATE "C" REFERENCES agents, previous_agent_id text COLLATE "C" REFERENCES agents,
    last_seq bigint NOT NULL, last_public_seq bigint NOT NULL, last_text text COLLATE "C",
    last_author_kind text COLLATE "C", last_entry_at bigint NOT NULL, waiting_since bigint, created_at bigint NOT NULL
  );
  CREATE UNIQUE INDEX conversations_one_unfinished ON conversations (site_id, visitor_id) WHERE state <> 'finished';
  CREATE INDEX conversations_of_visitor ON conversations (visitor_id, created_at);
  CREATE INDEX conversations_waiting ON conversations (state, waiting_since, id);
  CREATE INDEX conversations_of_agent ON conversations (agent_id, state, last_entry_at, id);
  CREATE INDEX conversations_by_activity ON conversations (state, last_entry_at, id);
  CREATE TABLE messages (
    conversation_id text COLLATE "C" NOT NULL REFERENCES conversations, seq bigint NOT NULL,
    author_kind text COLLATE "C" NOT NULL, author_id text COLLATE "C", client_id text COLLATE "C",
    kind text COLLATE "C" NOT NULL, body text COLLATE "C" NOT NULL, data text, page text, digest text COLLATE "C",
    public boolean NOT NULL, public_before bigint NOT NULL, at bigint NOT NULL, PRIMARY KEY (conversation_id, seq)
  );
  CREATE UNIQUE INDEX messages_once ON messages (author_kind, author_id, client_id);
  INSERT INTO sites VALUES ('${siteId}', true);
`)

type Conversation = { id: string; last_seq: string; last_public_seq: string }
type Sent = { conversation_id: string; seq: string; at: string }

const free = await Promise.all(Array.from({ length: writingConnections }, () => pool.reserve()))
// One message of a visitor at a time: two first ones at once would each open a conversation.
const busy = new Set<State>()
const queue: Job[] = []

async function addVisitor(sql: ReservedSQL, tokenHash: string, at: number): Promise<string> {
  const id = Bun.randomUUIDv7()
  await sql`INSERT INTO visitors VALUES (${id}, ${siteId}, ${tokenHash}, ${at}, NULL)`
  return id
}

async function addConversation(sql: ReservedSQL, visitorId: string, at: number): Promise<Conversation> {
  const id = Bun.randomUUIDv7()
  await sql`INSERT INTO conversations
    VALUES (${id}, ${siteId}, ${visitorId}, 'waiting', NULL, NULL, 0, 0, NULL, NULL, ${at}, ${at}, ${at})`
  return { id, last_seq: '0', last_public_seq: '0' }
}

async function keep(sql: ReservedSQL, { ws, clientId, body }: Job): Promise<string> {
  const at = Date.now()
  const visitorId = ws.data.visitorId ?? (await addVisitor(sql, ws.data.tokenHash, at))
  const [sent]: Sent[] = await sql`SELECT conversation_id, seq, at FROM messages
    WHERE author_kind = 'visitor' AND author_id = ${visitorId} AND client_id = ${clientId}`
  if (sent) return ack(clientId, sent.conversation_id, Number(sent.seq), Number(sent.at))
  const [found]: Conversation[] = await sql`SELECT id, last_seq, last_public_seq FROM conversations
    WHERE site_id = ${siteId} AND visitor_id = ${visitorId} AND state <> 'finished' FOR NO KEY UPDATE`
  const conversation = found ?? (await addConversation(sql, visitorId, at))
  const seq = Number(conversation.last_seq) + 1
  const before = Number(conversation.last_public_seq)
  await sql`INSERT INTO messages VALUES (${conversation.id}, ${seq}, 'visitor', ${visitorId}, ${clientId}, 'text', ${body},
    NULL, NULL, ${digest(`text\n${body}`)}, true, ${before}, ${at})`
  await sql`UPDATE conversations SET last_seq = ${seq}, last_public_seq = ${seq}, last_text = ${body.slice(0, 200)},
    last_author_kind = 'visitor', last_entry_at = ${at} WHERE id = ${conversation.id}`
  ws.data.visitorId = visitorId
  return ack(clientId, conversation.id, seq, at)
}

function takeNext(): void {
  const index = queue.findIndex(({ ws }) => !busy.has(ws.data))
  const sql = index === -1 ? undefined : free.pop()
  if (sql === undefined) return
  const [job] = queue.splice(index, 1)
  if (job !== undefined) void keepOn(sql, job)
}

async function keepOn(sql: ReservedSQL, job: Job): Promise<void> {
  busy.add(job.ws.data)
  await sql`BEGIN`
  const answer = await keep(sql, job)
  await sql`COMMIT`
  job.ws.send(answer)
  busy.delete(job.ws.data)
  free.push(sql)
  takeNext()
}

serveVisitors(Number(values.port ?? 0), (job) => {
  queue.push(job)
  takeNext()
})
