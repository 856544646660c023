/** A data folder full of conversations, made by the product's own `kontuar demo seed`. */
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

/** Fills the folder; answers with the ids of the conversation of `longest` texts and of the one of ten. */
export async function seedStore(
  folder: string,
  { conversations, open, messages, longest, contacts }: Seed,
): Promise<string[]> {
  const amounts = ['--conversations', conversations, '--messages', messages, '--open', open]
  const command = [...amounts, ...(longest === undefined ? [] : ['--longest', longest]), '--password', seededPassword]
  const run = Bun.spawn(
    [process.execPath, join(root, 'src/main.ts'), 'demo', 'seed', '--quiet', '--data', folder, ...command.map(String)],
    { env: { ...process.env, DATABASE_URL: '' }, stdin: 'ignore', stdout: 'pipe', stderr: 'pipe' },
  )
  const [said, complaint, code] = await Promise.all([
    new Response(run.stdout).text(),
    new Response(run.stderr).text(),
    run.exited,
  ])
  if (code === 2) throw new CannotMeasure(`kontuar demo seed: ${complaint.trim()}`)
  if (code !== 0) throw new Error(`kontuar demo seed: ${complaint.trim()}`)
  letAllWait(join(folder, 'kontuar.db'))
  if (contacts !== undefined) liveInZones(join(folder, 'kontuar.db'), contacts)
  return [...said.matchAll(/\/c\/([0-9a-f-]{36})/g)].map(([, id = '']) => id)
}

/** The seed spreads what is open over Waiting and the Active of several agents; here one folder has them all. */
function letAllWait(path: string): void {
  const sqlite = new Database(path)
  sqlite.run(`UPDATE conversations SET state = 'waiting', agent_id = NULL, waiting_since = last_entry_at
    WHERE state = 'active'`)
  sqlite.run('DELETE FROM takes')
  sqlite.run('PRAGMA wal_checkpoint(TRUNCATE)')
  sqlite.close()
}

/** The ids of the zones, the same in every store. */
export const seededZones = Array.from({ length: 10 }, (_, at) => `01970000-0000-7000-8000-00000000000${at}`)

function liveInZones(path: string, contacts: number): void {
  const sqlite = new Database(path)
  sqlite.transaction(() => {
    const zone = sqlite.query(`INSERT INTO zones (id, name, districts, colour, position, days, created_at, changed_at)
      VALUES (?, ?, '[]', 'blue', ?, '[]', 1, 1)`)
    for (const [at, id] of seededZones.entries()) zone.run(id, `Zone ${at}`, at)
    // One in eleven belongs to none.
    const zoneOf = (row: string) => `(SELECT z.id FROM zones z WHERE z.position = ${row} % 11)`
    sqlite.run(`UPDATE conversations SET zone_id = ${zoneOf('conversations.rowid')}`)
    sqlite.run(
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
       INSERT INTO contacts (id, name, created_at, zone_id)
       SELECT printf('01970000-0000-7000-9000-%012d', i), 'Client ' || i, 1, ${zoneOf('i')} FROM n`,
      [contacts],
    )
  })()
  sqlite.run('PRAGMA wal_checkpoint(TRUNCATE)')
  sqlite.close()
}
