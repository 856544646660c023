import type { ServerWebSocket } from 'bun'

/** What an upgrade hands to Bun as a socket's data: whoever handles its events. */
export type SocketData = {
  open(ws: SocketOf): void
  message(ws: SocketOf, data: string | Buffer): void
  close(ws: SocketOf, code: number): void
}
export type SocketOf = ServerWebSocket<SocketData>

/** Most bytes that may wait for a reader. */
export const readerFullBytes = 1024 * 1024
// Beyond what any frame of ours may be, so that a frame that is merely too long is refused in words and not cut off.
const longestMessageBytes = 1024 * 1024
// Bun pings a silent peer before this runs out, and closes when no answer came: silence is noticed within 45 s.
const silenceSeconds = 40

/**
 * The websocket handlers of the server. They pass each event to the socket's own data instead of Elysia's `.ws`, which
 * parses before we can measure, runs the handlers of one socket concurrently and keeps the whole request for each.
 */
export const websocket = {
  open: (ws: SocketOf) => ws.data.open(ws),
  message: (ws: SocketOf, data: string | Buffer) => ws.data.message(ws, data),
  close: (ws: SocketOf, code: number) => ws.data.close(ws, code),
  maxPayloadLength: longestMessageBytes,
  backpressureLimit: readerFullBytes,
  closeOnBackpressureLimit: true,
  idleTimeout: silenceSeconds,
  sendPings: true,
}

/** Sends, or closes (1013) a reader that does not keep up: it resumes from what it has, and nothing is dropped in silence. */
export function sendOrClose(ws: SocketOf, text: string): boolean {
  if (ws.send(text) !== 0 && ws.getBufferedAmount() <= readerFullBytes) return true
  ws.close(1013, 'reader_full')
  return false
}

type Handle = (data: string | Buffer) => Promise<void>

/** What has come on a socket and waits: handled strictly one after another, in the order it came. */
export class FrameQueue {
  readonly #handle: Handle
  readonly #mostFrames: number
  readonly #mostBytes: number
  readonly #waiting: (string | Buffer)[] = []
  #bytes = 0
  #working = false

  /** `handle` must not reject. */
  constructor(handle: Handle, mostFrames: number, mostBytes: number) {
    this.#handle = handle
    this.#mostFrames = mostFrames
    this.#mostBytes = mostBytes
  }

  /** Takes a frame in; false when too much waits already, because the sender heeds no answers. */
  push(data: string | Buffer): boolean {
    if (this.#waiting.length >= this.#mostFrames || this.#bytes + data.length > this.#mostBytes) return false
    this.#waiting.push(data)
    this.#bytes += data.length
    if (!this.#working) void this.#work()
    return true
  }

  /** Forgets what waits: the socket is gone. */
  clear(): void {
    this.#waiting.length = 0
    this.#bytes = 0
  }

  async #work(): Promise<void> {
    this.#working = true
    for (let data = this.#waiting.shift(); data !== undefined; data = this.#waiting.shift()) {
      this.#bytes -= data.length
      await this.#handle(data)
    }
    this.#working = false
  }
}
