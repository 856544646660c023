import { afterAll, beforeAll, expect, test } from 'bun:test'
import { load, type Server } from '../../bench/support/servers.ts'

// The mistake that benches are known for: a generator that waits for a stalled server sends less meanwhile, measures one
// slow answer, and calls the rest fast. The server here stands still for half of every second.

type Ws = Bun.ServerWebSocket<undefined>

const stallMs = 500
let late: { ws: Ws; text: string }[] = []
const isStalled = (): boolean => performance.now() % 1_000 < stallMs

const stalling = Bun.serve<undefined>({
  hostname: '127.0.0.1',
  port: 0,
  fetch(request, self) {
    if (request.method === 'POST') return Response.json({ visitorToken: 'of nobody' })
    return self.upgrade(request, { data: undefined }) ? undefined : new Response(null, { status: 404 })
  },
  websocket: {
    message(ws, text) {
      const { type, clientId } = JSON.parse(String(text)) as { type: string; clientId?: string }
      const answer = JSON.stringify(type === 'hello' ? { type: 'welcome' } : { type: 'ack', clientId })
      if (type === 'send' && isStalled()) late.push({ ws, text: answer })
      else ws.send(answer)
    },
  },
})

const release = setInterval(() => {
  if (isStalled()) return
  for (const { ws, text } of late) ws.send(text)
  late = []
}, 5)

let server: Server
beforeAll(() => {
  const folder = '/nowhere'
  server = { url: stalling.url.origin, pid: process.pid, siteId: 'any', folder, stop: () => Promise.resolve() }
})
afterAll(async () => {
  clearInterval(release)
  await stalling.stop(true)
})

test('a stall of the server counts for every message that was due in it', async () => {
  const result = await load(server, { senders: 4, rate: 100, warmup: 0, seconds: 2 })
  expect(result.latencyMs.count).toBeGreaterThan(150)
  expect(result.unanswered).toBe(0)
  // Half of all messages are due while it stands still, evenly spread: a quarter of all waits for more than half of it.
  expect(result.latencyMs.p95).toBeGreaterThan(0.8 * stallMs)
}, 30_000)
