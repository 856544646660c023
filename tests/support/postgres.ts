import { Glob, SQL } from 'bun'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { chown } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrateDatabase } from '../../src/platform/db/postgres/migrate.ts'

/** A real PostgreSQL of the test run's own, in a folder of its own. */
export type Postgres = {
  /** `postgres://…/postgres`: for making databases. */
  url: string
  /** Its data folder. */
  data: string
  /** The first of its processes; 0 when there is none. */
  pid(): number
  /** Sends SIGKILL to every process of the server, as a power cut would end it. */
  kill(): Promise<void>
  /** Ends it as an operator does, at once: every connection is told and cut. */
  shutDown(): Promise<void>
  /** Starts it again after `kill` or `shutDown`. */
  start(): Promise<void>
  /** Sends SIGSTOP to every process of the server: connections stand, and nothing answers. */
  freeze(): void
  thaw(): void
  stop(): Promise<void>
}

/** Whether there is a PostgreSQL to start here; where not, that is said loudly, and is a failure in CI. */
export function postgresIsInstalled(): boolean {
  if (binaries() !== null) return true
  const why = 'nothing was tried on PostgreSQL, which is not installed: apt-get install postgresql'
  if (process.env.CI) throw new Error(why)
  console.error(`\n!!! ${why}\n`)
  return false
}

/** Starts Debian's PostgreSQL, with the durability it has by default, on a free port of the loopback. */
export async function startPostgres(environment: Record<string, string> = {}): Promise<Postgres> {
  const bin = binaries()
  if (bin === null) throw new Error('PostgreSQL is not installed: apt-get install postgresql')
  const folder = mkdtempSync(join(tmpdir(), 'kontuar-postgres-'))
  const as = await owner(folder)
  const data = join(folder, 'data')
  const log = join(folder, 'log')
  // Sorted as people sort, like most servers: what is to be sorted byte by byte has to say so.
  const locale = ['-E', 'UTF8', '--locale=C', '--locale-provider=icu', '--icu-locale=en']
  await run([...as, join(bin, 'initdb'), '-D', data, '-U', 'kontuar', '--auth=trust', ...locale])
  // Only now: by the end of that it could be somebody else's.
  const port = await freePort()
  const ctl = (action: string, ...more: string[]) =>
    run([...as, join(bin, 'pg_ctl'), '-D', data, '-l', log, '-w', '-t', '30', ...more, action], environment)
  const options = `-p ${port} -h 127.0.0.1 -k ${folder} -c max_connections=200`
  const start = async () => {
    // They name a process that was killed and may still be seen as a zombie: the next one would hold it for alive.
    for (const file of [join(data, 'postmaster.pid'), join(folder, `.s.PGSQL.${port}.lock`)])
      rmSync(file, { force: true })
    await ctl('start', '-o', options).catch((error: unknown) => {
      throw new Error(`${String(error)}\n${textOf(log).slice(-2000)}`)
    })
  }
  await start()
  return {
    url: `postgres://kontuar@127.0.0.1:${port}/postgres`,
    data,
    pid: () => processesOf(data)[0] ?? 0,
    start,
    kill: () => killPostgres(data),
    shutDown: () => ctl('stop', '-m', 'fast'),
    freeze: () => freezePostgres(data),
    thaw: () => signalAll(processesOf(data), 'SIGCONT'),
    async stop() {
      signalAll(processesOf(data), 'SIGCONT')
      await ctl('stop', '-m', 'immediate').catch(() => undefined)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function killPostgres(data: string): Promise<void> {
  for (const one of strikePostgres(data)) while (!isGone(one)) await Bun.sleep(5)
}

/** Kills the PostgreSQL of this data folder before the next line runs; returns who is about to be gone. */
export function strikePostgres(data: string): number[] {
  // All at once, as far as that goes: none may act upon the death of another.
  freezePostgres(data)
  const all = processesOf(data)
  signalAll(all, 'SIGKILL')
  return all
}

function freezePostgres(data: string): void {
  const [first, ...others] = processesOf(data)
  if (first === undefined) return
  // The first one first: a stopped one starts no more.
  signalAll([first], 'SIGSTOP')
  signalAll([...others, ...childrenOf(first)], 'SIGSTOP')
}

function processesOf(data: string): number[] {
  const [pid = ''] = textOf(join(data, 'postmaster.pid')).split('\n')
  // The file outlives a server that was killed, and its number may be somebody else's by now.
  const there = textOf(`/proc/${pid}/comm`).startsWith('postgres')
  return there && !isGone(Number(pid)) ? [Number(pid), ...childrenOf(Number(pid))] : []
}

/** A fresh, empty database on the server that `DATABASE_URL` names, or a copy of `like`: its address, and how to drop it. */
export async function freshDatabase(
  server = process.env.DATABASE_URL ?? '',
  like?: string,
): Promise<{ name: string; url: string; drop(): Promise<void> }> {
  const name = `kontuar_${crypto.randomUUID().replaceAll('-', '')}`
  const url = new URL(server)
  url.pathname = `/${name}`
  await onServer(server, `CREATE DATABASE ${name}${like === undefined ? '' : ` TEMPLATE ${like}`}`)
  return { name, url: url.href, drop: () => onServer(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) }
}

let migrated: Promise<string> | null = null

/** The name of a database with our tables and nothing in them: to make others of, since the tables take most of a start. */
export const migratedDatabase = (): Promise<string> => (migrated ??= migrate())

async function migrate(): Promise<string> {
  const { name, url } = await freshDatabase()
  const sql = new SQL(url, { max: 1 })
  await migrateDatabase(sql, name)
  await sql.close()
  return name
}

async function onServer(server: string, statement: string): Promise<void> {
  const sql = new SQL(server, { max: 1 })
  try {
    await sql.unsafe(statement)
  } finally {
    await sql.close()
  }
}

function binaries(): string | null {
  const [newest] = [...new Glob('/usr/lib/postgresql/*/bin').scanSync({ cwd: '/', onlyFiles: false })]
    .toSorted()
    .reverse()
  return newest ?? null
}

/** PostgreSQL refuses to run as root: the words that run it as Debian's own user then. */
async function owner(folder: string): Promise<string[]> {
  if (process.getuid?.() !== 0) return []
  const [, , uid = '', gid = ''] = (await Bun.file('/etc/passwd').text())
    .split('\n')
    .find((line) => line.startsWith('postgres:'))!
    .split(':')
  await chown(folder, Number(uid), Number(gid))
  return ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups']
}

async function run(command: string[], environment: Record<string, string> = {}): Promise<void> {
  const env = { ...process.env, ...environment }
  const child = Bun.spawn(command, { stdin: 'ignore', stdout: 'ignore', stderr: 'pipe', cwd: '/', env })
  const [code, complaint] = await Promise.all([child.exited, new Response(child.stderr).text()])
  if (code !== 0) throw new Error(`${command.join(' ')}: ${complaint}`)
}

function childrenOf(pid: number): number[] {
  const text = textOf(`/proc/${pid}/task/${pid}/children`)
  return text.split(' ').filter(Boolean).map(Number)
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function signalAll(pids: number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal)
    } catch {
      // Gone.
    }
  }
}

/** A zombie that nobody waits for does nothing any more. */
function isGone(pid: number): boolean {
  const status = textOf(`/proc/${pid}/status`)
  return status === '' || /^State:\s+Z/m.test(status)
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => {
    server.close(resolve)
  })
  return port
}
