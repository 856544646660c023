import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { executable } from './executable.ts'

/** How a program is called. */
export type Program = string[]
/** Ours, as its users have it: from source it would take six times as long to start. */
export const builtProgram: Program = [await executable()]

type Options = { stdin?: string; cwd?: string; env?: Record<string, string> }
export type Finished = { code: number; stdout: string; stderr: string }

/** Runs a command to its end. The environment is empty but for what is given. */
export async function run(program: Program, args: string[], options: Options = {}): Promise<Finished> {
  const child = spawn(program, args, options)
  const [code, stdout, stderr] = await Promise.all([
    child.exited,
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ])
  return { code, stdout, stderr }
}

/** `await using`: a test that fails half-way leaves no server behind. */
export type Serving = AsyncDisposable & {
  url: string
  pid: number
  /** What was printed until it was ready. */
  stdout: string
  /** Waits until the log holds a line with this message. */
  logged(message: string): Promise<void>
  /** Sends the signals and waits for the end. */
  end(...signals: NodeJS.Signals[]): Promise<Finished>
}

/** Starts `serve` on a free port and waits until it says that it is ready. */
export const startServing = (program: Program, args: string[], options: Options = {}): Promise<Serving> =>
  untilReady(program, ['serve', '--port', '0', ...args], options)

/** Starts a command that ends in `serve` and waits until it says that it is ready. */
export async function untilReady(program: Program, args: string[], options: Options = {}): Promise<Serving> {
  const child = spawn(program, args, options)
  const stdout = { text: '' }
  const stderr = { text: '' }
  const drained = Promise.all([collect(child.stdout, stdout), collect(child.stderr, stderr)])
  const ready = await until(() => readyLine(stderr.text) ?? (child.exitCode === null ? null : {}))
  if (!ready.url) throw new Error(`did not start: ${stderr.text}`)
  await until(() => stdout.text || null)
  return {
    url: ready.url,
    pid: ready.pid ?? child.pid,
    stdout: stdout.text,
    async logged(message) {
      await until(() => stderr.text.includes(`"message":"${message}"`) || null)
    },
    async end(...signals) {
      for (const signal of signals) child.kill(signal)
      const code = await child.exited
      await drained
      return { code, stdout: stdout.text, stderr: stderr.text }
    },
    async [Symbol.asyncDispose]() {
      // Under npm the server is a child of the child.
      if (ready.pid !== undefined && isAlive(ready.pid)) process.kill(ready.pid, 'SIGKILL')
      child.kill('SIGKILL')
      await child.exited
    },
  }
}

function spawn(program: Program, args: string[], { stdin = '', cwd, env = {} }: Options) {
  return Bun.spawn([...program, ...args], {
    stdin: new Blob([stdin]),
    stdout: 'pipe',
    stderr: 'pipe',
    env,
    ...(cwd === undefined ? {} : { cwd }),
  })
}

/** Gathers what a process writes, to be looked at while it goes on. */
export async function collect(stream: ReadableStream<Uint8Array>, into: { text: string }): Promise<void> {
  const decoder = new TextDecoder()
  for await (const chunk of stream) into.text += decoder.decode(chunk, { stream: true })
}

type Ready = { url?: string; pid?: number }

function readyLine(text: string): Ready | null {
  const line = text.split('\n').find((one) => one.includes('"message":"ready"'))
  return line ? (JSON.parse(line) as Ready) : null
}

/** Asks again every few milliseconds until there is an answer; fails after twenty seconds. */
export async function until<T>(ask: () => T | null | Promise<T | null>): Promise<T> {
  const giveUpAt = performance.now() + 20_000
  while (performance.now() < giveUpAt) {
    const answer = await ask()
    if (answer !== null) return answer
    await Bun.sleep(10)
  }
  throw new Error('waited twenty seconds for nothing')
}

/** Whether a process with this id is there. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/**
 * Where a second build is compared with the first. What is embedded stands in the order in which the file system lists a
 * folder, so both have to be on one.
 */
export const besideTheSources = join(import.meta.dir, '../../dist')

/** A fresh folder, removed when the test lets go of it: `await using folder = await freshFolder()`. */
export async function freshFolder(within: string = tmpdir()): Promise<AsyncDisposable & { path: string }> {
  const path = await mkdtemp(join(within, 'kontuar-cli-'))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}
