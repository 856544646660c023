import { SQL } from 'bun'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Proxy } from '../crash/proxy.ts'
import { AgentClient } from '../support/agent-client.ts'
import { freshDatabase, type Postgres, startPostgres } from '../support/postgres.ts'
import { freshFolder, builtProgram, isAlive, run, type Serving, startServing, until } from '../support/program.ts'
import { entriesOverHttp, newClientId, sendOverHttp, session, VisitorSocket } from '../support/visitor-client.ts'

// The program as it is shipped, and a real PostgreSQL that dies, freezes and forgets.

setDefaultTimeout(120_000)

const password = 'a long enough secret'
/** Within seconds, on a slow machine too. */
const soonMs = 20_000
let postgres: Postgres
let database: { url: string; drop(): Promise<void> }
const folders: (AsyncDisposable & { path: string })[] = []
const running: Serving[] = []

beforeAll(async () => {
  postgres = await startPostgres()
}, 60_000)
afterAll(() => postgres.stop())

beforeEach(async () => {
  database = await freshDatabase(postgres.url)
})
afterEach(async () => {
  postgres.thaw()
  for (const one of running.splice(0)) await one[Symbol.asyncDispose]()
  for (const folder of folders.splice(0)) await folder[Symbol.asyncDispose]()
  await database.drop()
})

async function newFolder(): Promise<string> {
  const folder = await freshFolder()
  folders.push(folder)
  return folder.path
}

const storeFlags = (data: string, url = database.url) => ['--data', data, '--database-url', url]

async function serveOn(data: string, url = database.url): Promise<Serving> {
  const serving = await startServing(builtProgram, [...storeFlags(data, url), '--demo', '--no-limits'])
  running.push(serving)
  return serving
}

/** Asks the database itself, past the house. */
async function ask<T = Record<string, unknown>>(statement: string): Promise<T[]> {
  const sql = new SQL(database.url, { max: 1 })
  try {
    return [...((await sql.unsafe(statement)) as T[])]
  } finally {
    await sql.close()
  }
}

async function newVisitor(house: { url: string }): Promise<string> {
  const page = await (await fetch(`${house.url}/demo`)).text()
  const siteId = /widget\.js\?site=([0-9a-f-]+)/.exec(page)?.[1] ?? ''
  return (await session(house.url, siteId)).visitorToken
}

const newMessage = (body: string) => ({ clientId: newClientId(), body })

async function readyz(house: { url: string }): Promise<{ status: number; reasons: string[] }> {
  const answer = await fetch(`${house.url}/readyz`, { signal: AbortSignal.timeout(10_000) })
  return { status: answer.status, reasons: ((await answer.json()) as { reasons: string[] }).reasons }
}

/** Sends it again and again, as a widget does, until it is kept; how long that took. */
async function untilKept(house: { url: string }, token: string, message: { clientId: string; body: string }) {
  const from = performance.now()
  const ack = await until(async () => {
    const outcome = await sendOverHttp(house.url, token, message, { timeoutMs: 20_000 })
    return outcome.outcome === 'ok' ? outcome : null
  })
  return { ...ack, tookMs: performance.now() - from }
}

const bodies = async (house: { url: string }, token: string): Promise<string[]> =>
  (await entriesOverHttp(house.url, token)).items.flatMap(({ author, body }) =>
    author.kind === 'visitor' ? [body] : [],
  )

const storageFailed = expect.objectContaining({ outcome: 'refused', code: 'storage_failed', retryable: true })

/** Ends it cleanly: no unexpected error may have been logged on the way. */
async function endsWell(house: Serving): Promise<void> {
  const from = performance.now()
  const { code, stderr } = await house.end('SIGTERM')
  expect(performance.now() - from).toBeLessThan(soonMs)
  expect(stderr).not.toContain('unexpected')
  expect(code).toBe(0)
}

