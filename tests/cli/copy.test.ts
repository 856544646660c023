import { SQL } from 'bun'
import { Database } from 'bun:sqlite'
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { existsSync } from 'node:fs'
import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { migrateDatabase } from '../../src/platform/db/postgres/migrate.ts'
import { AgentClient } from '../support/agent-client.ts'
import { fillEmptyTables, fillMessages } from '../support/fill-store.ts'
import { freshDatabase, type Postgres, startPostgres } from '../support/postgres.ts'
import { collect, type Finished, freshFolder, builtProgram, run, startServing, until } from '../support/program.ts'
import { entriesOverHttp, newClientId, sendOverHttp, session } from '../support/visitor-client.ts'

let server: Postgres
/** A data folder with a shop in it that people have worked in; each test copies it for itself. */
let original: Shop
const undo: (() => PromiseLike<unknown>)[] = []

beforeAll(async () => {
  server = await startPostgres()
  undo.push(() => server.stop())
  const folder = await freshFolder()
  undo.push(() => folder[Symbol.asyncDispose]())
  original = await openShop(folder.path)
}, 60_000)

afterAll(async () => {
  for (const step of undo.reverse()) await step()
})

// --- the shop

type Shop = {
  path: string
  anna: AgentClient
  /** What Anna is shown. */
  pages: [path: string, text: string][]
  boris: { token: string; conversationId: string; lastSeq: number; firstClientId: string }
}

const texts = [
  'Здравствуйте',
  'żółw 🐢🏴‍☠️',
  `"\\{},NULL' \t\n\r`,
  'x'.repeat(8000),
  '💧'.repeat(2000),
  ' a ',
  'NULL',
  '\\N',
]

/** A shop filled through its own doors by an owner, an agent and visitors, and then stopped. */
async function openShop(path: string): Promise<Shop> {
  await using serving = await startServing(builtProgram, ['--data', path, '--no-limits'])
  const anna = new AgentClient(serving.url)
  const link = new URL(/http\S+setup\S+/.exec(serving.stdout)?.[0] ?? '')
  const owner = { name: 'Anna', email: 'anna@shop.example', password: 'correct horse battery', shop: 'Źródło 💧' }
  await anna.request('POST', '/setup', { token: link.searchParams.get('token') ?? '', ...owner })
  const { text } = await anna.get('/settings/sites')
  const site = /widget\.js\?site=([0-9a-f-]+)/.exec(text)?.[1] ?? ''
  const boris = await converse(serving.url, site, texts)
  const clara = await converse(serving.url, site, ['one'])
  const dmitri = await converse(serving.url, site, ['two'])
  await anna.take(boris.conversationId)
  await anna.send(boris.conversationId, { clientId: newClientId(), body: 'Добрый день' })
  await anna.read(boris.conversationId, 3)
  await anna.take(clara.conversationId)
  await anna.finish(clara.conversationId)
  await fetch(`${serving.url}/readyz`)
  await serving.end('SIGTERM')
  using sqlite = new Database(join(path, 'kontuar.db'))
  sqlite.run("INSERT INTO contacts (id, name, email, phone, created_at) VALUES ('empty', '', '', NULL, -1)")
  fillMessages(path, 5000)
  fillEmptyTables(path)
  const folders = ['waiting', 'active', 'finished'].map((name) => `/inbox?folder=${name}`)
  const talks = [boris, clara, dmitri].map(({ conversationId }) => `/c/${conversationId}`)
  await using again = await startServing(builtProgram, ['--data', path, '--no-limits'])
  const { items } = await entriesOverHttp(again.url, boris.token)
  await again.end('SIGTERM')
  // When Boris was last seen is kept by now, and nobody comes any more.
  await using last = await startServing(builtProgram, ['--data', path, '--no-limits'])
  const pages = await pagesOf(anna, last.url, [...folders, ...talks, '/settings/sites'])
  await last.end('SIGTERM')
  return {
    path,
    anna,
    pages,
    boris: { ...boris, lastSeq: items.at(-1)?.seq ?? 0 },
  }
}

