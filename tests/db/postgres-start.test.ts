import { SQL } from 'bun'
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { freshDatabase, type Postgres, startPostgres } from '../support/postgres.ts'
import { freshFolder, builtProgram, run, startServing } from '../support/program.ts'

// What a house says that cannot start on the database it was given: one line for a person.

setDefaultTimeout(60_000)

let postgres: Postgres

beforeAll(async () => {
  postgres = await startPostgres()
}, 60_000)
afterAll(() => postgres.stop())

async function ask(url: string, ...statements: string[]): Promise<void> {
  const sql = new SQL(url, { max: 1 })
  try {
    for (const statement of statements) await sql.unsafe(statement)
  } finally {
    await sql.close()
  }
}

/** The one line that `serve` ends with. */
async function said(url: string): Promise<string> {
  await using folder = await freshFolder()
  const { code, stdout, stderr } = await run(builtProgram, [
    'serve',
    ...['--port', '0', '--data', folder.path, '--database-url', url, '--log-level', 'error'],
  ])
  expect(stdout).toBe('')
  expect(stderr).toMatch(/^kontuar: [^\n]+\n$/)
  expect(stderr).not.toContain('unexpected error')
  expect(code).toBe(1)
  return stderr.slice('kontuar: '.length, -1)
}

const at = (url: string, change: (url: URL) => void): string => {
  const changed = new URL(url)
  change(changed)
  return changed.href
}

describe('a house does not start, and says why,', () => {
  test('where nobody listens, or there is no such host', async () => {
    const nobody = at(postgres.url, (url) => {
      url.port = '1'
    })
    const nowhere = 'postgres://kontuar:secret@nowhere.invalid/kontuar'
    const [first, second] = await Promise.all([said(nobody), said(nowhere)])
    expect(first).toMatch(/^The database 127\.0\.0\.1:1\/postgres cannot be reached \(.+\)\.$/)
    expect(second).toMatch(/^The database nowhere\.invalid\/kontuar cannot be reached \(.+\)\.$/)
  })

  test('where there is no such database', async () => {
    const missing = at(postgres.url, (url) => {
      url.pathname = '/missing'
    })
    expect(await said(missing)).toMatch(/^There is no database \S+\/missing\. Create it first/)
  })

  test('where the password is wrong, or the user', async () => {
    await ask(postgres.url, `CREATE ROLE locked LOGIN PASSWORD 'right'`)
    const file = `${postgres.data}/pg_hba.conf`
    const trust = await Bun.file(file).text()
    await Bun.write(file, `host all locked all scram-sha-256\n${trust}`)
    await ask(postgres.url, 'SELECT pg_reload_conf()', 'SELECT pg_sleep(0.2)')
    const wrong = (user: string, password: string) =>
      at(postgres.url, (url) => {
        url.username = user
        url.password = password
      })
    for (const url of [wrong('locked', 'wrong'), wrong('locked', ''), wrong('nobody', 'x')]) {
      const line = await said(url)
      expect(line).toMatch(/^The database \S+ refuses this user or password\.$/)
      expect(line).not.toContain('wrong')
    }
  })

  test('where the user may not create tables', async () => {
    const { url } = await freshDatabase(postgres.url)
    await ask(url, 'CREATE ROLE reader LOGIN', 'REVOKE CREATE ON SCHEMA public FROM PUBLIC')
    const reader = at(url, (changed) => {
      changed.username = 'reader'
    })
    expect(await said(reader)).toMatch(/^The user reader may not create tables in the database \S+\. /)
    // The tables are all it takes.
    await ask(url, 'GRANT CREATE ON SCHEMA public TO reader')
    await using folder = await freshFolder()
    await using house = await startServing(builtProgram, ['--data', folder.path, '--database-url', reader])
    expect((await house.end('SIGTERM')).code).toBe(0)
  })

  test('where the database holds something else, and leaves that alone', async () => {
    const { url } = await freshDatabase(postgres.url)
    await ask(url, 'CREATE TABLE theirs (x int)')
    expect(await said(url)).toMatch(/^The database \S+ holds tables of something else \(theirs\)/)
    const sql = new SQL(url, { max: 1 })
    const tables = (await sql.unsafe(`SELECT tablename FROM pg_tables WHERE schemaname = 'public'`)) as {
      tablename: string
    }[]
    await sql.close()
    expect(tables.map(({ tablename }) => tablename)).toEqual(['theirs'])
  })

  test('where the database is not in UTF-8', async () => {
    await ask(postgres.url, `CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'`)
    const latin = at(postgres.url, (url) => {
      url.pathname = '/latin'
    })
    expect(await said(latin)).toMatch(/^The database \S+\/latin is in LATIN1\. Create one with ENCODING 'UTF8'\.$/)
  })

  test('where the server is too old', async () => {
    const { url } = await freshDatabase(postgres.url)
    // What the server says of itself is asked by a function, and this one is found first.
    await ask(
      url,
      'CREATE SCHEMA old',
      `CREATE FUNCTION old.current_setting(name text) RETURNS text LANGUAGE sql AS $$
         SELECT CASE name WHEN 'server_version_num' THEN '140011' WHEN 'server_version' THEN '14.11'
           ELSE pg_catalog.current_setting(name) END $$`,
      `ALTER DATABASE ${new URL(url).pathname.slice(1)} SET search_path = old, pg_catalog, public`,
    )
    expect(await said(url)).toMatch(/ is PostgreSQL 14\.11\. Kontuar needs 15 or newer\.$/)
  })

  test('where a newer Kontuar has been', async () => {
    const { url } = await freshDatabase(postgres.url)
    await ask(
      url,
      'CREATE TABLE kontuar_migrations (id serial PRIMARY KEY, hash text NOT NULL, created_at bigint)',
      `INSERT INTO kontuar_migrations (hash, created_at) VALUES ('of tomorrow', 99999999999999)`,
    )
    expect(await said(url)).toMatch(/^The database \S+ was written by a newer Kontuar \(schema 1, this one knows \d+\)/)
  })
})
