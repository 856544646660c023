import { afterAll, beforeAll, expect, test, spyOn } from 'bun:test'
import { passwordLoad } from '../../src/features/agents/passwords.ts'
import { agentSessions } from '../../src/features/agents/schema.ts'
import { throttleSignIn } from '../../src/features/agents/sign-in.ts'
import { db } from '../../src/platform/db/open.ts'
import { AgentClient } from '../support/agent-client.ts'
import { hire, password } from '../support/cast.ts'
import { openHouse, type TestHouse } from '../support/house.ts'

let house: TestHouse
beforeAll(async () => {
  // The addresses of these tests come through X-Forwarded-For, so from elsewhere, and over http.
  house = await openHouse({ 'insecure-http': true })
  await hire('Anna')
})
afterAll(() => house.close())

const email = 'anna@shop.test'

/** Forty passwords are compared before the last of a flood is answered: however slow the machine, nobody gives up meanwhile. */
function patient(): AgentClient {
  const client = new AgentClient(house.url)
  client.timeoutMs = 60_000
  return client
}

const attempt = (fields: Record<string, string>, headers: Record<string, string> = {}) =>
  patient().request('POST', '/sign-in', fields, headers)

test('an agent signs in by e-mail, however it is capitalised, and password', async () => {
  const anna = new AgentClient(house.url)
  await anna.signIn('ANNA@Shop.Test', password)
  expect((await anna.get('/inbox')).status).toBe(200)
})

test('every sign-in gives a new token, and the old one of that browser is dead', async () => {
  const anna = new AgentClient(house.url)
  await anna.signIn(email, password)
  const before = new AgentClient(house.url)
  for (const [name, value] of anna.cookies) before.cookies.set(name, value)
  expect((await before.get('/session')).status).toBe(200)
  await anna.request('POST', '/sign-in', { email, password })
  expect(anna.cookies.get('kontuar')).not.toBe(before.cookies.get('kontuar'))
  expect((await anna.get('/session')).status).toBe(200)
  expect((await before.get('/session', 'application/json')).json.code).toBe('sign_in_needed')
})

test('a token that was planted before the sign-in is not the one after it', async () => {
  const anna = new AgentClient(house.url)
  anna.cookies.set('kontuar', 'planted')
  await anna.request('POST', '/sign-in', { email, password })
  expect(anna.cookies.get('kontuar')).not.toBe('planted')
})

test('only a hash of the token is kept', async () => {
  const anna = new AgentClient(house.url)
  await anna.signIn(email, password)
  const rows = JSON.stringify(await db.select().from(agentSessions))
  expect(rows).not.toContain(anna.cookies.get('kontuar') ?? '-')
})

test('an unknown e-mail, a wrong password and none at all are told in the same words', async () => {
  const answers = await Promise.all([
    attempt({ email: 'nobody@shop.test', password: 'wrong but long' }),
    attempt({ email, password: 'wrong but long' }),
    attempt({ email, password: 'x'.repeat(5000) }),
    attempt({ email: '', password: '' }),
    attempt({}),
  ])
  expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1)
  expect(answers[0]?.status).toBe(401)
})

test('an unknown e-mail costs the same work as a wrong password', async () => {
  throttleSignIn(false)
  const verify = spyOn(Bun.password, 'verify')
  try {
    for (const who of [email, 'nobody@shop.test']) await attempt({ email: who, password: 'wrong but long' })
    const calls = verify.mock.calls as unknown as [string, string][]
    const compared = calls.map(([password, hash]) => `${password} ${hash.split('$').slice(0, 4).join('$')}`)
    expect(compared).toHaveLength(2)
    expect(compared[0]).toStartWith('wrong but long $argon2id$v=19$m=')
    expect(compared[1]).toBe(compared[0]!)
  } finally {
    verify.mockRestore()
  }
})

