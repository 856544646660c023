/**
 * A WebSocket client on a bare TCP socket, as cheap as JavaScript allows: the load generator shares two cores with the
 * server it measures. Text frames out, text frames in; pings are answered; no extensions.
 */
import type { Socket } from 'bun'

export type WireOptions = {
  url: string
  headers?: Record<string, string>
  /** The address to connect from, another of the loopback range. */
  from?: string
  onText(text: string, wire: Wire): void
  onClose?(code: number, reason: string): void
}

const opcodes = { continuation: 0, text: 1, close: 8, ping: 9, pong: 10 } as const

export class Wire {
  private readonly options: WireOptions
  private socket: Socket | undefined
  private rest: Buffer | undefined
  private upgraded = false
  private partial = ''
  private unsent: Buffer[] = []
  private closeCode = 1006
  private closeReason = ''
  private opened = Promise.withResolvers<void>()
  open = false

  private constructor(options: WireOptions) {
    this.options = options
  }

  static async connect(options: WireOptions): Promise<Wire> {
    const wire = new Wire(options)
    const url = new URL(options.url)
    const timer = setTimeout(() => wire.opened.reject(new Error('no upgrade within 10 s')), 10_000)
    try {
      await Bun.connect({
        hostname: url.hostname,
        port: Number(url.port || 80),
        ...(options.from === undefined ? {} : { localAddress: options.from }),
        socket: {
          open: (socket) => {
            wire.socket = socket
            socket.setNoDelay(true)
            wire.write(Buffer.from(handshake(url, options.headers ?? {})))
          },
          data: (_socket, chunk) => wire.receive(chunk),
          drain: () => wire.flush(),
          close: () => wire.closed(),
          error: (_socket, error) => wire.opened.reject(error),
          connectError: (_socket, error) => wire.opened.reject(error),
        },
      })
      await wire.opened.promise
    } finally {
      clearTimeout(timer)
    }
    return wire
  }

  send(text: string): void {
    this.write(frame(opcodes.text, text))
  }

  close(code = 1000): void {
    if (!this.open) return
    const payload = Buffer.alloc(2)
    payload.writeUInt16BE(code)
    this.write(frame(opcodes.close, payload.toString('latin1'), 'latin1'))
    this.socket?.end()
  }

  private write(bytes: Buffer): void {
    if (this.unsent.length > 0) {
      this.unsent.push(bytes)
      return
    }
    const written = this.socket?.write(bytes) ?? 0
    if (written >= 0 && written < bytes.length) this.unsent.push(bytes.subarray(written))
  }

  private flush(): void {
    const waiting = this.unsent
    this.unsent = []
    for (const bytes of waiting) this.write(bytes)
  }

  private closed(): void {
    this.open = false
    this.opened.reject(new Error('closed before the upgrade'))
    if (this.upgraded) this.options.onClose?.(this.closeCode, this.closeReason)
  }

  private receive(chunk: Buffer): void {
    let bytes = this.rest === undefined ? chunk : Buffer.concat([this.rest, chunk])
    this.rest = undefined
    if (!this.upgraded) {
      const end = bytes.indexOf('\r\n\r\n')
      if (end === -1) {
        this.rest = Buffer.from(bytes)
        return
      }
      const head = bytes.toString('latin1', 0, end)
      if (!head.startsWith('HTTP/1.1 101')) {
        this.opened.reject(new Error(`upgrade refused: ${head.slice(0, head.indexOf('\r'))}`))
        this.socket?.end()
        return
      }
      this.upgraded = true
      this.open = true
      this.opened.resolve()
      bytes = bytes.subarray(end + 4)
    }
    let at = 0
    while (at < bytes.length) {
      const used = this.readFrame(bytes, at)
      if (used === 0) {
        // The chunk's memory is reused by the runtime: keep a copy.
        this.rest = Buffer.from(bytes.subarray(at))
        return
      }
      at += used
    }
  }

  private readFrame(bytes: Buffer, at: number): number {
    const left = bytes.length - at
    if (left < 2) return 0
    const first = bytes[at] ?? 0
    let length = (bytes[at + 1] ?? 0) & 0x7f
    let head = 2
    if (length === 126) {
      if (left < 4) return 0
      length = bytes.readUInt16BE(at + 2)
      head = 4
    } else if (length === 127) {
      if (left < 10) return 0
      length = Number(bytes.readBigUInt64BE(at + 2))
      head = 10
    }
    if (left < head + length) return 0
    const from = at + head
    this.handle(first & 0x0f, (first & 0x80) !== 0, bytes, from, from + length)
    return head + length
  }

  private handle(opcode: number, last: boolean, bytes: Buffer, from: number, to: number): void {
    if (opcode === opcodes.text || opcode === opcodes.continuation) {
      const text = bytes.toString('utf8', from, to)
      if (!last) this.partial += text
      else if (this.partial === '') this.options.onText(text, this)
      else {
        const whole = this.partial + text
        this.partial = ''
        this.options.onText(whole, this)
      }
    } else if (opcode === opcodes.ping) {
      this.write(frame(opcodes.pong, bytes.toString('latin1', from, to), 'latin1'))
    } else if (opcode === opcodes.close) {
      if (to - from >= 2) this.closeCode = bytes.readUInt16BE(from)
      this.closeReason = bytes.toString('utf8', Math.min(from + 2, to), to)
      this.socket?.end()
    }
  }
}

function handshake(url: URL, headers: Record<string, string>): string {
  const key = Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString('base64')
  const lines = [
    `GET ${url.pathname}${url.search} HTTP/1.1`,
    `Host: ${url.host}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    `Sec-WebSocket-Key: ${key}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ]
  return `${lines.join('\r\n')}\r\n\r\n`
}

/** Masked with the key 0, which is legal and leaves the payload as it is. */
function frame(opcode: number, text: string, encoding: 'utf8' | 'latin1' = 'utf8'): Buffer {
  const length = Buffer.byteLength(text, encoding)
  const head = length < 126 ? 6 : length < 65_536 ? 8 : 14
  const bytes = Buffer.alloc(head + length)
  bytes[0] = 0x80 | opcode
  if (head === 6) bytes[1] = 0x80 | length
  else if (head === 8) {
    bytes[1] = 0x80 | 126
    bytes.writeUInt16BE(length, 2)
  } else {
    bytes[1] = 0x80 | 127
    bytes.writeBigUInt64BE(BigInt(length), 2)
  }
  bytes.write(text, head, encoding)
  return bytes
}