describe('when PostgreSQL is killed', () => {
  test('the house stays up, refuses what it cannot keep or read, and goes on by itself', async () => {
    const data = await newFolder()
    const house = await serveOn(data)
    const token = await newVisitor(house)
    await untilKept(house, token, newMessage('before'))
    const account = ['--email', 'anna@shop.example', '--name', 'Anna', '--role', 'agent', '--password-stdin']
    await run(builtProgram, ['user', 'create', ...account, ...storeFlags(data)], { stdin: password })
    const anna = new AgentClient(house.url)
    await anna.signIn('anna@shop.example', password)
    const console = await anna.live()
    const socket = await VisitorSocket.connect(house.url, { token })

    const noticed = console.message((text) => text.includes('disk or database does not work'))
    await postgres.kill()
    await noticed
    const message = newMessage('while it is dead')
    expect(await socket.send(message)).toEqual(storageFailed)
    expect(await sendOverHttp(house.url, token, newMessage('over HTTP'))).toEqual(storageFailed)
    const refused = socket.nextFrame('refuse')
    socket.say({ type: 'since', seq: 0 })
    expect(await refused).toMatchObject({ code: 'storage_failed', retryable: true })
    expect(socket.open).toBe(true)
    const page = await anna.get('/inbox')
    expect(page.status).toBe(503)
    expect(page.text).toContain('could not be saved or read')
    expect(entriesOverHttp(house.url, token)).rejects.toThrow(/answered 503.*storage_failed/)
    expect(await readyz(house)).toMatchObject({ status: 503, reasons: expect.arrayContaining(['storage_failed']) })

    const sentToLook = socket.nextFrame('bye', 2 * soonMs)
    await postgres.start()
    expect((await untilKept(house, token, message)).tookMs).toBeLessThan(soonMs)
    // Another house may have served meanwhile, for all that this one knows.
    expect(await sentToLook).toMatchObject({ code: 'look_again' })
    expect(await console.closed).toEqual({ code: 1012, reason: 'look_again' })
    await untilKept(house, token, newMessage('after'))
    expect(await bodies(house, token)).toEqual(['before', 'while it is dead', 'after'])
    expect((await anna.get('/inbox')).status).toBe(200)
    expect((await readyz(house)).status).toBe(200)
    expect(isAlive(house.pid)).toBe(true)
    await endsWell(house)
  })

  test('in the middle of writing and reading, every message is kept once, and no answer is a bug', async () => {
    const house = await serveOn(await newFolder())
    const tokens = await Promise.all(Array.from({ length: 12 }, () => newVisitor(house)))
    let over = false
    const writing = tokens.map(async (token) => {
      const sent: string[] = []
      while (!over) {
        const message = newMessage(`message ${sent.length}`)
        await untilKept(house, token, message)
        sent.push(message.body)
      }
      return sent
    })
    const statuses = new Set<number>()
    const reading = tokens.map(async (token) => {
      while (!over) {
        const headers = { authorization: `Bearer ${token}` }
        statuses.add((await fetch(`${house.url}/api/widget/v1/entries`, { headers })).status)
      }
    })
    const aMessage = async () => ((await ask('SELECT 1 FROM messages LIMIT 1')).length > 0 ? true : null)
    for (let deaths = 0; deaths < 2; deaths++) {
      await until(aMessage)
      await postgres.kill()
      await until(async () => ((await readyz(house)).status === 503 ? true : null))
      await postgres.start()
      await until(async () => ((await readyz(house)).status === 200 ? true : null))
    }
    over = true
    const sent = await Promise.all(writing)
    await Promise.all(reading)
    for (const [index, token] of tokens.entries()) expect(await bodies(house, token)).toEqual(sent[index]!)
    expect(statuses).toEqual(new Set([200, 503]))
    await endsWell(house)
  })

  test('the house ends within seconds, though it cannot say goodbye to the database', async () => {
    const house = await serveOn(await newFolder())
    await untilKept(house, await newVisitor(house), newMessage('before'))
    await postgres.kill()
    await endsWell(house)
    await postgres.start()
  })
})

describe('when a COMMIT is not answered', () => {
  // Runs inside COMMIT, before anything is decided: what the house then sees of it is up to the test.
  const slowCommit = `
    CREATE FUNCTION be_slow() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN IF NEW.body LIKE 'slow%' THEN PERFORM pg_sleep(4); END IF; RETURN NULL; END $$;
    CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON messages DEFERRABLE INITIALLY DEFERRED
      FOR EACH ROW EXECUTE FUNCTION be_slow()`
  const committing = async () => {
    const [row] = await ask<{ pid: number }>(
      `SELECT pid FROM pg_stat_activity WHERE query = 'COMMIT' AND state = 'active'`,
    )
    return row?.pid ?? null
  }

  test('because its connection was ended, that is said, and the repeat keeps it once', async () => {
    const house = await serveOn(await newFolder())
    const token = await newVisitor(house)
    const { seq } = await untilKept(house, token, newMessage('first'))
    await ask(slowCommit)
    const message = newMessage('slow')
    const answer = sendOverHttp(house.url, token, message)
    await ask(`SELECT pg_terminate_backend(${await until(committing)})`)
    expect(await answer).toMatchObject({ outcome: 'refused', code: 'storage_silent', retryable: true })
    expect((await untilKept(house, token, message)).seq).toBe(seq + 1)
    expect(await bodies(house, token)).toEqual(['first', 'slow'])
    await endsWell(house)
  })

  test('because the network fell apart, and it is kept after all: the repeat gets its number', async () => {
    const proxy = await Proxy.listen()
    const { port } = new URL(database.url)
    proxy.target = Number(port)
    const through = new URL(database.url)
    through.port = `${proxy.port}`
    const house = await serveOn(await newFolder(), through.href)
    const token = await newVisitor(house)
    const { seq } = await untilKept(house, token, newMessage('first'))
    await ask(slowCommit)
    const otherTab = await VisitorSocket.connect(house.url, { token, since: seq })
    const message = newMessage('slow')
    const answer = sendOverHttp(house.url, token, message)
    await until(committing)
    proxy.inflict('reset')
    proxy.lift()
    // Nobody could be told of it when it was kept: they are sent to look, once it is decided.
    expect(await otherTab.nextFrame('bye')).toMatchObject({ code: 'look_again' })
    expect((await otherTab.closed).code).toBe(1012)
    expect(await bodies(house, token)).toEqual(['first', 'slow'])
    await answer
    expect((await untilKept(house, token, message)).seq).toBe(seq + 1)
    expect(await bodies(house, token)).toEqual(['first', 'slow'])
    await endsWell(house)
    await proxy.close()
  })
})

