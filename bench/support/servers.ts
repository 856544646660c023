import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { IdleResult } from '../idle.ts'
import { siteId } from '../limits/front.ts'
import type { LoadResult } from '../load.ts'
import { type Held, hold } from './held.ts'
import { listensOn } from './process.ts'

const bench = join(import.meta.dir, '..')
const root = join(bench, '..')

export type Server = { url: string; pid: number; siteId: string; folder: string; stop(): Promise<void> }

export type StartOptions = {
  env?: Record<string, string>
  /** A script to load before the server's own; source runs only. */
  preload?: string
  /** Flood limits stay on, as the server has them; other loads send more than people do. */
  limits?: boolean
  /** Called with the data folder before the server opens it. */
  prepare?: (folder: string) => Promise<void>
}

/** Our own server, from the source or, when KONTUAR_BINARY names one, from the executable. */
export async function startOurs(options: StartOptions = {}): Promise<Server> {
  const binary = process.env['KONTUAR_BINARY']
  const command = binary ? [binary] : [...bun(options), join(root, 'src/main.ts')]
  const folder = await mkdtemp(join(tmpdir(), 'kontuar-bench-'))
  await options.prepare?.(folder)
  const flags = ['serve', '--host', '127.0.0.1', '--data', folder, '--demo']
  const quiet = ['--log-level', 'warn', ...(options.limits ? [] : ['--no-limits'])]
  const server = await start([...command, ...flags, ...quiet], folder, options)
  const cli = binary ? [binary] : [process.execPath, join(root, 'src/main.ts')]
  const listed = Bun.spawnSync([...cli, 'site', 'list', '--json', '--data', folder], {
    cwd: root,
    env: { ...process.env, DATABASE_URL: '', ...options.env },
  })
  const sites = JSON.parse(listed.stdout.toString()) as { id: string }[]
  const first = sites[0]?.id
  if (first === undefined) {
    await server.stop()
    throw new Error('the server has no site')
  }
  return { ...server, siteId: first }
}

export const startLimit = (options: StartOptions = {}): Promise<Server> =>
  startBare('server.ts', (folder) => ['--data', folder], options)

/** The bare limit on PostgreSQL, in an empty database. */
export const startPostgresLimit = (database: string): Promise<Server> =>
  startBare('postgres.ts', () => ['--database', database], {})

async function startBare(script: string, flags: (folder: string) => string[], options: StartOptions): Promise<Server> {
  const folder = await mkdtemp(join(tmpdir(), 'kontuar-limit-'))
  const command = [...bun(options), join(bench, 'limits', script), ...flags(folder)]
  return { ...(await start(command, folder, options)), siteId }
}

/** BENCH_BUN_FLAGS goes to the measured servers, as `--cpu-prof --cpu-prof-dir=/tmp/profiles`. */
const bun = ({ preload }: StartOptions): string[] => {
  const flags = (process.env['BENCH_BUN_FLAGS'] ?? '').split(' ').filter((flag) => flag !== '')
  return [process.execPath, ...flags, ...(preload === undefined ? [] : ['--preload', preload])]
}

type Started = Omit<Server, 'siteId'>

/** Starts a server on a free port. Somebody may take that before the server does: then it has another one. */
async function start(command: string[], folder: string, options: StartOptions): Promise<Started> {
  for (let left = 3; left > 0; left--) {
    const started = await startOn(freePort(), command, folder, options)
    if (started !== null) return started
  }
  await rm(folder, { recursive: true, force: true })
  throw new Error(`did not start: ${command.join(' ')}`)
}

/** Null when it has ended before it had the port. */
async function startOn(
  port: number,
  command: string[],
  folder: string,
  options: StartOptions,
): Promise<Started | null> {
  const url = `http://127.0.0.1:${port}`
  const process_ = Bun.spawn([...command, '--port', String(port)], {
    cwd: root,
    // A database that is set for something else is none of ours.
    env: { ...process.env, DATABASE_URL: '', NODE_ENV: 'production', ...options.env },
    stdin: 'ignore',
    stdout: 'ignore',
    stderr: 'inherit',
  })
  const stop = async (): Promise<void> => {
    process_.kill('SIGTERM')
    const ended = await Promise.race([process_.exited, Bun.sleep(10_000)])
    if (ended === undefined) process_.kill('SIGKILL')
    await process_.exited
    await rm(folder, { recursive: true, force: true })
  }
  for (const until = performance.now() + 30_000; ; await Bun.sleep(50)) {
    if (process_.exitCode !== null) return null
    const answer = await fetch(`${url}/healthz`).catch(() => undefined)
    // Whoever answers may be somebody else, who has taken the port.
    if (answer !== undefined && listensOn(process_.pid, port)) break
    if (performance.now() > until) {
      await stop()
      throw new Error(`did not start in time: ${command.join(' ')}`)
    }
  }
  return { url, pid: process_.pid, folder, stop }
}

/** A port that was free a moment ago. */
export function freePort(): number {
  const probe = Bun.serve({ hostname: '127.0.0.1', port: 0, fetch: () => new Response() })
  const { port } = probe
  void probe.stop(true)
  if (port === undefined) throw new Error('no free port')
  return port
}

export type LoadOptions = { senders?: number; seconds?: number; warmup?: number; rate?: number; stamp?: boolean }

/** Runs the load generator in a process of its own. */
export async function load(server: Server, options: LoadOptions): Promise<LoadResult> {
  const run = Bun.spawn(loadCommand(server, options), { stdout: 'pipe', stderr: 'inherit' })
  const [text, code] = await Promise.all([new Response(run.stdout).text(), run.exited])
  if (code !== 0) throw new Error(`the load generator failed (${code})`)
  return JSON.parse(text) as LoadResult
}

/** A load that connects, sends one message from each visitor, and waits for `go`. */
export const holdLoad = (server: Server, options: LoadOptions): Held<LoadResult> =>
  hold([...loadCommand(server, options), '--hold'])

/** Visitors who say hello and then nothing, until `go`. */
export const holdIdle = ({ url, siteId }: Server, sockets: number, firstAddress: number): Held<IdleResult> =>
  hold([
    ...[process.execPath, join(bench, 'idle.ts'), '--url', url, '--site', siteId],
    ...['--sockets', String(sockets), '--first-address', String(firstAddress)],
  ])

function loadCommand(server: Server, options: LoadOptions): string[] {
  const flags = Object.entries(options).flatMap(([name, value]) =>
    value === true ? [`--${name}`] : [`--${name}`, String(value)],
  )
  const target = ['--url', server.url, '--site', server.siteId, '--pid', String(server.pid)]
  return [process.execPath, join(bench, 'load.ts'), ...target, ...flags]
}
