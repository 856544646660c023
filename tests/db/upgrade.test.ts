import { Database } from 'bun:sqlite'
import { expect, test } from 'bun:test'
import { migrate } from 'drizzle-orm/bun-sqlite/migrator'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { executorOf } from '../../src/platform/db/executor.ts'
import { applicationId, knownVersion } from '../../src/platform/db/migrate-sqlite.ts'
import { closeStore, openStore } from '../../src/platform/db/open.ts'
import { setUpLog } from '../../src/platform/lib/log.ts'

const migrations = join(import.meta.dir, '../../migrations/sqlite')

/** A database as a Kontuar that knew only the first `version` migrations has left it. */
async function oldDatabase(folder: string, version: number): Promise<Database> {
  const known = join(folder, 'migrations')
  await cp(migrations, known, { recursive: true })
  const journal = Bun.file(join(known, 'meta/_journal.json'))
  const { entries, ...rest } = (await journal.json()) as { entries: unknown[] }
  await Bun.write(journal, JSON.stringify({ ...rest, entries: entries.slice(0, version) }))
  const sqlite = new Database(join(folder, 'kontuar.db'), { create: true, strict: true })
  sqlite.run(`PRAGMA application_id = ${applicationId}`)
  migrate(executorOf(sqlite), { migrationsFolder: known })
  sqlite.run(`PRAGMA user_version = ${version}`)
  return sqlite
}

test('a database of the first version is brought up to date, with all that it holds', async () => {
  setUpLog({ level: 'error' })
  const folder = await mkdtemp(join(tmpdir(), 'kontuar-upgrade-'))
  const old = await oldDatabase(folder, 1)
  old.run("INSERT INTO sites VALUES ('s', 'Water', '[]', 1, NULL, 0, 1)")
  old.run("INSERT INTO visitors (id, site_id, token_hash, created_at) VALUES ('v', 's', 'hash', 2)")
  const before = old.query('SELECT * FROM visitors').all() as object[]
  expect(old.query("SELECT 1 FROM sqlite_schema WHERE name = 'contacts'").all()).toEqual([])
  old.close()
  await openStore(folder)
  await closeStore()
  const now = new Database(join(folder, 'kontuar.db'), { readonly: true })
  expect(now.query('PRAGMA user_version').get()).toEqual({ user_version: knownVersion() })
  expect(now.query('SELECT * FROM visitors').all()).toEqual(
    before.map((row) => ({ ...row, contact_id: null, verified_at: null, blocked_at: null })),
  )
  expect(now.query('SELECT id, audience, widget FROM sites').all()).toEqual([
    { id: 's', audience: 'anyone', widget: null },
  ])
  expect(now.query('SELECT * FROM contacts').all()).toEqual([])
  expect(now.query('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' })
  expect(now.query('PRAGMA foreign_key_check').all()).toEqual([])
  now.close()
  await rm(folder, { recursive: true })
})
