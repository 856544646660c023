import { Glob, SQL } from 'bun'
import { mkdtempSync, rmSync } from 'node:fs'
import { chown } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isAlive } from './program.ts'

/** A real PostgreSQL of the test run's own, in a folder of its own. */
export type Postgres = {
  /** `postgres://…/postgres`: for making databases. */
  url: string
  /** Sends SIGKILL to every process of the server, as a power cut would end it. */
  kill(): Promise<void>
  /** Starts it again after `kill`. */
  start(): Promise<void>
  stop(): Promise<void>
}

/** Starts Debian's PostgreSQL, with the durability it has by default, on a free port of the loopback. */
export async function startPostgres(): Promise<Postgres> {
  const folder = mkdtempSync(join(tmpdir(), 'kontuar-postgres-'))
  const bin = binaries()
  const as = await owner(folder)
  const data = join(folder, 'data')
  const port = await freePort()
  // Sorted as people sort, like most servers: what is to be sorted byte by byte has to say so.
  const locale = ['-E', 'UTF8', '--locale=C', '--locale-provider=icu', '--icu-locale=en']
  await run([...as, join(bin, 'initdb'), '-D', data, '-U', 'kontuar', '--auth=trust', ...locale])
  const ctl = (action: string, ...more: string[]) =>
    run([...as, join(bin, 'pg_ctl'), '-D', data, '-l', join(folder, 'log'), '-w', '-t', '30', ...more, action])
  const options = `-p ${port} -h 127.0.0.1 -k ${folder} -c max_connections=200`
  const start = () => ctl('start', '-o', options)
  await start()
  return {
    url: `postgres://kontuar@127.0.0.1:${port}/postgres`,
    start,
    async kill() {
      const [pid = ''] = (await Bun.file(join(data, 'postmaster.pid')).text()).split('\n')
      const all = [Number(pid), ...(await childrenOf(Number(pid)))]
      for (const one of all) killIfThere(one)
      for (const one of all) await untilGone(one)
    },
    async stop() {
      await ctl('stop', '-m', 'immediate').catch(() => undefined)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** A fresh, empty database on the server that `DATABASE_URL` names: its address, and how to drop it. */
export async function freshDatabase(
  server = process.env.DATABASE_URL ?? '',
): Promise<{ url: string; drop(): Promise<void> }> {
  const name = `kontuar_${crypto.randomUUID().replaceAll('-', '')}`
  const url = new URL(server)
  url.pathname = `/${name}`
  await onServer(server, `CREATE DATABASE ${name}`)
  return { url: url.href, drop: () => onServer(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) }
}

async function onServer(server: string, statement: string): Promise<void> {
  const sql = new SQL(server, { max: 1 })
  try {
    await sql.unsafe(statement)
  } finally {
    await sql.close()
  }
}

function binaries(): string {
  const [newest] = [...new Glob('/usr/lib/postgresql/*/bin').scanSync({ cwd: '/', onlyFiles: false })]
    .toSorted()
    .reverse()
  if (newest === undefined) throw new Error('PostgreSQL is not installed: apt-get install postgresql')
  return newest
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

async function run(command: string[]): Promise<void> {
  const child = Bun.spawn(command, { stdin: 'ignore', stdout: 'ignore', stderr: 'pipe', cwd: '/' })
  const [code, complaint] = await Promise.all([child.exited, new Response(child.stderr).text()])
  if (code !== 0) throw new Error(`${command.join(' ')}: ${complaint}`)
}

async function childrenOf(pid: number): Promise<number[]> {
  const text = await Bun.file(`/proc/${pid}/task/${pid}/children`).text()
  return text.split(' ').filter(Boolean).map(Number)
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // Gone with the others.
  }
}

async function untilGone(pid: number): Promise<void> {
  while (isAlive(pid)) await Bun.sleep(5)
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
