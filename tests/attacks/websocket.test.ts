import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { consoleSockets } from '../../src/features/inbox/console-socket.ts'
import { sendMessage } from '../../src/features/messages/index.ts'
import { createSite } from '../../src/features/sites/index.ts'
import { readConfig } from '../../src/config.ts'
import { readVisitorToken } from '../../src/features/visitors/index.ts'
import { createGate, sourceOf } from '../../src/features/widget/gate.ts'
import { VisitorSocket as ServerSocket, visitorSockets } from '../../src/features/widget/visitor-socket.ts'
import { write } from '../../src/platform/db/write.ts'
import type { SocketOf } from '../../src/platform/http/socket.ts'
import { watched } from '../../src/platform/live/hub.ts'
import { AgentClient } from '../support/agent-client.ts'
import { hire, newVisitor, password } from '../support/cast.ts'
import { openHouse, type TestHouse } from '../support/house.ts'
import { newClientId, type Outcome, sendOverHttp, session, VisitorSocket } from '../support/visitor-client.ts'
import { eventually } from '../support/waiting.ts'
import {
  clientFrame,
  enterVisitor,
  honestTurn,
  keepLog,
  openWire,
  rawRequest,
  statusOf,
  upgradeRequest,
} from './support.ts'

setDefaultTimeout(30_000)

const path = '/api/widget/v1/socket'
let house: TestHouse
let guarded: string

beforeAll(async () => {
  house = await openHouse()
  guarded = (await write((tx) => createSite(tx, { name: 'Guarded', domains: ['shop.example', '*.shop.example'] }))).id
})
afterAll(() => house.close())

const upgrade = (headers: Record<string, string>) =>
  openWire(house.url).then(async (wire) => {
    wire.write(upgradeRequest(house.url, path, headers))
    const answer = await wire.answer(/\r\n\r\n/)
    wire.socket.destroy()
    return answer
  })

const code = (frame: unknown) => (frame as { code?: string }).code

describe('a socket opened from another site', () => {
  test('is refused at the upgrade when its Origin is null', async () => {
    const answer = await rawRequest(
      house.url,
      upgradeRequest(house.url, path, { origin: 'null', connection: 'Upgrade' }),
      15_000,
    )
    expect(statusOf(answer)).toBe(403)
    expect(answer).toContain('"origin_refused"')
    expect(answer.toLowerCase()).not.toContain('access-control-allow-origin')
  })

  test('opens without an Origin, as a native client does', async () => {
    expect(statusOf(await upgrade({}))).toBe(101)
  })

  test.each([
    'https://evil.example',
    'https://evil.example?shop.example',
    'https://shop.example.evil.example',
    'https://evilshop.example',
    'not a url',
    'file://',
    'data:text/html,x',
  ])('from %s learns nothing of a site that names its domains', async (origin) => {
    const { visitorToken: token } = await session(house.url, guarded)
    const socket = await VisitorSocket.connect(house.url, { silent: true, headers: { origin } })
    const refused = socket.frame('refuse')
    socket.hello({ token })
    expect(code(await refused)).toBe('origin_refused')
    const later = socket.nextFrame('refuse')
    socket.say({ type: 'send', clientId: newClientId(), body: 'in spite of it' })
    expect(code(await later)).toBe('hello_first')
    expect(socket.frames.some((frame) => JSON.stringify(frame).includes('Guarded'))).toBe(false)
    await socket.close()
  })

  test.each(['https://shop.example', 'https://www.shop.example', 'http://shop.example:8080'])(
    'from %s, which the site names, is heard',
    async (origin) => {
      await honestTurn(house.url, guarded, { origin })
    },
  )

  test('from our own origin is heard: the frame of the widget', async () => {
    await honestTurn(house.url, guarded, { origin: house.url })
  })
})

