import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, setDefaultTimeout, spyOn, test } from 'bun:test'
import { readConfig } from '../../src/config.ts'
import { createGate } from '../../src/features/widget/gate.ts'
import { createSite, type SiteRow } from '../../src/features/sites/index.ts'
import { write } from '../../src/platform/db/write.ts'
import { clientIp } from '../../src/platform/http/limits.ts'
import { Refusal } from '../../src/platform/lib/refuse.ts'
import { newVisitor } from '../support/cast.ts'
import { openHouse, type TestHouse } from '../support/house.ts'
import { newClientId, type Outcome, sendOverHttp, session, VisitorSocket } from '../support/visitor-client.ts'
import { enterVisitor, honestTurn } from './support.ts'

setDefaultTimeout(30_000)

let house: TestHouse
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house.close())

describe('the limits as they are shipped', () => {
  let clock = 1_000_000
  let held: { mockRestore(): void }
  beforeEach(() => {
    held = spyOn(performance, 'now').mockImplementation(() => clock)
  })
  afterEach(() => held.mockRestore())

  const shipped = () => createGate(readConfig({ data: house.folder }, {}))
  const message = () => ({ clientId: newClientId(), body: 'x' })
  const outcomeOf = (sent: Promise<unknown>): Promise<'ok' | Refusal> =>
    sent.then(
      () => 'ok' as const,
      (error: unknown) => {
        if (error instanceof Refusal) return error
        throw error
      },
    )

  test('never meet an office of a hundred behind one address, each writing five a second for half a minute', async () => {
    const gate = shipped()
    const people = Array.from({ length: 100 }, () => newVisitor(house.site.id))
    let refused = 0
    for (const _ of people) gate.admitSession('203.0.113.9')
    for (let step = 0; step < 150; step++) {
      const sent = people.map((person) => outcomeOf(gate.send(person, '203.0.113.9', message())))
      refused += (await Promise.all(sent)).filter((outcome) => outcome !== 'ok').length
      // Between two messages each of them types, and every twentieth second their windows ping.
      for (const person of people)
        for (let k = 0; k < 2; k++) refused += gate.keepsPace(person.visitorId, '203.0.113.9') ? 0 : 1
      clock += 200
    }
    expect(refused).toBe(0)
  })

  test('stop one visitor who writes ten times as fast, say for how long, and let them on when they waited', async () => {
    const gate = shipped()
    const [flooder, neighbour] = [newVisitor(house.site.id), newVisitor(house.site.id)]
    let ok = 0
    let refusal: Refusal | null = null
    for (let i = 0; i < 1500; i++) {
      const outcome = await outcomeOf(gate.send(flooder, '203.0.113.9', message()))
      if (outcome === 'ok') ok++
      else refusal = outcome
      clock += 20
    }
    expect(ok).toBeLessThanOrEqual(200 + 5 * 30)
    expect(refusal).toMatchObject({ code: 'rate_limited', retryable: true })
    // The same address, at the same moment.
    expect(await outcomeOf(gate.send(neighbour, '203.0.113.9', message()))).toBe('ok')
    clock += refusal?.retryAfterMs ?? 0
    expect(await outcomeOf(gate.send(flooder, '203.0.113.9', message()))).toBe('ok')
  })

  test('let nobody fill the disk: the longest messages at the fastest pace, from one visitor and from one address', async () => {
    const gate = shipped()
    const long = () => ({
      clientId: newClientId(),
      body: '€'.repeat(8000),
      page: { url: 'https://shop.example/', title: 'x' },
    })
    const perMessage = 24_022
    const seconds = 60
    const flooder = newVisitor(house.site.id)
    let bytes = 0
    for (let i = 0; i < seconds * 5; i++) {
      if ((await outcomeOf(gate.send(flooder, '203.0.113.9', long()))) === 'ok') bytes += perMessage
      clock += 200
    }
    expect(bytes).toBeLessThanOrEqual(1024 * 1024 + seconds * 8192)
    // Whoever writes by hand is not met, even from there.
    expect(await outcomeOf(gate.send(newVisitor(house.site.id), '203.0.113.9', message()))).toBe('ok')

    const crowd = Array.from({ length: 100 }, () => newVisitor(house.site.id))
    let kept = 0
    for (let i = 0; i < 40; i++) {
      const outcomes = await Promise.all(crowd.map((one) => outcomeOf(gate.send(one, '203.0.113.77', long()))))
      kept += outcomes.filter((outcome) => outcome === 'ok').length
    }
    expect(kept * perMessage).toBeLessThanOrEqual(64 * 1024 * 1024)
    const waits = await outcomeOf(gate.send(newVisitor(house.site.id), '203.0.113.77', long()))
    expect(waits).toMatchObject({ code: 'rate_limited', retryable: true })
    expect(await outcomeOf(gate.send(newVisitor(house.site.id), '203.0.113.78', long()))).toBe('ok')
  })

  test('acknowledge a repeat of what is kept, however fast its sender was', async () => {
    const gate = shipped()
    const visitor = newVisitor(house.site.id)
    const kept = message()
    const { ack } = await gate.send(visitor, '203.0.113.9', kept)
    for (let i = 0; i < 250; i++) await outcomeOf(gate.send(visitor, '203.0.113.9', message()))
    expect(await outcomeOf(gate.send(visitor, '203.0.113.9', message()))).toMatchObject({ code: 'rate_limited' })
    expect(await gate.send(visitor, '203.0.113.9', kept)).toEqual({ ack, late: true })
  })

  test('stop somebody who asks or frames faster than any window does, and nobody else', () => {
    const gate = shipped()
    let kept = 0
    for (let i = 0; i < 3000; i++) kept += gate.keepsPace('flooder', '203.0.113.9') ? 1 : 0
    expect(kept).toBe(300)
    expect(gate.keepsPace('neighbour', '203.0.113.9')).toBe(true)
    expect(() => {
      for (let i = 0; i < 61; i++) gate.admitAsk('flooder')
    }).toThrow('rate_limited')
    expect(() => gate.admitAsk('neighbour')).not.toThrow()
  })

  test('stop an address that invents visitors, and not the next address', () => {
    const gate = shipped()
    const invent = (ip: string, n: number) => {
      for (let i = 0; i < n; i++) gate.admitSession(ip)
    }
    expect(() => invent('203.0.113.9', 601)).toThrow('rate_limited')
    expect(() => invent('203.0.113.10', 600)).not.toThrow()
    clock += 60_000
    expect(() => invent('203.0.113.9', 600)).not.toThrow()
  })
})

