import { connect, type Socket } from 'node:net'
import { setUpLog } from '../../src/platform/lib/log.ts'
import { newClientId, session, VisitorSocket } from '../support/visitor-client.ts'

/** A TCP connection that speaks whatever it likes, as no well-behaved client would. */
export type Wire = {
  socket: Socket
  /** Everything received so far. */
  received(): string
  write(data: string | Uint8Array): void
  /** Resolves with the time it took, in milliseconds, once the server has hung up. */
  closed: Promise<number>
  /** Resolves once what was received matches; throws when the connection ends or `timeoutMs` passes before. */
  answer(match: RegExp, timeoutMs?: number): Promise<string>
}

export async function openWire(url: string): Promise<Wire> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  const from = performance.now()
  let text = ''
  socket.on('error', () => {})
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1')
  })
  const closed = new Promise<number>((resolve) => {
    socket.on('end', () => resolve(performance.now() - from))
    socket.on('close', () => resolve(performance.now() - from))
  })
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve)
    socket.once('error', reject)
  })
  return {
    socket,
    received: () => text,
    write: (data) => void (socket.destroyed || socket.write(data)),
    closed,
    async answer(match, timeoutMs = 5000) {
      let gone = false
      void closed.then(() => (gone = true))
      const giveUpAt = performance.now() + timeoutMs
      while (!match.test(text)) {
        if (gone || performance.now() > giveUpAt) throw new Error(`no ${match} in: ${text.slice(0, 500)}`)
        await Bun.sleep(5)
      }
      return text
    },
  }
}

/**
 * Sends one request as written and gives back what came, once that is a whole answer or nothing more does; '' when nothing
 * came in time.
 */
export async function rawRequest(url: string, request: string | Uint8Array, timeoutMs = 1000): Promise<string> {
  const wire = await openWire(url)
  wire.write(request)
  const giveUpAt = performance.now() + timeoutMs
  let open = true
  void wire.closed.then(() => (open = false))
  for (let before = ''; open && performance.now() < giveUpAt; before = wire.received()) {
    if (before !== '' && before === wire.received() && !isCut(before)) break
    await Bun.sleep(20)
  }
  wire.socket.destroy()
  return wire.received()
}

/** Whether more must follow: the rest of the head, or of the body that the head announces. */
function isCut(answer: string): boolean {
  const end = answer.indexOf('\r\n\r\n')
  if (end === -1) return true
  const length = Number(/^content-length: (\d+)/im.exec(answer.slice(0, end))?.[1] ?? 0)
  return answer.length < end + 4 + length
}

export const statusOf = (answer: string): number => Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0)

/** The request that opens a websocket; `headers` are added, or replace a line of the same name. */
export function upgradeRequest(url: string, path: string, headers: Record<string, string> = {}): string {
  const lines = {
    host: new URL(url).host,
    upgrade: 'websocket',
    connection: 'Upgrade',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
    ...headers,
  }
  const head = Object.entries(lines).map(([name, value]) => `${name}: ${value}\r\n`)
  return `GET ${path} HTTP/1.1\r\n${head.join('')}\r\n`
}

/** One websocket frame as a client sends it (masked with zeros), `opcode` 1 text, 2 binary, 8 close, 9 ping. */
export function clientFrame(payload: string | Uint8Array, opcode = 1): Buffer {
  const data = Buffer.from(payload as Uint8Array)
  const short = data.length < 126
  const head = Buffer.alloc(short ? 2 : 4)
  if (!short && data.length > 65_535) throw new Error('longer than this helper frames')
  head[0] = 0x80 | opcode
  head[1] = 0x80 | (short ? data.length : 126)
  if (!short) head.writeUInt16BE(data.length, 2)
  return Buffer.concat([head, Buffer.alloc(4), data])
}

export type Visitor = { token: string; socket: VisitorSocket }

/** A visitor of their own with an open socket. */
export async function enterVisitor(
  url: string,
  siteId: string,
  headers: Record<string, string> = {},
): Promise<Visitor> {
  const { visitorToken: token } = await session(url, siteId, undefined, { headers })
  return { token, socket: await VisitorSocket.connect(url, { token, headers }) }
}

/** Milliseconds until an honest newcomer has written and read their ack; throws when anything is refused. */
export async function honestTurn(url: string, siteId: string, headers: Record<string, string> = {}): Promise<number> {
  const from = performance.now()
  const { socket } = await enterVisitor(url, siteId, headers)
  const outcome = await socket.send({ clientId: newClientId(), body: 'Do you deliver on Sunday?' })
  const took = performance.now() - from
  await socket.close()
  if (outcome.outcome !== 'ok') throw new Error(`an honest visitor was refused: ${JSON.stringify(outcome)}`)
  return took
}

/** Keeps what the house logs from now on. */
export function keepLog(): { lines: string[]; stop(): void } {
  const lines: string[] = []
  setUpLog({ level: 'debug', human: false, print: (line) => lines.push(line) })
  return {
    lines,
    stop: () => setUpLog({ level: 'error', human: false, print: (line) => void process.stderr.write(`${line}\n`) }),
  }
}
