import type { SQL } from 'bun'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { drizzle } from 'drizzle-orm/bun-sql'
import { migrate } from 'drizzle-orm/bun-sql/migrator'
import { CannotStart } from '../../lib/cannot-start.ts'

const migrationsFolder = Bun.isStandaloneExecutable
  ? '/$bunfs/root/migrations/postgres'
  : join(import.meta.dir, '../../../../migrations/postgres')

const oldestServer = 150_000
/** Marks the database as ours, and says which migrations it has. */
const migrationsTable = 'kontuar_migrations'

type Journal = { entries: { when: number }[] }

/**
 * Brings the database to the schema of this binary. `one` must be a pool of a single connection. Throws `CannotStart` for
 * a server that is too old or not UTF-8, a database of somebody else's, and one that a newer Kontuar has written.
 */
export async function migrateDatabase(one: SQL, shown: string): Promise<void> {
  await checkServer(one, shown)
  const known = (JSON.parse(readFileSync(join(migrationsFolder, 'meta/_journal.json'), 'utf8')) as Journal).entries
  const tables = (await one.unsafe('SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema()')) as {
    name: string
  }[]
  if (tables.some(({ name }) => name === migrationsTable)) {
    const [row] = (await one.unsafe(
      `SELECT count(*)::int AS n, max(created_at)::text AS newest FROM ${migrationsTable}`,
    )) as {
      n: number
      newest: string | null
    }[]
    const newestKnown = Math.max(...known.map(({ when }) => when))
    if (row && (row.n > known.length || Number(row.newest) > newestKnown))
      throw new CannotStart(
        `The database ${shown} was written by a newer Kontuar (schema ${row.n}, this one knows ${known.length}). Start that version, or a newer one.`,
      )
    if (row?.n === known.length) return
  } else if (tables.length > 0) {
    throw new CannotStart(
      `The database ${shown} holds tables of something else (${tables[0]?.name}). Give Kontuar a database of its own.`,
    )
  }
  const [schema] = (await one.unsafe('SELECT current_schema() AS name')) as { name: string | null }[]
  if (!schema?.name) throw new CannotStart(`The database ${shown} has no schema that this user may write to.`)
  await migrate(drizzle(one), { migrationsFolder, migrationsTable, migrationsSchema: schema.name })
}

async function checkServer(one: SQL, shown: string): Promise<void> {
  const [server] = (await one.unsafe(
    `SELECT current_setting('server_version_num')::int AS version, current_setting('server_version') AS named,
       current_setting('server_encoding') AS encoding`,
  )) as { version: number; named: string; encoding: string }[]
  if (!server || server.version < oldestServer)
    throw new CannotStart(`${shown} is PostgreSQL ${server?.named}. Kontuar needs 15 or newer.`)
  if (server.encoding !== 'UTF8')
    throw new CannotStart(`The database ${shown} is in ${server.encoding}. Create one with ENCODING 'UTF8'.`)
}