describe('a frame that is no frame of ours', () => {
  const frames: [string, string | Uint8Array<ArrayBuffer>, string][] = [
    ['binary', new Uint8Array([0x7b, 0x7d]), 'bad_frame'],
    ['empty', '', 'bad_frame'],
    ['not JSON', '{type:ping}', 'bad_frame'],
    ['a bare string', '"ping"', 'bad_frame'],
    ['null', 'null', 'bad_frame'],
    ['an array', '[{"type":"ping"}]', 'bad_frame'],
    ['nested thirty thousand deep', `{"type":"ping","x":${'['.repeat(30_000)}${']'.repeat(30_000)}}`, 'bad_frame'],
    [
      'nested thirty thousand objects deep',
      `{"type":"ping","x":${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}}`,
      'bad_frame',
    ],
    ['over 64 KB', JSON.stringify({ type: 'ping', filler: 'x'.repeat(65 * 1024) }), 'too_large'],
    [
      'over 64 KB in bytes and under it in characters',
      JSON.stringify({ type: 'ping', filler: '€'.repeat(30_000) }),
      'too_large',
    ],
    ['without a type', '{}', 'unknown_type'],
    ['of an unknown type', '{"type":"drop table"}', 'unknown_type'],
    ['whose type is constructor', '{"type":"constructor"}', 'unknown_type'],
    ['whose type is __proto__', '{"type":"__proto__"}', 'unknown_type'],
    ['whose type is an object', '{"type":{"toString":"send"}}', 'unknown_type'],
    ['whose type is a server frame', '{"type":"entry","conversationId":"x","seq":1,"body":"x"}', 'unknown_type'],
    ['that says hello again', '{"type":"hello","protocol":1,"token":"x"}', 'bad_frame'],
    ['whose seq is a fraction', '{"type":"since","seq":0.5}', 'bad_frame'],
    ['whose seq is negative', '{"type":"since","seq":-1}', 'bad_frame'],
    ['whose seq is beyond every number', '{"type":"since","seq":1e309}', 'bad_frame'],
    ['whose seq is text', '{"type":"read","seq":"1"}', 'bad_frame'],
  ]

  test.each(frames)('%s: is refused with a code, and the socket goes on', async (_, frame, expected) => {
    const { socket } = await enterVisitor(house.url, house.site.id)
    const refused = socket.nextFrame('refuse')
    socket.raw(frame)
    expect(code(await refused)).toBe(expected)
    await socket.ping()
    expect((await socket.send({ clientId: newClientId(), body: 'still here' })).outcome).toBe('ok')
    await socket.close()
  })

  test('carrying __proto__ and constructor is handled as if it did not, and taints nobody', async () => {
    const { socket } = await enterVisitor(house.url, house.site.id)
    const clientId = newClientId()
    const ack = socket.nextFrame('ack')
    socket.raw(
      `{"type":"send","clientId":"${clientId}","body":"hello","__proto__":{"kind":"note","admin":true},"constructor":{"prototype":{"admin":true}}}`,
    )
    expect(await ack).toMatchObject({ clientId })
    expect(({} as { admin?: boolean }).admin).toBeUndefined()
    const nothing = socket.nextFrame('refuse')
    socket.raw('{"__proto__":{"type":"ping"}}')
    expect(code(await nothing)).toBe('unknown_type')
    await socket.close()
  })

  test('is neither echoed to its sender nor logged', async () => {
    const kept = keepLog()
    const { socket } = await enterVisitor(house.url, house.site.id)
    const marker = 'card 4111 1111 1111 1111'
    for (const frame of [
      `{"type":"${marker}"}`,
      `{${marker}`,
      JSON.stringify({ type: 'send', clientId: marker, body: marker }),
      JSON.stringify({ type: 'hello', token: marker }),
    ]) {
      const refused = socket.nextFrame('refuse')
      socket.raw(frame)
      await refused
    }
    kept.stop()
    expect(JSON.stringify(socket.frames)).not.toContain('4111')
    expect(kept.lines.join('\n')).not.toContain('4111')
    await socket.close()
  })

  test('of 10 MB ends that socket and nobody else’s', async () => {
    const neighbour = await enterVisitor(house.url, house.site.id)
    const { socket } = await enterVisitor(house.url, house.site.id)
    socket.raw('x'.repeat(10 * 1024 * 1024))
    await socket.closed
    await neighbour.socket.ping()
    expect((await neighbour.socket.send({ clientId: newClientId(), body: 'undisturbed' })).outcome).toBe('ok')
    await neighbour.socket.close()
  })

  test('that is not UTF-8, reserved or unmasked ends that socket alone', async () => {
    const bad = [
      clientFrame(new Uint8Array([0xff, 0xfe, 0xfd])),
      clientFrame('x', 3),
      Buffer.from([0x81, 0x01, 0x78]),
      clientFrame('x'.repeat(126), 9),
    ]
    for (const bytes of bad) {
      const wire = await openWire(house.url)
      wire.write(upgradeRequest(house.url, path))
      await wire.answer(/^HTTP\/1\.1 101/)
      wire.write(bytes)
      await wire.closed
    }
    await honestTurn(house.url, house.site.id)
  })
})

