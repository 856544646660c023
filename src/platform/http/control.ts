import { chmod, lstat, mkdir, realpath, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { log } from '../lib/log.ts'
import { Refusal, type RefusalCode, type RefusalValues, refusals, refuse } from '../lib/refuse.ts'

/** What the running server does for the command line, by name. Arguments and results are JSON. */
export type ControlCommands = Record<string, (args: never) => Promise<unknown>>
export type Control = { stop(): Promise<void> }
type Answer = { result: unknown } | { refused: { code: RefusalCode; values: RefusalValues } }

// A socket's path must fit into 104 bytes on some systems, its closing NUL included.
const maxPathBytes = 100

/**
 * Listens for the command line at `kontuar.sock` in the data folder, for the owner of the folder alone. The folder must
 * be locked by this process: a socket that lies there then belongs to a server that died.
 */
export async function startControl(folder: string, commands: ControlCommands): Promise<Control> {
  const path = await socketPath(folder, 'make')
  await rm(path, { force: true })
  // Made with mode 600 and not changed to it afterwards: between the two anybody could connect.
  const umask = process.umask(0o177)
  try {
    const server = Bun.serve({ unix: path, fetch: (request) => answer(request, commands) })
    return {
      async stop() {
        await server.stop(true)
        await rm(path, { force: true })
      },
    }
  } finally {
    process.umask(umask)
  }
}

async function answer(request: Request, commands: ControlCommands): Promise<Response> {
  try {
    const { command, args } = (await request.json()) as { command: string; args: never }
    const run = Object.hasOwn(commands, command) ? commands[command] : undefined
    if (!run) throw refuse('unknown_type')
    return Response.json({ result: (await run(args)) ?? null } satisfies Answer)
  } catch (error) {
    if (!(error instanceof Refusal)) log.error('a command of the command line failed', { error })
    const { code, values } = error instanceof Refusal ? error : refuse('internal_error')
    return Response.json({ refused: { code, values } } satisfies Answer)
  }
}

/**
 * Has the running server carry out a command. Null when no server runs on the folder; throws the refusal that the
 * server answered with.
 */
export async function callControl(folder: string, command: string, args: unknown): Promise<{ result: unknown } | null> {
  const path = await socketPath(folder, 'find')
  if (path === null || !(await exists(path))) return null
  let response: Response
  try {
    response = await fetch('http://kontuar/', {
      unix: path,
      method: 'POST',
      body: JSON.stringify({ command, args }),
      signal: AbortSignal.timeout(60_000),
    })
  } catch (error) {
    // A socket that a killed server left behind: nobody listens.
    if (/^(ConnectionRefused|ECONNREFUSED|FailedToOpenSocket|ENOENT)$/.test(codeOf(error))) return null
    throw error
  }
  const answered = (await response.json()) as Answer
  if ('result' in answered) return answered
  const { code, values } = answered.refused
  throw refuse(Object.hasOwn(refusals, code) ? code : 'internal_error', values)
}

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '')

const exists = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    () => false,
  )

async function socketPath(folder: string, how: 'make'): Promise<string>
async function socketPath(folder: string, how: 'find'): Promise<string | null>
async function socketPath(folder: string, how: 'make' | 'find'): Promise<string | null> {
  if (how === 'find' && !(await exists(folder))) return null
  const real = await realpath(folder)
  const path = join(real, 'kontuar.sock')
  if (Buffer.byteLength(path) <= maxPathBytes) return path
  const short = join(shortFolder, `kontuar-${new Bun.CryptoHasher('sha256').update(real).digest('hex').slice(0, 16)}`)
  if (how === 'make') await makePrivate(short)
  else if (!(await isPrivate(short, (await stat(real)).uid))) return null
  return join(short, 'kontuar.sock')
}

// Not TMPDIR: server and command line must find the same folder, whatever their environments say.
const shortFolder = '/tmp'

async function makePrivate(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const mine = process.getuid?.() ?? 0
  if ((await lstat(folder)).uid === mine) await chmod(folder, 0o700)
  if (!(await isPrivate(folder, mine))) throw new Error(`${folder} belongs to somebody else`)
}

/** Whether the folder is a folder, of that user, closed to all others: else somebody may have laid it there. */
async function isPrivate(folder: string, uid: number): Promise<boolean> {
  const found = await lstat(folder).catch(() => null)
  return found !== null && found.isDirectory() && found.uid === uid && (found.mode & 0o077) === 0
}