describe('a crowd of visitors', () => {
  let small: TestHouse
  let bakery: SiteRow
  const env = {
    KONTUAR_LIMITS_IP_BURST: '20',
    KONTUAR_LIMITS_IP_PER_SECOND: '1',
    KONTUAR_LIMITS_SITE_BURST: '60',
    KONTUAR_LIMITS_SITE_PER_SECOND: '1',
  }
  // One process holds one store at a time.
  beforeAll(async () => {
    await house.close()
    small = await openHouse({}, {}, env)
    bakery = await write((tx) => createSite(tx, { name: 'Bakery' }))
  })
  afterAll(async () => {
    await small.close()
    house = await openHouse()
  })

  const from = (ip: string) => ({ 'x-forwarded-for': ip })
  const codes = (outcomes: Outcome[]) => outcomes.map((one) => (one.outcome === 'refused' ? one.code : one.outcome))

  /**
   * So many newcomers at once, each with a token, a socket and one message: what became of the messages, and how many an
   * address may have written meanwhile.
   */
  async function crowd(ips: string[], siteId: string): Promise<{ outcomes: string[]; most: number }> {
    const began = performance.now()
    const visitors = await Promise.all(ips.map((ip) => enterVisitor(small.url, siteId, from(ip))))
    const outcomes = await Promise.all(
      visitors.map(({ socket }) => socket.send({ clientId: newClientId(), body: 'x' })),
    )
    await Promise.all(visitors.map(({ socket }) => socket.close()))
    return { outcomes: codes(outcomes), most: 20 + Math.ceil((performance.now() - began) / 1000) }
  }
  const many = (n: number, ip: (i: number) => string) => Array.from({ length: n }, (_, i) => ip(i))
  const count = (outcomes: string[], code: string) => outcomes.filter((one) => one === code).length

  test('behind one address is held to the address’s pace, by socket and over HTTP alike; another address is not', async () => {
    const { outcomes, most } = await crowd(
      many(40, () => '203.0.113.1'),
      small.site.id,
    )
    expect(count(outcomes, 'ok')).toBeGreaterThanOrEqual(20)
    expect(count(outcomes, 'ok')).toBeLessThanOrEqual(most)
    expect(count(outcomes, 'rate_limited')).toBe(40 - count(outcomes, 'ok'))
    const { visitorToken: token } = await session(small.url, small.site.id, undefined, { headers: from('203.0.113.1') })
    const send = () =>
      fetch(`${small.url}/api/widget/v1/messages`, {
        method: 'POST',
        headers: { ...from('203.0.113.1'), authorization: `Bearer ${token}` },
        body: JSON.stringify({ clientId: newClientId(), body: 'x' }),
      })
    // Meanwhile a second may have passed, and with it one more may write.
    let answer = await send()
    for (let more = 0; more < 20 && answer.ok; more++) answer = await send()
    expect(answer.status).toBe(429)
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await answer.json()).toMatchObject({
      code: 'rate_limited',
      retryable: true,
      retryAfterMs: expect.any(Number),
    })
    await honestTurn(small.url, bakery.id, from('203.0.113.2'))
  })

  test('in one /64 is one, in as many addresses as it likes; the /64 beside it is another', async () => {
    const { outcomes, most } = await crowd(
      many(40, (i) => `2001:db8:0:7:${i.toString(16)}::${i + 1}`),
      bakery.id,
    )
    expect(count(outcomes, 'ok')).toBeLessThanOrEqual(most)
    await honestTurn(small.url, bakery.id, from('2001:db8:0:8::1'))
  })

  test('from everywhere is held to its site’s pace, and another site’s visitors write on', async () => {
    const { outcomes } = await crowd(
      many(90, (i) => `198.51.100.${i}`),
      small.site.id,
    )
    expect(count(outcomes, 'rate_limited')).toBeGreaterThan(20)
    const taken = await enterVisitor(small.url, bakery.id, from('198.51.100.200'))
    const outcome = await taken.socket.send({ clientId: newClientId(), body: 'two rolls' })
    expect(outcome.outcome).toBe('ok')
    await taken.socket.close()
  })

  test('that invents what stands left of the proxy’s word is still one address', async () => {
    const { outcomes, most } = await crowd(
      many(40, (i) => `10.9.8.${i}, 203.0.113.50`),
      bakery.id,
    )
    expect(count(outcomes, 'ok')).toBeLessThanOrEqual(most)
  })
})