describe('a hello', () => {
  test('must come before all else', async () => {
    const socket = await VisitorSocket.connect(house.url, { silent: true })
    for (const frame of [
      { type: 'send', clientId: newClientId(), body: 'x' },
      { type: 'since', seq: 0 },
      { type: 'read', seq: 1 },
      { type: 'typing', text: 'x' },
      { type: 'ping' },
    ]) {
      const refused = socket.nextFrame('refuse')
      socket.say(frame)
      expect(code(await refused)).toBe('hello_first')
    }
    await socket.close()
  })

  test.each([
    [{ protocol: 2 }, 'unsupported_protocol'],
    [{ protocol: '1' }, 'unsupported_protocol'],
    [{ token: undefined }, 'token_invalid'],
    [{ token: { length: 10 } }, 'token_invalid'],
    [{ token: 'k1.' }, 'token_invalid'],
    [{ since: -1 }, 'bad_frame'],
    [{ conversationId: { toString: 'x' } }, 'conversation_unknown'],
  ])('with %j is refused, and a right one after it is heard', async (wrong, expected) => {
    const { visitorToken: token } = await session(house.url, house.site.id)
    const socket = await VisitorSocket.connect(house.url, { silent: true })
    const refused = socket.nextFrame('refuse')
    socket.hello({ token, hello: wrong })
    expect(code(await refused)).toBe(expected)
    const welcome = socket.nextFrame('welcome')
    socket.hello({ token })
    await welcome
    await socket.close()
  })

  test('twice does not turn one visitor into another', async () => {
    const first = await enterVisitor(house.url, house.site.id)
    const second = await enterVisitor(house.url, house.site.id)
    const written = await second.socket.send({ clientId: newClientId(), body: 'my address is Field Lane 2' })
    const refused = first.socket.nextFrame('refuse')
    first.socket.hello({ token: second.token, since: 0 })
    expect(code(await refused)).toBe('bad_frame')
    const own = (await first.socket.since(0)) as { conversationId: string | null }
    expect(own.conversationId).toBeNull()
    expect(written.outcome).toBe('ok')
    await Promise.all([first.socket.close(), second.socket.close()])
  })
})