test('at most two passwords are hashed at once, and a flood of sign-ins is refused as busy', async () => {
  throttleSignIn(false)
  let most = 0
  const watching = setInterval(() => {
    most = Math.max(most, passwordLoad().running)
  }, 1)
  const answers = await Promise.all(
    Array.from({ length: 70 }, (_, i) => attempt({ email: `nobody${i}@shop.test`, password: 'wrong but long' })),
  )
  clearInterval(watching)
  expect(most).toBeGreaterThan(0)
  expect(most).toBeLessThanOrEqual(2)
  const busy = answers.filter(({ json }) => json.code === 'busy')
  expect(busy.length).toBeGreaterThan(0)
  expect(busy.every(({ json }) => json.retryable === true)).toBe(true)
  expect(answers.filter(({ status }) => status === 401).length + busy.length).toBe(70)
  expect(passwordLoad()).toEqual({ running: 0, waiting: 0 })
}, 60_000)

test('a flood of sign-ins keeps nobody out whose browser has signed in before', async () => {
  throttleSignIn(false)
  const anna = patient()
  await anna.signIn(email, password)
  await anna.signOut()
  const flood = Array.from({ length: 70 }, (_, i) =>
    attempt({ email: `nobody${i}@shop.test`, password: 'wrong but long' }),
  )
  const entered = anna.request('POST', '/sign-in', { email, password })
  const answers = await Promise.all(flood)
  expect(answers.filter(({ json }) => json.code === 'busy').length).toBeGreaterThan(0)
  expect((await entered).status).toBe(200)
}, 60_000)

test('guessing is slowed down for the account, but not for the browser that has signed in before', async () => {
  throttleSignIn(true)
  const anna = new AgentClient(house.url)
  await anna.signIn(email, password)
  await anna.signOut()
  const guesses = []
  for (let i = 0; i < 12; i++) {
    guesses.push(await attempt({ email, password: `guess number ${i}` }, { 'x-forwarded-for': `203.0.113.${i}` }))
  }
  expect(guesses.at(-1)?.json.code).toBe('sign_in_throttled')
  expect(guesses.at(-1)?.json.retryAfterMs).toBeGreaterThan(0)
  const right = await attempt({ email, password }, { 'x-forwarded-for': '203.0.113.77' })
  expect(right.json.code).toBe('sign_in_throttled')
  expect((await anna.request('POST', '/sign-in', { email, password })).status).toBe(200)
})

test('guessing from one address over many accounts is slowed down; X-Forwarded-For is believed from the proxy alone', async () => {
  throttleSignIn(true)
  const codes = new Set<unknown>()
  for (let i = 0; i < 70; i += 10) {
    const batch = Array.from({ length: 10 }, (_, j) =>
      attempt(
        { email: `nobody${i + j}@shop.test`, password: 'wrong but long' },
        { 'x-forwarded-for': `6.6.6.${i + j}, 198.51.100.9` },
      ),
    )
    for (const { json } of await Promise.all(batch)) codes.add(json.code)
  }
  expect(codes).toContain('sign_in_throttled')
  throttleSignIn(true)
}, 60_000)

test('a forged device cookie opens no bucket of its own', async () => {
  throttleSignIn(true)
  let last = ''
  for (let i = 0; i < 12; i++) {
    const guesser = new AgentClient(house.url)
    guesser.cookies.set('kontuar-device', `nonce${i}.AAAA`)
    last = String((await guesser.request('POST', '/sign-in', { email, password: `guess number ${i}` })).json.code)
  }
  expect(last).toBe('sign_in_throttled')
  throttleSignIn(true)
})

test('after the sign-in nobody is led to another site', async () => {
  for (const next of ['https://evil.example/', '//evil.example', '/\\evil.example', 'javascript:alert(1)', '']) {
    const answer = await new AgentClient(house.url).request(
      'POST',
      '/sign-in',
      { email, password, next },
      { accept: 'text/html' },
    )
    expect([next, answer.location]).toEqual([next, '/inbox'])
  }
  const asked = await new AgentClient(house.url).request(
    'POST',
    '/sign-in',
    { email, password, next: '/c/1?folder=active' },
    { accept: 'text/html' },
  )
  expect(asked.location).toBe('/c/1?folder=active')
})
