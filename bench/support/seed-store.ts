/** A store full of conversations, made by the product's own `kontuar demo seed`. */
import { SQL } from 'bun'
import { Database } from 'bun:sqlite'
import { join } from 'node:path'
import { CannotMeasure } from '../scene.ts'

const root = join(import.meta.dir, '../..')

export type Seed = {
  conversations: number
  /** How many of them are not finished. */
  open: number
  messages: number
  /** The texts of one conversation; another has ten. */
  longest?: number
  /** So many people more, and all conversations belong to one of ten zones or to none. */
  contacts?: number
}

/** The first of the demo's staff. */
export const seededEmail = 'marina@northwater.example'
/** Another one of them. */
export const secondEmail = 'ewa@northwater.example'
export const seededPassword = 'correct horse battery staple'

/**
 * Fills the folder, or the database where there is one; answers with the ids of the conversation of `longest` texts and of the one
 * of ten.
 */
export async function seedStore(
  folder: string,
  { conversations, open, messages, longest, contacts }: Seed,
  database: string | null,
): Promise<string[]> {
  const amounts = ['--conversations', conversations, '--messages', messages, '--open', open]
  const command = [...amounts, ...(longest === undefined ? [] : ['--longest', longest]), '--password', seededPassword]
  const run = Bun.spawn(
    [process.execPath, join(root, 'src/main.ts'), 'demo', 'seed', '--quiet', '--data', folder, ...command.map(String)],
    { env: { ...process.env, DATABASE_URL: database ?? '' }, stdin: 'ignore', stdout: 'pipe', stderr: 'pipe' },
  )
  const [said, complaint, code] = await Promise.all([
    new Response(run.stdout).text(),
    new Response(run.stderr).text(),
    run.exited,
  ])
  if (code === 2) throw new CannotMeasure(`kontuar demo seed: ${complaint.trim()}`)
  if (code !== 0) throw new Error(`kontuar demo seed: ${complaint.trim()}`)
  const changes = [...allWait, ...(contacts === undefined ? [] : liveInZones(contacts, database))]
  await (database === null ? changeFile(join(folder, 'kontuar.db'), changes) : changeDatabase(database, changes))
  return [...said.matchAll(/\/c\/([0-9a-f-]{36})/g)].map(([, id = '']) => id)
}

/** The seed spreads what is open over Waiting and the Active of several agents; here one folder has them all. */
const allWait = [
  `UPDATE conversations SET state = 'waiting', agent_id = NULL, waiting_since = last_entry_at WHERE state = 'active'`,
  'DELETE FROM takes',
]

/** The ids of the zones, the same in every store. */
export const seededZones = Array.from({ length: 10 }, (_, at) => `01970000-0000-7000-8000-00000000000${at}`)

function liveInZones(contacts: number, database: string | null): string[] {
  // One in eleven belongs to none. The zones of the seed itself stand before these.
  const first = 100
  const zoneOf = (number: string) => `(SELECT z.id FROM zones z WHERE z.position = ${first} + ${number} % 11)`
  const numberOf = database === null ? 'conversations.rowid' : 'abs(hashtext(conversations.id))'
  return [
    ...seededZones.map(
      (id, at) => `INSERT INTO zones (id, name, districts, colour, position, days, created_at, changed_at)
        VALUES ('${id}', 'Zone ${at}', '[]', 'blue', ${first + at}, '[]', 1, 1)`,
    ),
    `UPDATE conversations SET zone_id = ${zoneOf(numberOf)}`,
    `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${contacts})
     INSERT INTO contacts (id, name, created_at, zone_id)
     SELECT '01970000-0000-7000-9000-' || substr(CAST(1000000000000 + i AS TEXT), 2), 'Client ' || i, 1, ${zoneOf('i')} FROM n`,
  ]
}

async function changeFile(path: string, changes: string[]): Promise<void> {
  const sqlite = new Database(path)
  sqlite.transaction(() => {
    for (const change of changes) sqlite.run(change)
  })()
  sqlite.run('PRAGMA wal_checkpoint(TRUNCATE)')
  sqlite.close()
}

// What PostgreSQL knows of its tables once it has been at work for a while. Of an empty one it knows nothing.
const known = 'ANALYZE conversations, messages, visitors, contacts, zones'

async function changeDatabase(url: string, changes: string[]): Promise<void> {
  const sql = new SQL(url, { max: 1 })
  try {
    for (const change of [...changes, known]) await sql.unsafe(change)
  } finally {
    await sql.close()
  }
}
