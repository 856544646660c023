import { SQL } from 'bun'
import { Database } from 'bun:sqlite'
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Postgres, postgresIsInstalled, startPostgres, strikePostgres } from '../support/postgres.ts'
import { Proxy } from './proxy.ts'
import { SlowFsync } from './slow-fsync.ts'
import { SmallDisk } from './small-disk.ts'

// The nemeses have to do what they say, or the suite proves less than it claims.

describe('the proxy', () => {
  let echo: net.Server
  let proxy: Proxy

  beforeAll(async () => {
    echo = net.createServer((socket) => {
      socket.on('error', () => undefined)
      socket.pipe(socket)
    })
    await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve))
    proxy = await Proxy.listen()
    proxy.target = (echo.address() as net.AddressInfo).port
  })

  afterAll(async () => {
    await proxy.close()
    echo.close()
  })

  test('passes bytes both ways', async () => {
    const client = await Client.connect(proxy.port)
    client.socket.write('hello')
    expect(await client.received(5)).toBe('hello')
    client.socket.destroy()
  })

  test('resets', async () => {
    const client = await Client.connect(proxy.port)
    client.socket.write('a')
    await client.received(1)
    proxy.inflict('reset')
    expect(await client.ended).toBe('ECONNRESET')
    proxy.lift()
  })

  test('half-closes: the client sees the end and may still write', async () => {
    const client = await Client.connect(proxy.port)
    client.socket.write('a')
    await client.received(1)
    proxy.inflict('half-close')
    expect(await client.ended).toBe('end')
    proxy.lift()
    client.socket.destroy()
  })

  test('swallows in a black hole, and goes on swallowing after it is lifted', async () => {
    const client = await Client.connect(proxy.port)
    client.socket.write('a')
    await client.received(1)
    proxy.inflict('blackhole')
    client.socket.write('b')
    proxy.lift()
    const other = await Client.connect(proxy.port)
    other.socket.write('c')
    expect(await other.received(1)).toBe('c')
    expect(client.text).toBe('a')
    client.socket.destroy()
    other.socket.destroy()
  })

  test('trickles everything, in order', async () => {
    const client = await Client.connect(proxy.port)
    proxy.inflict('trickle')
    const text = 'abcdefghij'.repeat(50)
    client.socket.write(text)
    expect(await client.received(text.length)).toBe(text)
    proxy.lift()
    client.socket.destroy()
  })

  test('refuses while there is no server', async () => {
    const target = proxy.target
    proxy.target = null
    const client = await Client.connect(proxy.port)
    expect(await client.ended).toBe('ECONNRESET')
    proxy.target = target
  })
})

test('the shim slows and counts the fsyncs of SQLite', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kontuar-fsync-'))
  const slowFsync = SlowFsync.build(folder)
  const script = join(folder, 'write.ts')
  writeFileSync(script, writesTenTimes)
  slowFsync.delay(30)
  const { stdout } = Bun.spawnSync([process.execPath, script, join(folder, 'a.db')], {
    env: { ...process.env, ...slowFsync.environment },
  })
  expect(Number(stdout.toString())).toBeGreaterThan(10 * 30)
  expect(slowFsync.calls()).toBeGreaterThanOrEqual(10)
  slowFsync.close()
  rmSync(folder, { recursive: true })
})

const writesTenTimes = `
  import { Database } from 'bun:sqlite'
  const db = new Database(process.argv[2])
  db.run('PRAGMA journal_mode = WAL')
  db.run('PRAGMA synchronous = FULL')
  db.run('CREATE TABLE a (x)')
  const from = performance.now()
  for (let i = 0; i < 10; i++) db.run('INSERT INTO a VALUES (1)')
  console.log(performance.now() - from)
`

test('a small disk can be filled until SQLite says so, and emptied again', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kontuar-disk-'))
  const disk = SmallDisk.mount(join(folder, 'data'), 4)
  if (disk) {
    const db = new Database(join(disk.folder, 'a.db'))
    db.run('PRAGMA journal_mode = WAL')
    db.run('CREATE TABLE a (x)')
    const insert = () => db.run('INSERT INTO a VALUES (?)', ['x'.repeat(20_000)])
    disk.fill()
    expect(insert).toThrow('database or disk is full')
    disk.empty()
    expect(insert).not.toThrow()
    db.close()
    disk.unmount()
  }
  rmSync(folder, { recursive: true })
})

describe.if(postgresIsInstalled())('PostgreSQL', () => {
  let folder: string
  let slowFsync: SlowFsync
  let postgres: Postgres
  let sql: SQL

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'kontuar-fsync-'))
    chmodSync(folder, 0o755)
    slowFsync = SlowFsync.build(folder)
    postgres = await startPostgres(slowFsync.environment)
    sql = new SQL(postgres.url, { max: 1 })
    await sql.unsafe('CREATE TABLE a (x int)')
  }, 30_000)

  afterAll(async () => {
    await sql.close()
    await postgres.stop()
    slowFsync.close()
    rmSync(folder, { recursive: true })
  })

  test('waits for the slow disk before a commit is answered', async () => {
    slowFsync.delay(50)
    const from = performance.now()
    for (let x = 1; x <= 6; x++) await sql.unsafe(`INSERT INTO a VALUES (${x})`)
    // Another of its processes may have been first to flush one of them.
    expect(performance.now() - from).toBeGreaterThan(4 * 50)
    slowFsync.delay(0)
  })

  test('answers nothing while it is frozen, and then what it was asked', async () => {
    postgres.freeze()
    const answer = sql.unsafe('SELECT count(*)::int AS n FROM a')
    expect(await Promise.race([answer, Bun.sleep(300).then(() => 'nothing yet')])).toBe('nothing yet')
    postgres.thaw()
    expect([...((await answer) as unknown[])]).toEqual([{ n: 6 }])
  })

  test('is gone when it is struck, and has what it committed when it is started again', async () => {
    strikePostgres(postgres.data)
    await expect(sql.unsafe('SELECT 1')).rejects.toThrow()
    await postgres.kill()
    expect(postgres.pid()).toBe(0)
    await postgres.start()
    expect([...((await sql.unsafe('SELECT count(*)::int AS n FROM a')) as unknown[])]).toEqual([{ n: 6 }])
  })
})

class Client {
  readonly socket: net.Socket
  text = ''
  /** How the connection ended: `end`, `close` or the code of an error. */
  readonly ended: Promise<string>
  #watchers = new Set<() => void>()

  private constructor(socket: net.Socket) {
    this.socket = socket
    socket.on('data', (bytes) => {
      this.text += bytes.toString()
      for (const look of this.#watchers) look()
    })
    this.ended = new Promise((resolve) => {
      socket.on('end', () => resolve('end'))
      socket.on('error', (error) => resolve((error as { code?: string }).code ?? 'error'))
      socket.on('close', () => resolve('close'))
    })
  }

  static async connect(port: number): Promise<Client> {
    const socket = net.connect({ port, host: '127.0.0.1', allowHalfOpen: true })
    const client = new Client(socket)
    await new Promise<void>((resolve) => socket.once('connect', () => resolve()))
    return client
  }

  async received(length: number): Promise<string> {
    if (this.text.length < length) {
      await new Promise<void>((resolve) => {
        const look = () => {
          if (this.text.length >= length) resolve()
        }
        this.#watchers.add(look)
      })
    }
    return this.text
  }
}