describe('a flood on one socket', () => {
  test('of 10,000 pings is ended in words while a neighbour is answered', async () => {
    const { socket } = await enterVisitor(house.url, house.site.id)
    for (let i = 0; i < 10_000; i++) socket.say({ type: 'ping' })
    const [took] = await Promise.all([honestTurn(house.url, house.site.id), socket.closed])
    expect(took).toBeLessThan(10_000)
    expect(await socket.frame('bye')).toMatchObject({ code: 'rate_limited' })
    expect((await socket.closed).code).toBe(1013)
  })

  test('of 10,000 frames that are no JSON is ended in words', async () => {
    const { socket } = await enterVisitor(house.url, house.site.id)
    for (let i = 0; i < 10_000; i++) socket.raw('{')
    await Promise.all([honestTurn(house.url, house.site.id), socket.closed])
    expect(await socket.frame('bye')).toMatchObject({ code: 'rate_limited' })
  })

  test('before any hello is ended in words', async () => {
    const socket = await VisitorSocket.connect(house.url, { silent: true })
    for (let i = 0; i < 10_000; i++) socket.say({ type: 'send', clientId: 'x', body: 'x' })
    await Promise.all([honestTurn(house.url, house.site.id), socket.closed])
    expect(await socket.frame('bye')).toMatchObject({ code: 'rate_limited' })
  })

  test('of 10,000 repeats of one kept message is ended in words', async () => {
    const { socket } = await enterVisitor(house.url, house.site.id)
    const message = { clientId: newClientId(), body: 'once' }
    await socket.send(message)
    const stop = Date.now() + 5000
    // In steps, as they could come over a network: never more than the inbox holds.
    for (let i = 0; i < 100 && socket.open && Date.now() < stop; i++) {
      for (let k = 0; k < 100; k++) socket.say({ type: 'send', ...message })
      await Bun.sleep(5)
    }
    await socket.closed
    expect(await socket.frame('bye')).toMatchObject({ code: 'rate_limited' })
  })

  test('of 10,000 messages without waiting keeps each acknowledged one once, and a slower visitor’s all', async () => {
    const { token, socket } = await enterVisitor(house.url, house.site.id)
    const outcomes = Array.from({ length: 10_000 }, (_, i) => socket.send({ clientId: `m${i}`, body: `${i}` }))
    await honestTurn(house.url, house.site.id)
    const settled = await Promise.all(outcomes)
    const acked = settled.flatMap((outcome, i) => (outcome.outcome === 'ok' ? [i] : []))
    expect(acked.length).toBeLessThan(1500)
    const reader = await VisitorSocket.connect(house.url, { token })
    const bodies = await everything(reader)
    expect(new Set(bodies).size).toBe(bodies.length)
    expect(bodies.map(Number)).toEqual(bodies.map(Number).toSorted((a, b) => a - b))
    for (const i of acked) expect(bodies).toContain(`${i}`)
    await reader.close()
  })

  test('of frames a megabyte long while one is being kept does not pile up in memory', async () => {
    const { visitorToken: token } = await session(house.url, house.site.id)
    const gate = { ...createGate(readConfig({ data: house.folder }, {})), send: () => new Promise<never>(() => {}) }
    const socket = new ServerSocket(gate, sourceOf(new Request(house.url)), '203.0.113.5', 'en')
    const said: string[] = []
    const closes: number[] = []
    const ws = {
      send: (text: string) => said.push(text),
      getBufferedAmount: () => 0,
      close: (closed: number) => closes.push(closed),
    } as unknown as SocketOf
    socket.open(ws)
    socket.message(ws, JSON.stringify({ type: 'hello', protocol: 1, token }))
    socket.message(ws, JSON.stringify({ type: 'send', clientId: 'waits', body: 'x' }))
    await Bun.sleep(20)
    expect(said.some((text) => text.includes('"welcome"'))).toBe(true)
    for (let i = 0; i < 3; i++) socket.message(ws, 'x'.repeat(1024 * 1024 - 10))
    expect(JSON.parse(said.at(-1) ?? '')).toMatchObject({ type: 'bye', code: 'rate_limited' })
    expect(closes).toEqual([1013])
    socket.close()
  })
})

test('a visitor with more sockets than anybody has tabs is refused in words, and nobody else is', async () => {
  const { visitorToken: token } = await session(house.url, house.site.id)
  const open = await Promise.all(Array.from({ length: 50 }, () => VisitorSocket.connect(house.url, { token })))
  const silent = await VisitorSocket.connect(house.url, { silent: true })
  const refused = silent.frame('refuse')
  silent.hello({ token })
  expect(await refused).toMatchObject({ code: 'rate_limited', retryable: true, retryAfterMs: expect.any(Number) })
  await honestTurn(house.url, house.site.id)
  await Promise.all(open.map((socket) => socket.close()))
  const welcome = silent.frame('welcome')
  silent.hello({ token })
  await welcome
  await silent.close()
})