describe('an address in X-Forwarded-For', () => {
  const at = (peer: string, forwarded: string, trusted: string[]) =>
    clientIp(
      new Request('http://kontuar.test/', { headers: { 'x-forwarded-for': forwarded } }),
      { requestIP: () => ({ address: peer }) },
      trusted,
    )

  const cases: [name: string, peer: string, forwarded: string, trusted: string[], expected: string][] = [
    ['counts not, from a peer nobody trusts', '198.51.100.7', '203.0.113.9', ['loopback'], '198.51.100.7'],
    ['counts not, when nobody is trusted', '127.0.0.1', '203.0.113.9', [], '127.0.0.1'],
    ['counts from the right', '127.0.0.1', '6.6.6.6, 203.0.113.9', ['loopback'], '203.0.113.9'],
    [
      'counts beyond the last proxy of ours',
      '127.0.0.1',
      '6.6.6.6, 203.0.113.9, 10.0.0.2',
      ['loopback', '10.0.0.0/8'],
      '203.0.113.9',
    ],
    ['cannot pretend to be a proxy further left', '127.0.0.1', '127.0.0.1, 203.0.113.9', ['loopback'], '203.0.113.9'],
    ['that is none leaves the proxy’s own', '127.0.0.1', 'unknown', ['loopback'], '127.0.0.1'],
    ['may carry a port', '127.0.0.1', '203.0.113.9:4711', ['loopback'], '203.0.113.9'],
    ['mapped into IPv6 is the IPv4 address', '127.0.0.1', '::ffff:203.0.113.9', ['loopback'], '203.0.113.9'],
    ['mapped in hexadecimal is the same', '127.0.0.1', '::ffff:cb00:7109', ['loopback'], '203.0.113.9'],
    ['counts from a mapped loopback', '::ffff:127.0.0.1', '203.0.113.9', ['loopback'], '203.0.113.9'],
    ['of IPv6 counts by its /64', '127.0.0.1', '2001:DB8:0:7::1%eth0', ['loopback'], '2001:db8:0:7::/64'],
    [
      'counts in a list without end',
      '127.0.0.1',
      `${'1.2.3.4,'.repeat(20_000)}203.0.113.9`,
      ['loopback'],
      '203.0.113.9',
    ],
  ]
  for (const [name, peer, forwarded, trusted, expected] of cases) {
    test(name, () => expect(at(peer, forwarded, trusted)).toBe(expected))
  }
})

