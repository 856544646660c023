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