async function everything(socket: VisitorSocket): Promise<string[]> {
  const bodies: string[] = []
  for (let seq = 0; ; ) {
    const page = await socket.since(seq)
    bodies.push(...page.items.map(({ body }) => body))
    seq = page.to
    if (!page.more) return bodies
  }
}

test('a reader who does not read is closed, holds nobody up, and can resume', async () => {
  const { token, socket } = await enterVisitor(house.url, house.site.id)
  for (let i = 0; i < 20; i++) await socket.send({ clientId: `big${i}`, body: `${i}:`.padEnd(8000, '€') })
  await socket.close()
  const before = new Set(visitorSockets)
  const wire = await openWire(house.url)
  wire.write(upgradeRequest(house.url, path))
  await wire.answer(/^HTTP\/1\.1 101/)
  wire.socket.pause()
  wire.write(clientFrame(JSON.stringify({ type: 'hello', protocol: 1, token })))
  for (let i = 0; i < 290; i++) wire.write(clientFrame('{"type":"since","seq":0}'))
  const stuck = () => [...visitorSockets].filter((one) => !before.has(one)).length
  const giveUpAt = performance.now() + 20_000
  await Bun.sleep(20)
  while (stuck() > 0 && performance.now() < giveUpAt) await Bun.sleep(10)
  expect(stuck()).toBe(0)
  await honestTurn(house.url, house.site.id)
  wire.socket.destroy()
  const again = await VisitorSocket.connect(house.url, { token })
  expect((await everything(again)).length).toBe(20)
  await again.close()
})

describe('an agent’s window', () => {
  const asAgent = async () => {
    const { email } = await hire(`Anna${newClientId().slice(0, 6)}`)
    const client = new AgentClient(house.url)
    await client.signIn(email, password)
    return client
  }

  test('that does not read is closed, and the chat goes on', async () => {
    const client = await asAgent()
    const visitor = newVisitor(house.site.id)
    const say = (i: number) => sendMessage(visitor, { clientId: `m${i}`, body: `${i}:`.padEnd(8000, '€') })
    const { conversationId } = await say(0)
    const wire = await openWire(house.url)
    wire.write(upgradeRequest(house.url, '/live', { cookie: client.cookieHeader(), origin: house.url }))
    await wire.answer(/^HTTP\/1\.1 101/)
    wire.write(clientFrame(JSON.stringify({ type: 'watch', conversationId })))
    await wire.answer(/"watching"/)
    wire.socket.pause()
    for (let i = 1; i <= 800 && consoleSockets.size > 0; i += 20) {
      await Promise.all(Array.from({ length: 20 }, (_, k) => say(i + k)))
    }
    expect(consoleSockets.size).toBe(0)
    await honestTurn(house.url, house.site.id)
    wire.socket.destroy()
    const again = await client.live()
    again.watch(conversationId)
    await again.message((text) => text.includes('"watching"'))
    await again.close()
  })

  test('that sends megabytes, binary or thousands of frames is answered in words or closed, and nobody else is', async () => {
    const [flooder, neighbour] = [await asAgent(), await asAgent()]
    const calm = await neighbour.live()
    for (const flood of [
      () => 'x'.repeat(1024 * 1024 - 10),
      () => '{"type":"ping"}',
      () => `{"type":"watch","conversationId":${'['.repeat(30_000)}${']'.repeat(30_000)}}`,
    ]) {
      const live = await flooder.live()
      let open = true
      void live.closed.then(() => (open = false))
      while (open) {
        for (let i = 0; i < 300; i++) live.raw(flood())
        // What is on its way takes memory: no more is sent before there is an answer, or an end.
        await live.ping(30_000).catch(() => undefined)
      }
      expect((await live.closed).code).toBe(1013)
      await calm.ping()
    }
    await calm.close()
  })
})

