import { type Subprocess, spawn } from 'bun'
import { join } from 'node:path'
import PostalMime, { type Email } from 'postal-mime'
import { until } from './program.ts'

type Refusal = [code: number, text: string]

/** How a mail server behaves. Recipients and senders by address, `*` for all. */
export type Behaviour = {
  tls?: 'starttls' | 'at once'
  certificate?: { cert: string; key: string }
  login?: { user: string; password: string }
  /** Every login is refused so. */
  noLogin?: Refusal
  greeting?: Refusal
  slowMs?: number
  sender?: Record<string, Refusal>
  recipients?: Record<string, Refusal>
  data?: Refusal
  ok?: string
  /** What is accepted is never answered: the connection breaks. */
  loseAnswer?: boolean
  /** No mail server at all: says this to whoever connects, and nothing more. */
  says?: string
}

export type Letter = { from: string; to: string[]; secure: boolean; user: string | null; raw: string }
export type Heard = Letter | { refused: string }

export const ownCertificate = {
  cert: join(import.meta.dir, 'tls/cert.pem'),
  key: join(import.meta.dir, 'tls/key.pem'),
}

/** A mail server in a process of its own, on a port of 127.0.0.1 that stays its own over a stop and a start. */
export class MailServer {
  readonly heard: Heard[] = []
  port = 0
  #process: Subprocess<'pipe', 'pipe', 'inherit'> | null = null
  #ready = 0

  static async start(behaviour: Behaviour = {}): Promise<MailServer> {
    const server = new MailServer()
    await server.start(behaviour)
    return server
  }

  async start(behaviour: Behaviour = {}): Promise<void> {
    const script = join(import.meta.dir, 'smtp-server.ts')
    const command = [process.execPath, script, `${this.port}`, JSON.stringify(behaviour)]
    this.#process = spawn(command, { stdin: 'pipe', stdout: 'pipe', stderr: 'inherit' })
    this.#ready = 0
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const ended = this.#listen(this.#process.stdout, resolve)
    void ended.then(() => reject(new Error('the mail server ended before it said its port')))
    await promise
  }

  async #listen(stdout: ReadableStream<Uint8Array<ArrayBuffer>>, started: () => void): Promise<void> {
    let rest = ''
    const decoder = new TextDecoder()
    for await (const chunk of stdout) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) {
        const said = JSON.parse(line) as Heard | { port: number } | { ready: number }
        if ('port' in said) {
          this.port = said.port
          started()
        } else if ('ready' in said) this.#ready = said.ready
        else this.heard.push(said)
      }
    }
  }

  /** From the next connection on; what concerns TLS and logins only with a new start. */
  async behave(behaviour: Behaviour): Promise<void> {
    const next = this.#ready + 1
    void this.#process?.stdin.write(`${JSON.stringify(behaviour)}\n`)
    await Promise.resolve(this.#process?.stdin.flush())
    await until(async () => this.#ready >= next || null)
  }

  async stop(): Promise<void> {
    this.#process?.kill('SIGKILL')
    await this.#process?.exited
    this.#process = null
  }

  get letters(): Letter[] {
    return this.heard.filter((one): one is Letter => 'raw' in one)
  }

  /** What has arrived, parsed, once there are so many. */
  async mails(count: number): Promise<(Email & { envelope: Letter })[]> {
    await until(async () => this.letters.length >= count || null)
    return Promise.all(this.letters.map(parsed))
  }

  forget(): void {
    this.heard.length = 0
  }
}

const parsed = async (envelope: Letter) => ({
  ...(await PostalMime.parse(Buffer.from(envelope.raw, 'latin1'))),
  envelope,
})
