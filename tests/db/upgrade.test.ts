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
  expect(now.query('SELECT * FROM visitors').all()).toMatchObject(
    before.map((row) => ({ ...row, contact_id: null, verified_at: null, blocked_at: null, page: null })),
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

test('what visitors wrote last, and how they began, is found for conversations that were there before', async () => {
  setUpLog({ level: 'error' })
  const folder = await mkdtemp(join(tmpdir(), 'kontuar-upgrade-'))
  const old = await oldDatabase(folder, 3)
  old.run("INSERT INTO sites (id, name, domains, chat_enabled, demo, created_at) VALUES ('s', 'Water', '[]', 1, 0, 1)")
  const entries: Record<string, [author: string, kind: string][]> = {
    talk: [
      ['visitor', 'text'],
      ['agent', 'event'],
      ['visitor', 'text'],
      ['agent', 'text'],
      // That an address was left is said by the visitor, and is nothing to read.
      ['visitor', 'event'],
    ],
    form: [
      ['visitor', 'feedback'],
      ['agent', 'text'],
    ],
    greeted: [
      ['system', 'text'],
      ['visitor', 'text'],
    ],
    empty: [],
  }
  for (const [id, log] of Object.entries(entries)) {
    old.run('INSERT INTO visitors (id, site_id, token_hash, created_at) VALUES (?, ?, ?, 1)', [id, 's', id])
    old.run(
      `INSERT INTO conversations (id, site_id, visitor_id, state, last_seq, last_public_seq, last_entry_at, created_at)
        VALUES (?, 's', ?, 'waiting', ?, 0, 1, 1)`,
      [id, id, log.length],
    )
    for (const [at, [author, kind]] of log.entries()) {
      old.run(
        `INSERT INTO messages (conversation_id, seq, author_kind, kind, body, public, public_before, at)
          VALUES (?, ?, ?, ?, 'x', 1, 0, 1)`,
        [id, at + 1, author, kind],
      )
    }
  }
  old.close()
  await openStore(folder)
  await closeStore()
  const now = new Database(join(folder, 'kontuar.db'), { readonly: true })
  expect(now.query('SELECT id, last_visitor_seq, channel FROM conversations ORDER BY id').values()).toEqual([
    ['empty', 0, 'widget'],
    ['form', 1, 'form'],
    ['greeted', 2, 'widget'],
    ['talk', 3, 'widget'],
  ])
  now.close()
  await rm(folder, { recursive: true })
})

test('a name of the shop’s that two clients had stays with whom it was given to first', async () => {
  setUpLog({ level: 'error' })
  const folder = await mkdtemp(join(tmpdir(), 'kontuar-upgrade-'))
  const old = await oldDatabase(folder, 4)
  const people = [
    ['a', 'W-1'],
    ['b', 'W-1'],
    ['c', 'W-2'],
    ['d', null],
    ['e', null],
  ]
  for (const person of people)
    old.run("INSERT INTO contacts (id, external_id, name, created_at) VALUES (?, ?, 'Anna', 1)", person)
  old.run("INSERT INTO sites (id, name, domains, chat_enabled, demo, created_at) VALUES ('s', 'Water', '[]', 0, 0, 1)")
  old.close()
  await openStore(folder)
  await closeStore()
  const now = new Database(join(folder, 'kontuar.db'), { readonly: true })
  expect(now.query('SELECT id, external_id FROM contacts ORDER BY id').values()).toEqual([
    ['a', 'W-1'],
    ['b', null],
    ['c', 'W-2'],
    ['d', null],
    ['e', null],
  ])
  // What a site had set of its chat stays its own, whatever the house comes to have for all.
  expect(now.query('SELECT own FROM sites').values()).toEqual([['["chatEnabled","audience","greeting"]']])
  now.close()
  await rm(folder, { recursive: true })
})