test('a thousand sockets that vanish while they say hello leave nothing behind', async () => {
  const { visitorToken: token } = await session(house.url, house.site.id)
  const left = () => [watched(`visitor:${readVisitorToken(token).visitorId}`), visitorSockets.size]
  await eventually(left, [false, 0])
  for (let batch = 0; batch < 10; batch++) {
    const wires = await Promise.all(Array.from({ length: 100 }, () => openWire(house.url)))
    const hello = clientFrame(JSON.stringify({ type: 'hello', protocol: 1, token, since: 0 }))
    for (const wire of wires) wire.write(Buffer.concat([Buffer.from(upgradeRequest(house.url, path)), hello]))
    for (const [i, wire] of wires.entries()) {
      if (i % 2) await Bun.sleep(0)
      if (i % 3) wire.socket.destroy()
      else wire.socket.resetAndDestroy()
    }
  }
  // Connections are taken in turn: once this one is served, all of them have been.
  await honestTurn(house.url, house.site.id)
  await eventually(left, [false, 0])
  const again = await VisitorSocket.connect(house.url, { token })
  await again.close()
})

describe('a handshake that is none', () => {
  test.each([
    ['of another version', { 'sec-websocket-version': '8' }],
    ['without a key', { 'sec-websocket-key': '' }],
    ['for another protocol', { upgrade: 'h2c' }],
  ])('%s opens nothing', async (_, headers) => {
    const answer = await rawRequest(house.url, upgradeRequest(house.url, path, headers), 15_000)
    expect(statusOf(answer)).toBeGreaterThanOrEqual(400)
    expect(statusOf(answer)).toBeLessThan(500)
  })

  test('is not counted among the open sockets of its address', async () => {
    const headers = { 'x-forwarded-for': '203.0.113.77' }
    for (let batch = 0; batch < 21; batch++) {
      await Promise.all(Array.from({ length: 100 }, () => fetch(house.url + path, { headers }).then((r) => r.text())))
    }
    await honestTurn(house.url, house.site.id, headers)
  })
})

test('of 210 sockets from one address, where it may have 200, the others are refused in words, and another address still enters', async () => {
  await house.close()
  house = await openHouse({}, {}, { KONTUAR_LIMITS_SOCKETS_PER_IP: '200' })
  const crowd = { 'x-forwarded-for': '203.0.113.9' }
  const open: WebSocket[] = []
  const url = house.url.replace(/^http/, 'ws') + path
  for (let batch = 0; batch < 3; batch++) {
    const sockets = Array.from({ length: 70 }, () => new WebSocket(url, { headers: crowd } as unknown as string[]))
    open.push(...(await Promise.all(sockets.map(opened))).filter((one) => one !== null))
  }
  expect(open.length).toBe(200)
  const refused = await fetch(house.url + path, { headers: { ...crowd, 'accept-language': 'fr' } })
  expect(refused.status).toBe(429)
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  expect(await refused.json()).toMatchObject({ code: 'rate_limited', retryable: true, message: expect.any(String) })
  await honestTurn(house.url, house.site.id, { 'x-forwarded-for': '198.51.100.4' })
  // Whoever already talks may still be heard over HTTP.
  const { visitorToken: token } = await session(house.url, house.site.id, undefined, { headers: crowd })
  const outcome: Outcome = await sendOverHttp(house.url, token, {
    clientId: newClientId(),
    body: 'no socket left for me',
  })
  expect(outcome.outcome).toBe('ok')
  await Promise.all(open.map(closed))
  await honestTurn(house.url, house.site.id, crowd)
})

const opened = (socket: WebSocket) =>
  new Promise<WebSocket | null>((resolve) => {
    socket.onopen = () => resolve(socket)
    socket.onerror = () => {}
    socket.onclose = () => resolve(null)
  })

const closed = (socket: WebSocket) =>
  new Promise<void>((resolve) => {
    socket.onclose = () => resolve()
    if (socket.readyState === WebSocket.CLOSED) resolve()
    else socket.close()
  })