async function converse(url: string, site: string, said: string[]) {
  const { visitorToken: token } = await session(url, site)
  const clientIds = said.map(() => newClientId())
  let conversationId = ''
  for (const [at, body] of said.entries()) {
    const outcome = await sendOverHttp(url, token, { clientId: clientIds[at] ?? '', body })
    if (outcome.outcome !== 'ok') throw new Error(JSON.stringify(outcome))
    conversationId = outcome.conversationId
  }
  return { token, conversationId, firstClientId: clientIds[0] ?? '' }
}

/** What an agent with Anna's cookies is shown under these paths of that server. */
async function pagesOf(anna: AgentClient, url: string, paths: string[]): Promise<[path: string, text: string][]> {
  const there = new AgentClient(url)
  for (const [name, value] of anna.cookies) there.cookies.set(name, value)
  const pages: [string, string][] = []
  for (const path of paths) {
    const { status, text } = await there.get(path)
    expect([path, status]).toEqual([path, 200])
    // A form has a key of its own each time it is shown.
    pages.push([path, text.replaceAll(url, 'BASE').replace(/name="clientId" value="[^"]+"/, '')])
  }
  return pages
}

// --- the stores

type Stage = AsyncDisposable & { folder: string; url: string; sql: SQL }

/** A copy of the shop's folder and an empty database. */
async function stage(): Promise<Stage> {
  const folder = await freshFolder()
  await cp(original.path, folder.path, { recursive: true })
  const database = await freshDatabase(server.url)
  const sql = new SQL(database.url, { max: 1 })
  return {
    folder: folder.path,
    url: database.url,
    sql,
    async [Symbol.asyncDispose]() {
      await sql.close()
      await database.drop()
      await folder[Symbol.asyncDispose]()
    },
  }
}

const copy = ({ folder, url }: { folder: string; url: string }, ...more: string[]): Promise<Finished> =>
  run(builtProgram, ['copy', '--data', folder, '--to', url, ...more])

const served = (folder: string, url: string) =>
  startServing(builtProgram, ['--data', folder, '--no-limits'], { env: { DATABASE_URL: url } })

/** What `serve` says when it does not start. */
async function refusalToServe(folder: string, url?: string): Promise<string> {
  const env: Record<string, string> = url === undefined ? {} : { DATABASE_URL: url }
  try {
    await using serving = await startServing(builtProgram, ['--data', folder], { env })
    return `it is served at ${serving.url}`
  } catch (error) {
    return String(error)
  }
}

/** Every row of every table as text, in no order that either store would have chosen. */
function rowsOfFile(folder: string): Record<string, string[]> {
  using sqlite = new Database(join(folder, 'kontuar.db'), { readonly: true, safeIntegers: true })
  const all =
    "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT GLOB '*sqlite_*'"
  const names = (sqlite.query(all).values() as string[][]).map(([name = '']) => name)
  return Object.fromEntries(
    names
      .filter((name) => name !== '__drizzle_migrations')
      .map((name) => [name, plain(sqlite.query(`SELECT * FROM ${name}`).all() as Record<string, Value>[])]),
  )
}

async function rowsOfDatabase(sql: SQL): Promise<Record<string, string[]>> {
  const tables = (await sql.unsafe("SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'")) as {
    name: string
  }[]
  const all: Record<string, string[]> = {}
  for (const { name } of tables)
    if (name !== 'kontuar_migrations') all[name] = plain(await sql.unsafe(`SELECT * FROM "${name}"`))
  return all
}

type Value = string | number | bigint | boolean | null

const plain = (rows: Record<string, Value>[]): string[] =>
  rows.map((row) => JSON.stringify(Object.entries(row).map(([name, value]) => [name, plainCell(value)]))).toSorted()
const plainCell = (value: Value): string | null =>
  value === null ? null : String(typeof value === 'boolean' ? Number(value) : value)

const constraintsOf = (sql: SQL): Promise<unknown> =>
  sql
    .unsafe(
      `SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), convalidated FROM pg_constraint
       WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2`,
    )
    .values()

async function isComplete({ folder, sql }: Stage): Promise<void> {
  expect(await rowsOfDatabase(sql)).toEqual(rowsOfFile(folder))
}

/** A copy that has come to the middle of the messages and waits there until it is let go. */
async function heldInTheMiddle({ folder, url, sql }: Stage) {
  await migrateDatabase(sql, 'the target')
  using sqlite = new Database(join(folder, 'kontuar.db'), { readonly: true })
  const [key] = sqlite.query('SELECT conversation_id, seq FROM messages ORDER BY 1, 2 LIMIT 1 OFFSET 4500').values()
  const [conversationId = '', seq = 0] = (key ?? []) as [string?, number?]
  await sql.unsafe(`CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql
    AS 'BEGIN PERFORM pg_advisory_xact_lock(42); RETURN NEW; END'`)
  await sql.unsafe(`CREATE TRIGGER hold BEFORE INSERT ON messages FOR EACH ROW
    WHEN (NEW.conversation_id = '${conversationId}' AND NEW.seq = ${seq}) EXECUTE FUNCTION hold()`)
  await sql.unsafe('SELECT pg_advisory_lock(42)')
  const child = Bun.spawn([...builtProgram, 'copy', '--data', folder, '--to', url], {
    env: {},
    stdout: 'pipe',
    stderr: 'pipe',
  })
  const stderr = { text: '' }
  const drained = collect(child.stderr, stderr)
  const waiting = "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = 42 AND NOT granted"
  const backend = await until(async () => {
    const [row] = (await sql.unsafe(waiting)) as { pid: number }[]
    return row?.pid ?? (child.exitCode === null ? null : -1)
  })
  if (backend < 0) throw new Error(`the copy ended: ${stderr.text}`)
  return {
    child,
    letGo: () => sql.unsafe('SELECT pg_advisory_unlock(42)'),
    /** The server forgets the batch that it was about to add. */
    drop: () => sql.unsafe(`SELECT pg_terminate_backend(${backend})`),
    async ended() {
      const code = await child.exited
      await drained
      return { code, stderr: stderr.text }
    },
  }
}

const copiedSoFar = async (sql: SQL): Promise<number> => {
  const [row] = (await sql.unsafe("SELECT copied::int AS n FROM kontuar_copy WHERE name = 'messages'")) as {
    n: number
  }[]
  return row?.n ?? -1
}

/** Stops a copy cleanly in the middle of the messages. */
async function stoppedInTheMiddle(on: Stage): Promise<void> {
  const held = await heldInTheMiddle(on)
  held.child.kill('SIGINT')
  await held.letGo()
  expect((await held.ended()).code).toBe(130)
}

// --- what is true

describe('a shop that is copied', () => {
  test('is the same in PostgreSQL, row for row, and goes on there', async () => {
    await using on = await stage()
    const source = rowsOfFile(on.folder)
    for (const [table, rows] of Object.entries(source)) expect([table, rows.length > 0]).toEqual([table, true])
    const { code, stdout, stderr } = await copy(on)
    expect([code, stderr.includes('kontuar:')]).toEqual([0, false])
    for (const [table, rows] of Object.entries(source))
      expect(stdout).toMatch(new RegExp(`^${table} +${rows.length} +[0-9a-f]{16} +yes$`, 'm'))
    expect(stdout).toContain(`kontuar serve --data ${on.folder} --database-url ${on.url}\n`)
    expect(await rowsOfDatabase(on.sql)).toEqual(source)

    const { anna, pages, boris } = original
    await using serving = await served(on.folder, on.url)
    const paths = pages.map(([path]) => path)
    expect(await pagesOf(anna, serving.url, paths)).toEqual(pages)
    const repeated = await sendOverHttp(serving.url, boris.token, {
      clientId: boris.firstClientId,
      body: texts[0] ?? '',
    })
    expect(repeated).toMatchObject({ outcome: 'ok', seq: 1, conversationId: boris.conversationId })
    const next = await sendOverHttp(serving.url, boris.token, { clientId: newClientId(), body: 'and now?' })
    expect(next).toMatchObject({ outcome: 'ok', seq: boris.lastSeq + 1, conversationId: boris.conversationId })
    await serving.end('SIGTERM')
  })

  test('has the constraints that a fresh database has, none of them unchecked', async () => {
    await using on = await stage()
    await using fresh = await stage()
    await migrateDatabase(fresh.sql, 'fresh')
    expect((await copy(on)).code).toBe(0)
    const constraints = await constraintsOf(on.sql)
    expect(constraints).toEqual(await constraintsOf(fresh.sql))
    expect(JSON.stringify(constraints)).toContain('FOREIGN KEY')
  })

  test('is not served from the file any more, unless somebody insists', async () => {
    await using on = await stage()
    expect((await copy(on, '--quiet')).stderr).toBe('')
    const refusal = await refusalToServe(on.folder)
    expect(refusal).toContain(`was moved to the PostgreSQL database 127.0.0.1:${new URL(on.url).port}/`)
    expect(refusal).toContain(`delete ${on.folder}/moved first`)
    await Bun.file(join(on.folder, 'moved')).delete()
    await using serving = await startServing(builtProgram, ['--data', on.folder])
    await serving.end('SIGTERM')
  })

  test('is copied once: the second time there is nothing to do', async () => {
    await using on = await stage()
    expect((await copy(on)).code).toBe(0)
    const again = await copy(on)
    expect([again.code, again.stderr]).toEqual([1, expect.stringContaining('was moved to the database')])
    await isComplete(on)
  })

  test('may have tables that come later, which refer to themselves and to each other', async () => {
    await using on = await stage()
    const made = ['boxes', 'lids'].map(
      (name) =>
        `CREATE TABLE ${name} (id text PRIMARY KEY, place integer NOT NULL, box text REFERENCES boxes(id), lid text REFERENCES lids(id))`,
    )
    using sqlite = new Database(join(on.folder, 'kontuar.db'))
    for (const statement of made) sqlite.run(`${statement} STRICT`)
    sqlite.run("INSERT INTO boxes VALUES ('a', 9007199254740993, 'b', 'z'), ('b', -1, NULL, NULL)")
    sqlite.run("INSERT INTO lids VALUES ('z', 9223372036854775807, 'a', 'z')")
    await migrateDatabase(on.sql, 'the target')
    await on.sql.unsafe(
      'CREATE TABLE lids (id text COLLATE "C" PRIMARY KEY, place bigint NOT NULL, box text, lid text REFERENCES lids(id))',
    )
    await on.sql.unsafe(made[0]?.replace('integer', 'bigint') ?? '')
    await on.sql.unsafe('ALTER TABLE lids ADD FOREIGN KEY (box) REFERENCES boxes(id)')
    const before = await constraintsOf(on.sql)
    expect((await copy(on)).code).toBe(0)
    await isComplete(on)
    expect(await constraintsOf(on.sql)).toEqual(before)
  })
})

describe('a copy that is interrupted', () => {
  test('by kill -9 goes on where it was, and until then nobody can serve it', async () => {
    await using on = await stage()
    const held = await heldInTheMiddle(on)
    held.child.kill('SIGKILL')
    await held.ended()
    await held.drop()
    await held.letGo()
    expect(await copiedSoFar(on.sql)).toBe(4000)
    expect(await refusalToServe(on.folder, on.url)).toContain('is a copy that is not finished')
    expect(existsSync(join(on.folder, 'moved'))).toBe(false)
    const { code, stderr } = await copy(on)
    expect(code).toBe(0)
    const { messages = [], ...others } = rowsOfFile(on.folder)
    // Tables are copied in the order of their names.
    const after = Object.entries(others).filter(([name]) => name > 'messages')
    const left = messages.length - 4000 + after.reduce((sum, [, rows]) => sum + rows.length, 0)
    expect(stderr).toContain(`Copying (${left.toLocaleString('en')} rows)`)
    await isComplete(on)
  })

  test('by kill -9, and begun again at once, waits for the batch that the server is still adding', async () => {
    await using on = await stage()
    const held = await heldInTheMiddle(on)
    held.child.kill('SIGKILL')
    await held.ended()
    const again = copy(on)
    await until(async () => {
      const waiting = "SELECT 1 FROM pg_locks WHERE relation = 'kontuar_copy'::regclass AND NOT granted"
      return ((await on.sql.unsafe(waiting)) as unknown[])[0] ?? null
    })
    await held.letGo()
    expect((await again).code).toBe(0)
    await isComplete(on)
  })

  test('by Ctrl-C ends between two batches and says how to go on', async () => {
    await using on = await stage()
    const held = await heldInTheMiddle(on)
    held.child.kill('SIGINT')
    await held.letGo()
    const { code, stderr } = await held.ended()
    expect(code).toBe(130)
    expect(stderr).toEndWith('kontuar: stopped. What was copied is kept: run the same command again to go on.\n')
    expect(await copiedSoFar(on.sql)).toBeGreaterThan(4000)
    expect((await copy(on)).code).toBe(0)
    await isComplete(on)
  })

  test('by the death of the server says so in one line, and goes on when that is back', async () => {
    await using on = await stage()
    const held = await heldInTheMiddle(on)
    await server.kill()
    const { code, stderr } = await held.ended()
    await server.start()
    expect(code).toBe(1)
    expect(stderr).toMatch(
      /\nkontuar: The connection to the database \S+ was lost \([^\n]*run the same command again[^\n]*\n$/,
    )
    expect((await copy(on)).code).toBe(0)
    await isComplete(on)
  })

  test('does not go on when the shop was served meanwhile', async () => {
    await using on = await stage()
    await stoppedInTheMiddle(on)
    await using serving = await startServing(builtProgram, ['--data', on.folder, '--no-limits'])
    await sendOverHttp(serving.url, original.boris.token, { clientId: newClientId(), body: 'meanwhile' })
    await serving.end('SIGTERM')
    const { code, stderr } = await copy(on)
    expect([code, stderr]).toEqual([1, expect.stringContaining('that has changed since, or it is another shop')])
    expect(await refusalToServe(on.folder, on.url)).toContain('is a copy that is not finished')
  })

  test('is found to be different when anything was changed in it, and stays closed until that is undone', async () => {
    await using on = await stage()
    await stoppedInTheMiddle(on)
    const { conversationId } = original.boris
    await on.sql.unsafe(`UPDATE conversations SET last_text = 'planted' WHERE id = '${conversationId}'`)
    await on.sql.unsafe("UPDATE agents SET name = 'Anna ' WHERE email = 'anna@shop.example'")
    await on.sql.unsafe("INSERT INTO contacts (id, name, created_at) VALUES ('zz', 'nobody', 1)")
    await on.sql.unsafe(`DELETE FROM messages WHERE conversation_id = '${conversationId}' AND seq = 2`)
    const { code, stdout, stderr } = await copy(on)
    expect(code).toBe(1)
    for (const table of ['conversations', 'agents', 'contacts', 'messages'])
      expect(stdout).toMatch(new RegExp(`^${table} .* NO$`, 'm'))
    expect(stdout).toMatch(/^visitors .* yes$/m)
    expect(stderr).toContain(`conversations (id ${conversationId})`)
    expect(stderr).toContain(`messages (conversation_id ${conversationId}, seq 2)`)
    expect(stderr).toContain('contacts (id zz)')
    expect(stdout).not.toContain('kontuar serve')
    expect(await refusalToServe(on.folder, on.url)).toContain('is a copy that is not finished')
    expect(existsSync(join(on.folder, 'moved'))).toBe(false)
  })
})

describe('a copy is refused', () => {
  test('from a folder that is served, and from one where there is nothing', async () => {
    await using on = await stage()
    await using serving = await startServing(builtProgram, ['--data', on.folder])
    expect(await copy(on)).toMatchObject({ code: 1, stderr: expect.stringContaining('is in use by another Kontuar') })
    await serving.end('SIGTERM')
    await using empty = await freshFolder()
    const { code, stderr } = await copy({ ...on, folder: empty.path })
    expect([code, stderr]).toEqual([1, expect.stringContaining(`There is no kontuar.db in ${empty.path}`)])
    expect(existsSync(join(empty.path, 'kontuar.db'))).toBe(false)
  })

  test('into a database that is served', async () => {
    await using on = await stage()
    await using elsewhere = await freshFolder()
    await using serving = await served(elsewhere.path, on.url)
    expect(await copy(on)).toMatchObject({ code: 1, stderr: expect.stringContaining('is in use by another Kontuar') })
    await serving.end('SIGTERM')
  })

  test('into a database that holds another shop, or something else', async () => {
    await using on = await stage()
    await migrateDatabase(on.sql, 'the target')
    await on.sql.unsafe("INSERT INTO sites VALUES ('one', 'Other', '[]', true, null, false, 1)")
    expect(await copy(on)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('holds a shop already (its table sites is not empty)'),
    })
    await using foreign = await stage()
    await foreign.sql.unsafe('CREATE TABLE invoices (id int)')
    expect(await copy(foreign)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('holds tables of something else (invoices)'),
    })
  })

  test('when a text has a NUL character, before anything is done', async () => {
    await using on = await stage()
    const { conversationId } = original.boris
    using sqlite = new Database(join(on.folder, 'kontuar.db'))
    sqlite.run("UPDATE messages SET body = 'a' || char(0) || 'b' WHERE conversation_id = ? AND seq = 2", [
      conversationId,
    ])
    const { code, stderr } = await copy(on)
    expect(code).toBe(1)
    expect(stderr).toContain(`body of messages (conversation_id ${conversationId}, seq 2) holds a NUL character`)
    for (const [table, rows] of Object.entries(await rowsOfDatabase(on.sql))) expect([table, rows]).toEqual([table, []])
    expect(await rowsOfDatabase(on.sql)).not.toHaveProperty('kontuar_copy')
  })

  test('when a table or a column is in one store only', async () => {
    await using on = await stage()
    await migrateDatabase(on.sql, 'the target')
    await on.sql.unsafe('ALTER TABLE sites ADD COLUMN colour text')
    expect((await copy(on)).stderr).toContain('the column sites.colour is in PostgreSQL and not in SQLite')
    using sqlite = new Database(join(on.folder, 'kontuar.db'))
    sqlite.run('CREATE TABLE planets (id TEXT PRIMARY KEY) STRICT')
    expect((await copy(on)).stderr).toContain('the table planets is in SQLite and not in PostgreSQL')
    await on.sql.unsafe('ALTER TABLE sites DROP COLUMN colour')
    await on.sql.unsafe('CREATE TABLE planets (id uuid PRIMARY KEY)')
    expect((await copy(on)).stderr).toContain('The column planets.id is text in SQLite and uuid in PostgreSQL')
  })

  test('when rows refer to others that are not there', async () => {
    await using on = await stage()
    using sqlite = new Database(join(on.folder, 'kontuar.db'))
    for (const table of ['contact_notes', 'contact_links', 'visitor_tokens']) sqlite.run(`DELETE FROM ${table}`)
    sqlite.run('DELETE FROM visitors WHERE id = (SELECT visitor_id FROM conversations LIMIT 1)')
    const { code, stderr } = await copy(on)
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining('has rows of conversations that refer to rows of visitors'),
    ])
  })

  test('for an address that leads nowhere, without the password in it', async () => {
    await using on = await stage()
    const wrong = async (...args: string[]) => {
      const { code, stdout, stderr } = await run(builtProgram, ['copy', '--data', on.folder, ...args])
      expect([stdout, stderr.split('\n').length, stderr.includes('swordfish')]).toEqual(['', 2, false])
      return `${code} ${stderr}`
    }
    expect(await wrong()).toContain('2 kontuar: copy needs --to or --to-file')
    expect(await wrong('--to', 'mysql://root:swordfish@db/shop')).toContain(
      '2 kontuar: --to must be a URL such as postgres',
    )
    expect(await wrong('--to', on.url, '--to-file', 'x')).toContain('2 kontuar: --to and --to-file do not go together')
    expect(await wrong('--to-file', '/none')).toContain('2 kontuar: --to-file: cannot read /none (ENOENT)')
    const none = new URL(on.url)
    none.pathname = '/none'
    none.password = 'swordfish'
    expect(await wrong('--to', none.href)).toContain(`1 kontuar: There is no database 127.0.0.1:${none.port}/none`)
  })
})

