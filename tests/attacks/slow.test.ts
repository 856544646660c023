import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { openHouse, type TestHouse } from '../support/house.ts'
import { clientFrame, honestTurn, keepLog, openWire, statusOf, upgradeRequest, type Wire } from './support.ts'

setDefaultTimeout(60_000)

// The slowest is given fifteen seconds.
const withinMs = 25_000

// Everybody who is slow is so at the same time, in the background; the tests then look at how it went.
type Attempt = {
  name: string
  begins: string | Uint8Array
  drips: string | null
  ends: (wire: Wire) => boolean
}

let house: TestHouse
const tries = new Map<string, Promise<{ ended: boolean; tookMs: number; wire: Wire }>>()
const wires: Wire[] = []
const turns: number[] = []
let watching = true

const hungUp = () => true
const answered = (wire: Wire) => statusOf(wire.received()) >= 400 && statusOf(wire.received()) < 500
const post = (path: string, headers = '') => `POST ${path} HTTP/1.1\r\nHost: x\r\n${headers}`
const longFrame = clientFrame('x'.repeat(60_000)).subarray(0, 30).toString('latin1')

const attempts: Omit<Attempt, 'ends'>[] = [
  { name: 'a connection that says nothing', begins: '', drips: null },
  { name: 'half a head and then nothing', begins: 'GET / HTTP/1.1\r\nHost: x\r\n', drips: null },
  { name: 'a header, letter by letter', begins: 'GET / HTTP/1.1\r\nHost: x\r\nX: ', drips: 'a' },
  { name: 'headers, line by line', begins: 'GET / HTTP/1.1\r\nHost: x\r\n', drips: 'X: y\r\n' },
  {
    name: 'half a handshake',
    begins: upgradeRequest('http://x', '/api/widget/v1/socket').slice(0, -2),
    drips: null,
  },
  {
    name: 'a socket that never says hello',
    begins: upgradeRequest('http://x', '/api/widget/v1/socket'),
    drips: null,
  },
  {
    name: 'a first frame, letter by letter',
    begins: upgradeRequest('http://x', '/api/widget/v1/socket') + longFrame,
    drips: 'x',
  },
]

const bodies: Omit<Attempt, 'ends'>[] = [
  {
    name: 'a session’s body that never comes',
    begins: post('/api/widget/v1/sessions', 'Content-Length: 100\r\n\r\n{'),
    drips: null,
  },
  {
    name: 'a session’s body, letter by letter',
    begins: post('/api/widget/v1/sessions', 'Content-Length: 1000\r\n\r\n{'),
    drips: ' ',
  },
  {
    name: 'a body, chunk by chunk',
    begins: post('/api/widget/v1/sessions', 'Transfer-Encoding: chunked\r\n\r\n'),
    drips: '1\r\n \r\n',
  },
  {
    name: 'a password, letter by letter',
    begins: post('/sign-in', 'Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\n'),
    drips: 'a',
  },
  {
    name: 'a message of nobody, letter by letter',
    begins: post('/api/widget/v1/messages', 'Content-Length: 1000\r\n\r\n'),
    drips: 'a',
  },
]

async function go({ begins, drips, ends }: Attempt) {
  const from = performance.now()
  const wire = await openWire(house.url)
  wires.push(wire)
  wire.write(typeof begins === 'string' ? Buffer.from(begins, 'latin1') : begins)
  const dripping = drips === null ? null : setInterval(() => wire.write(drips), 300)
  let closed = false
  void wire.closed.then(() => (closed = true))
  const over = () => (ends === hungUp ? closed : closed || ends(wire))
  while (!over() && performance.now() - from < withinMs) await Bun.sleep(20)
  if (dripping) clearInterval(dripping)
  return { ended: over(), tookMs: performance.now() - from, wire }
}

beforeAll(async () => {
  house = await openHouse()
  for (const attempt of attempts) tries.set(attempt.name, go({ ...attempt, ends: hungUp }))
  for (const attempt of bodies) tries.set(attempt.name, go({ ...attempt, ends: answered }))
  // A crowd of the same: what one may do, two hundred may.
  for (let i = 0; i < 200; i++) {
    const wire = await openWire(house.url)
    wires.push(wire)
    wire.write(i % 2 ? 'GET / HTTP/1.1\r\nX: ' : post('/api/widget/v1/sessions', 'Content-Length: 99\r\n\r\n{'))
  }
  void (async () => {
    while (watching) {
      turns.push(await honestTurn(house.url, house.site.id).catch(() => Number.POSITIVE_INFINITY))
      await Bun.sleep(300)
    }
  })()
})
afterAll(async () => {
  watching = false
  for (const { socket } of wires) socket.destroy()
  await Bun.sleep(400)
  await house.close()
})

describe('whoever is slow', () => {
  test.each(attempts.map(({ name }) => [name]))('with %s is hung up on', async (name) => {
    expect((await tries.get(name))?.ended).toBe(true)
  })

  test.each(bodies.map(({ name }) => [name]))('with %s is answered or hung up on', async (name) => {
    expect((await tries.get(name))?.ended).toBe(true)
  })

  test('without a hello is told why', async () => {
    const { wire } = (await tries.get('a socket that never says hello')) ?? {}
    expect(wire?.received()).toContain('"code":"hello_first"')
  })

  test('holds up nobody else meanwhile', () => {
    expect(turns.length).toBeGreaterThan(3)
    expect(turns.filter((took) => took === Number.POSITIVE_INFINITY)).toEqual([])
    expect(turns.toSorted((a, b) => a - b)[Math.floor(turns.length / 2)]).toBeLessThan(3000)
  })
})

test('whoever hangs up in the middle of a body fills no log with errors of ours', async () => {
  const kept = keepLog()
  for (let i = 0; i < 20; i++) {
    const wire = await openWire(house.url)
    wire.write(post(i % 2 ? '/sign-in' : '/api/widget/v1/sessions', 'Content-Length: 99\r\n\r\n{'))
    await Bun.sleep(5)
    wire.socket.destroy()
  }
  await honestTurn(house.url, house.site.id)
  await Bun.sleep(100)
  kept.stop()
  expect(kept.lines.filter((line) => /"level":"(error|warn)"/.test(line))).toEqual([])
})
