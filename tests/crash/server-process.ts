import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type ServerSettings, writeSettings } from './server-settings.ts'

export type Started = { port: number; siteId: string; tookMs: number }

const givesUpAfterMs = 15_000

/** One life of the server under test after another, on the same data folder. */
export class ServerProcess {
  /** Resolves when the present life ends, with its exit code, or null when a signal ended it. */
  exited: Promise<number | null> = Promise.resolve(0)
  pid = 0
  #process: ReturnType<typeof Bun.spawn> | null = null
  #script: string
  #environment: Record<string, string>
  #log: string

  /** `script` is the entry to run: a copy of the tree has its own. What the server logs is added to `log`. */
  constructor(log: string, environment: Record<string, string> = {}, script = join(import.meta.dir, 'server.ts')) {
    this.#log = log
    this.#environment = environment
    this.#script = script
  }

  get running(): boolean {
    return this.#process !== null && this.#process.exitCode === null && this.#process.signalCode === null
  }

  /** Starts it and waits until `/readyz` says 200; null when it died before. Throws when neither happens in time. */
  async start(settings: ServerSettings): Promise<Started | null> {
    const from = performance.now()
    const log = openSync(this.#log, 'a')
    const server = Bun.spawn([process.execPath, this.#script], {
      stdin: 'ignore',
      stdout: 'pipe',
      stderr: log,
      env: { ...process.env, ...storeOf(settings), ...this.#environment, ...writeSettings(settings) },
    })
    closeSync(log)
    this.#process = server
    this.pid = server.pid
    this.exited = server.exited.then(() => server.exitCode)
    const line = await within(givesUpAfterMs, firstLine(server.stdout), 'the server did not start')
    if (line === null) {
      await this.exited
      return null
    }
    const { port, siteId } = JSON.parse(line) as { port: number; siteId: string }
    const ready = await within(givesUpAfterMs, this.#ready(port), 'the server did not become ready')
    return ready ? { port, siteId, tookMs: Math.max(0, performance.now() - from - waitedMs(server.pid)) } : null
  }

  signal(signal: NodeJS.Signals): void {
    if (this.running) this.#process!.kill(signal)
  }

  /** SIGKILL, and waits for the end. */
  async kill(): Promise<void> {
    this.signal('SIGCONT')
    this.signal('SIGKILL')
    await this.exited
  }

  async #ready(port: number): Promise<boolean> {
    while (this.running) {
      const answer = await fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(2000) }).catch(
        () => null,
      )
      if (answer?.status === 200) return true
      await Bun.sleep(10)
    }
    return false
  }
}

/** The store is settled when the server's modules load, by this variable; that of the tests is not meant. */
const storeOf = ({ flags }: ServerSettings) => ({ DATABASE_URL: String(flags['database-url'] ?? '') })

/**
 * How long the main thread was ready to run and had no core, by the kernel's count, and the thread that it may have
 * waited for: other people's work on this machine, which says nothing about how fast the server starts.
 */
function waitedMs(pid: number): number {
  const tasks = `/proc/${pid}/task`
  const waited = (task: string) => Number(readFileSync(`${tasks}/${task}/schedstat`, 'utf8').split(' ')[1]) / 1e6
  const others = readdirSync(tasks).filter((task) => task !== `${pid}`)
  return waited(`${pid}`) + Math.max(0, ...others.map(waited))
}

async function firstLine(stream: ReadableStream<Uint8Array>): Promise<string | null> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of stream) {
    text += decoder.decode(chunk, { stream: true })
    const end = text.indexOf('\n')
    if (end >= 0) return text.slice(0, end)
  }
  return null
}

async function within<T>(ms: number, promise: Promise<T>, otherwise: string): Promise<T> {
  let timer: Timer | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(otherwise)), ms)
  })
  return await Promise.race([promise, late]).finally(() => clearTimeout(timer))
}