describe('the address of the target', () => {
  const withPassword = (url: string) => url.replace('kontuar@', 'kontuar:swordfish@')

  test('may stand in a file, and no password is ever shown', async () => {
    await using on = await stage()
    const file = join(on.folder, 'url of the target')
    await Bun.write(file, `${withPassword(on.url)}\n`)
    const { code, stdout, stderr } = await run(builtProgram, ['copy', '--data', on.folder, '--to-file', file])
    expect(code).toBe(0)
    expect(stdout).toContain(`  KONTUAR_DATABASE_URL_FILE='${file}' kontuar serve --data ${on.folder}\n`)
    expect(stdout + stderr).not.toContain('swordfish')
    expect(await Bun.file(join(on.folder, 'moved')).text()).not.toContain('swordfish')
  })

  test('may stand in the settings, from where serve takes it as well', async () => {
    await using on = await stage()
    await Bun.write(join(on.folder, 'kontuar.toml'), `database_url = "${on.url}"`)
    const { code, stdout } = await run(builtProgram, ['copy', '--data', on.folder])
    expect([code, stdout]).toEqual([0, expect.stringContaining(`  kontuar serve --data ${on.folder}\n`)])
    await using serving = await startServing(builtProgram, ['--data', on.folder])
    await serving.end('SIGTERM')
  })

  test('on the command line is shown without its password', async () => {
    await using on = await stage()
    const { stdout } = await copy({ ...on, url: withPassword(on.url) })
    expect(stdout).toContain(`--database-url ${on.url.replace('kontuar@', 'kontuar:PASSWORD@')}\n`)
    expect(stdout).not.toContain('swordfish')
  })
})

test('on a terminal there is a bar', async () => {
  await using on = await stage()
  const command = [...builtProgram, 'copy', '--data', on.folder, '--to', on.url].join(' ')
  const terminal = Bun.spawn(['script', '--quiet', '--return', '--command', command, '/dev/null'], {
    stdin: 'ignore',
    stdout: 'pipe',
    env: { PATH: process.env.PATH ?? '' },
  })
  const shown = { text: '' }
  await collect(terminal.stdout, shown)
  expect(await terminal.exited).toBe(0)
  expect(shown.text).toMatch(/\r\[#+\] 100 % {2}5,\d\d\d of 5,\d\d\d rows copied, [\d,]+\/s, 0 s left/)
})
