import type { SQL } from 'bun'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readMigrationFiles } from 'drizzle-orm/migrator'
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
  await checkRights(one, shown)
  await apply(one)
}

// The migrator of the builder would want the right to create schemas too, which a hosted database does not give.
async function apply(one: SQL): Promise<void> {
  await one.begin(async (tx) => {
    await tx.unsafe(
      `CREATE TABLE IF NOT EXISTS ${migrationsTable} (id serial PRIMARY KEY, hash text NOT NULL, created_at bigint NOT NULL)`,
    )
    const [last] = (await tx.unsafe(`SELECT max(created_at)::text AS at FROM ${migrationsTable}`)) as {
      at: string | null
    }[]
    for (const { sql, hash, folderMillis } of readMigrationFiles({ migrationsFolder })) {
      if (folderMillis <= Number(last?.at ?? -1)) continue
      for (const statement of sql) await tx.unsafe(statement)
      await tx.unsafe(`INSERT INTO ${migrationsTable} (hash, created_at) VALUES ($1, $2)`, [hash, folderMillis])
    }
  })
}

async function checkRights(one: SQL, shown: string): Promise<void> {
  const [user] = (await one.unsafe(
    `SELECT current_user::text AS name, coalesce(has_schema_privilege(current_schema(), 'CREATE'), false) AS may`,
  )) as { name: string; may: boolean }[]
  if (!user?.may)
    throw new CannotStart(
      `The user ${user?.name} may not create tables in the database ${shown}. Make it the owner: ALTER DATABASE … OWNER TO ${user?.name}.`,
    )
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
