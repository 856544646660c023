/**
 * What the bare limits have in common: raw Bun.serve that speaks just enough of the visitor protocol for bench/load.ts. No
 * features, flood limits, history or live watchers: lines to measure against, not servers.
 */

export type State = { tokenHash: string; visitorId: string | null }
export type Job = { ws: Bun.ServerWebSocket<State>; clientId: string; body: string }
type Frame = { type: string; token?: string; clientId?: string; body?: string }

export const siteId = 'limit'

const secret = crypto.getRandomValues(new Uint8Array(32))
export const digest = (text: string): string => new Bun.CryptoHasher('sha256').update(text).digest('base64url')
const mac = (text: string): string => new Bun.CryptoHasher('sha256', secret).update(text).digest('base64url')

export const ack = (clientId: string, conversationId: string, seq: number, at: number): string =>
  JSON.stringify({ type: 'ack', clientId, conversationId, seq, at })

/** Serves visitors; each message that comes is handed to `take`, which answers when it is kept. */
export function serveVisitors(port: number, take: (job: Job) => void): void {
  const server = Bun.serve<State>({
    hostname: '127.0.0.1',
    port,
    fetch(request, self) {
      const { pathname } = new URL(request.url)
      if (pathname === '/healthz') return new Response('ok')
      if (pathname === '/api/widget/v1/sessions') {
        const random = Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString('base64url')
        return Response.json({ visitorToken: `${random}.${mac(random)}` })
      }
      if (pathname === '/api/widget/v1/socket' && self.upgrade(request, { data: { tokenHash: '', visitorId: null } }))
        return
      return new Response('not found', { status: 404 })
    },
    websocket: {
      backpressureLimit: 1024 * 1024,
      closeOnBackpressureLimit: true,
      message(ws, text) {
        const frame = JSON.parse(String(text)) as Frame
        if (frame.type === 'send' && ws.data.tokenHash !== '') {
          take({ ws, clientId: frame.clientId ?? '', body: frame.body ?? '' })
        } else if (frame.type === 'hello') {
          const [random = '', sign = ''] = (frame.token ?? '').split('.')
          if (mac(random) !== sign) return ws.close(1008)
          ws.data.tokenHash = digest(frame.token ?? '')
          ws.send(JSON.stringify({ type: 'welcome', conversations: [] }))
        }
      },
    },
  })
  process.stdout.write(`${server.url.origin}\n`)
}
