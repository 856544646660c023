import { afterAll, beforeAll, expect, setDefaultTimeout, spyOn, test } from 'bun:test'
import { changePassword, disableAgent } from '../../src/features/agents/index.ts'
import { findSession } from '../../src/features/agents/sessions.ts'
import { signIn } from '../../src/features/agents/sign-in.ts'
import { AgentClient } from '../support/agent-client.ts'
import { hire, password } from '../support/cast.ts'
import { openHouse, type TestHouse } from '../support/house.ts'
import { newClientId } from '../support/visitor-client.ts'
import { enterVisitor } from './support.ts'

setDefaultTimeout(30_000)

let house: TestHouse
let olga: Awaited<ReturnType<typeof hire>>
const byOwner = () => ({ agentId: olga.agentId, role: 'owner' as const })

beforeAll(async () => {
  house = await openHouse({ 'no-limits': true })
  olga = await hire('Olga', 'owner')
})
afterAll(() => house.close())

const tryIn = (email: string, given: string) =>
  signIn({ email, password: given, ip: '203.0.113.9', device: null, oldToken: null }).then(
    ({ token }) => token,
    () => null,
  )

/** Has something happen just after the next password was found to be right, before its session is opened. */
function afterTheNextComparison(happens: () => Promise<void>): { mockRestore(): void } {
  const { verify } = Bun.password
  const spy = spyOn(Bun.password, 'verify').mockImplementation(async (...given: Parameters<typeof verify>) => {
    spy.mockRestore()
    const right = await verify(...given)
    await happens()
    return right
  })
  return spy
}

test('a sign-in that was under way while the password was changed opens no session', async () => {
  const { agentId, email } = await hire('Raced')
  afterTheNextComparison(() => changePassword(byOwner(), agentId, 'another horse battery'))
  expect(await tryIn(email, password)).toBeNull()
  expect(await tryIn(email, password)).toBeNull()
  expect((await findSession(await tryIn(email, 'another horse battery')))?.who.agentId).toBe(agentId)
})

test('a sign-in that was under way while the agent was shut out opens no session', async () => {
  const { agentId, email } = await hire('Shut')
  afterTheNextComparison(() => disableAgent(byOwner(), agentId))
  expect(await tryIn(email, password)).toBeNull()
})

test('fifty log-ins at once do not hold up the chat, and those that wait too long are told to come again', async () => {
  const { socket } = await enterVisitor(house.url, house.site.id)
  const began = performance.now()
  const attempts = Promise.all(
    Array.from({ length: 50 }, (_, i) => {
      const client = new AgentClient(house.url)
      client.timeoutMs = 60_000
      return client.request('POST', '/sign-in', { email: `nobody${i}@shop.test`, password: 'x'.repeat(20) })
    }),
  )
  const times: number[] = []
  let running = true
  let lastedMs = 0
  void attempts.then(() => {
    running = false
    lastedMs = performance.now() - began
  })
  while (running || times.length < 5) {
    const from = performance.now()
    const { outcome } = await socket.send({ clientId: newClientId(), body: 'still there?' })
    expect(outcome).toBe('ok')
    times.push(performance.now() - from)
  }
  times.sort((a, b) => a - b)
  const statuses = (await attempts).map(({ status }) => status)
  // Whoever waited behind them would wait about as long as they last.
  expect(times[Math.floor(times.length / 2)]).toBeLessThan(Math.max(250, lastedMs / 4))
  expect(statuses.every((status) => status === 401 || status === 503)).toBe(true)
  expect(statuses).toContain(401)
  await socket.close()
})

test('credentials of every shape but two texts are refused alike, and none is an error', async () => {
  const shapes: unknown[] = [
    null,
    7,
    true,
    [],
    ['olga@shop.test'],
    { $ne: null },
    { toString: 'x' },
    '',
    '\0',
    'x'.repeat(100_000),
    'a\ud83d',
    '%',
    '*',
  ]
  for (const shape of shapes) {
    for (const body of [
      { email: shape, password },
      { email: 'olga@shop.test', password: shape },
      { email: shape, password: shape },
    ]) {
      const answer = await fetch(`${house.url}/sign-in`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json' },
        body: JSON.stringify(body),
      })
      expect(answer.status === 401 || answer.status === 413).toBe(true)
      expect(answer.headers.getSetCookie().filter((line) => /kontuar=[^;]/.test(line))).toEqual([])
    }
  }
})

test('a session is carried by its cookie alone', async () => {
  const client = new AgentClient(house.url)
  await client.signIn('olga@shop.test', password)
  const token = client.cookies.get('kontuar') ?? ''
  expect((await client.get('/session')).status).toBe(200)
  const ways: [string, Record<string, string>][] = [
    [`/session?kontuar=${token}`, {}],
    [`/session?token=${token}`, {}],
    ['/session', { authorization: `Bearer ${token}` }],
    ['/session', { 'x-session': token, 'x-kontuar': token }],
    ['/session', { cookie: `Kontuar=${token}; kontuar2=${token}; __Host-kontuar=${token}; session=${token}` }],
    ['/session', { cookie: `a="kontuar=${token}"` }],
    ['/session', { cookie: `kontuar=${token}x` }],
    ['/session', { cookie: `kontuar=${token.slice(0, -1)}` }],
    ['/session', { cookie: `kontuar=${token.toLowerCase()}` }],
  ]
  for (const [path, headers] of ways) {
    const { status } = await fetch(house.url + path, {
      headers: { accept: 'application/json', ...headers },
      redirect: 'manual',
    })
    expect([path, headers, status]).toEqual([path, headers, 401])
  }
})

test('what a request says of its host leads nobody away', async () => {
  const said = {
    host: 'evil.example',
    'x-forwarded-host': 'evil.example',
    'x-original-url': '/evil',
    forwarded: 'host=evil.example',
  }
  for (const [method, path] of [
    ['GET', '/'],
    ['GET', '/inbox'],
    ['POST', '/sign-out'],
    ['GET', '/account'],
  ] as const) {
    const answer = await fetch(house.url + path, { method, headers: said, redirect: 'manual' })
    expect([path, answer.headers.get('location')]).toEqual([path, expect.stringMatching(/^\/(?!\/)/)])
  }
})