test('a flood from one visitor on ten sockets leaves another’s ack fast and unrefused', async () => {
  const { visitorToken: token } = await session(house.url, house.site.id)
  const sockets = await Promise.all(
    Array.from({ length: 10 }, () => VisitorSocket.connect(house.url, { token, forget: true })),
  )
  let flooding = true
  const flood = async (socket: VisitorSocket) => {
    for (let i = 0; flooding && socket.open; i++) {
      socket.say({ type: 'send', clientId: newClientId(), body: 'x'.repeat(8000) })
      if (i % 20 === 0) await Bun.sleep(1)
    }
  }
  const floods = Promise.all(sockets.map(flood))
  const overHttp = Promise.all(
    Array.from({ length: 50 }, () =>
      sendOverHttp(house.url, token, { clientId: newClientId(), body: 'x'.repeat(8000) }),
    ),
  )
  const times: number[] = []
  for (let i = 0; i < 10; i++) times.push(await honestTurn(house.url, house.site.id))
  flooding = false
  await Promise.all([floods, overHttp])
  for (const socket of sockets) socket.terminate()
  // The middle one: what else the machine does holds up one of them now and then.
  expect(times.toSorted((a, b) => a - b)[5]).toBeLessThan(3000)
})

test('a house that trusts no proxy counts everybody by the address they come from', async () => {
  await house.close()
  house = await openHouse({ 'trusted-proxies': 'none' }, {}, { KONTUAR_LIMITS_SESSIONS_PER_MINUTE: '10' })
  const began = performance.now()
  const statuses = await Promise.all(
    Array.from({ length: 20 }, (_, i) =>
      session(house.url, house.site.id, undefined, { headers: { 'x-forwarded-for': `203.0.113.${i}` } }).then(
        () => 200,
        (error: Error) => (error.message.includes('rate_limited') ? 429 : 0),
      ),
    ),
  )
  const most = 10 + Math.ceil((performance.now() - began) / 6000)
  expect(statuses.filter((status) => status === 200).length).toBeLessThanOrEqual(most)
  expect(statuses.filter((status) => status === 0)).toEqual([])
  expect(statuses).toContain(429)
})