describe('when PostgreSQL holds its connections and answers nothing', () => {
  test('what waits is refused within seconds, and it goes on when it wakes', async () => {
    const house = await serveOn(await newFolder())
    const token = await newVisitor(house)
    await untilKept(house, token, newMessage('before'))
    const socket = await VisitorSocket.connect(house.url, { token })
    postgres.freeze()
    const from = performance.now()
    const message = newMessage('while it is frozen')
    const refusedRead = socket.nextFrame('refuse', 15_000)
    socket.say({ type: 'since', seq: 0 })
    const [written, page, read] = await Promise.all([
      sendOverHttp(house.url, token, message, { timeoutMs: 15_000 }),
      fetch(`${house.url}/demo`, { signal: AbortSignal.timeout(15_000) }),
      refusedRead,
    ])
    expect(written).toMatchObject({ outcome: 'refused', retryable: true })
    expect(page.status).toBe(503)
    expect(read).toMatchObject({ code: 'storage_failed', retryable: true })
    expect(performance.now() - from).toBeLessThan(12_000)
    expect((await readyz(house)).status).toBe(503)
    postgres.thaw()
    expect((await untilKept(house, token, message)).tookMs).toBeLessThan(soonMs)
    expect(await bodies(house, token)).toEqual(['before', 'while it is frozen'])
    await endsWell(house)
  })

  test('the house ends within seconds all the same', async () => {
    const house = await serveOn(await newFolder())
    const token = await newVisitor(house)
    await untilKept(house, token, newMessage('before'))
    postgres.freeze()
    const answer = sendOverHttp(house.url, token, newMessage('under way'), { timeoutMs: 15_000 })
    await endsWell(house)
    expect(await answer).not.toMatchObject({ outcome: 'ok' })
  })
})

describe('one house to a database', () => {
  // One key of 64 bits; those of two halves are the connections' own.
  const lockHolder = `SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1`

  /** What a second house on the same database says; null when it starts. */
  async function second(): Promise<string> {
    const { code, stderr } = await run(builtProgram, ['serve', '--port', '0', ...storeFlags(await newFolder())])
    expect(code).toBe(1)
    return stderr
  }

  test('a second one is refused, though the first may be frozen, and has it soon after the first was killed', async () => {
    const house = await serveOn(await newFolder())
    const token = await newVisitor(house)
    await untilKept(house, token, newMessage('first'))
    process.kill(house.pid, 'SIGSTOP')
    expect(await second()).toMatch(
      /^kontuar: The database \S+ is in use by another Kontuar \(connected from 127\.0\.0\.1 since/,
    )
    process.kill(house.pid, 'SIGKILL')
    const from = performance.now()
    const next = await serveOn(await newFolder())
    expect(performance.now() - from).toBeLessThan(soonMs)
    expect(await ask(`SELECT body FROM messages WHERE author_kind = 'visitor'`)).toEqual([{ body: 'first' }])
    await endsWell(next)
  })

  test('one whose lock was cut takes it again', async () => {
    const house = await serveOn(await newFolder())
    const token = await newVisitor(house)
    await untilKept(house, token, newMessage('first'))
    await ask(`SELECT pg_terminate_backend(pid) FROM (${lockHolder}) AS holder`)
    await until(async () => ((await ask(lockHolder)).length === 1 ? true : null))
    expect((await untilKept(house, token, newMessage('second'))).tookMs).toBeLessThan(soonMs)
    await endsWell(house)
  })

  test('one that lost it to another writes nothing any more, and serves again when the other has gone', async () => {
    const folder = await newFolder()
    const first = await serveOn(folder)
    const token = await newVisitor(first)
    await untilKept(first, token, newMessage('by the first'))
    process.kill(first.pid, 'SIGSTOP')
    await ask(`SELECT pg_terminate_backend(pid) FROM (${lockHolder}) AS holder`)
    const folderOfOther = await newFolder()
    await copyFile(join(folder, 'secret.key'), join(folderOfOther, 'secret.key'))
    const other = await serveOn(folderOfOther)
    process.kill(first.pid, 'SIGCONT')
    await until(async () => ((await readyz(first)).status === 503 ? true : null))
    expect(await sendOverHttp(first.url, token, newMessage('too late'))).toEqual(storageFailed)
    expect(await ask(`SELECT body FROM messages WHERE author_kind = 'visitor'`)).toEqual([{ body: 'by the first' }])
    await untilKept(other, token, newMessage('by the other'))
    const socket = await VisitorSocket.connect(first.url, { token })
    const sentToLook = socket.nextFrame('bye', 2 * soonMs)
    await endsWell(other)
    expect(await sentToLook).toMatchObject({ code: 'look_again' })
    await untilKept(first, token, newMessage('alone again'))
    expect(await bodies(first, token)).toEqual(['by the first', 'by the other', 'alone again'])
    await endsWell(first)
  })
})
