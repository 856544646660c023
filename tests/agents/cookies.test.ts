import { afterAll, beforeAll, expect, test } from 'bun:test'
import { AgentClient } from '../support/agent-client.ts'
import { hire, password } from '../support/cast.ts'
import { openHouse, type TestHouse } from '../support/house.ts'

let house: TestHouse
beforeAll(async () => {
  house = await openHouse()
  await hire('Anna')
})
afterAll(() => house.close())

const signIn = (headers: Record<string, string> = {}, at = house.url) =>
  fetch(`${at}/sign-in`, {
    method: 'POST',
    redirect: 'manual',
    headers,
    body: new URLSearchParams({ email: 'anna@shop.test', password }),
  })

const cookieOf = (response: Response) => response.headers.getSetCookie().find((line) => /kontuar=/.test(line)) ?? ''

test('over http on this machine the cookie is plain, HttpOnly and SameSite', async () => {
  expect(cookieOf(await signIn())).toMatch(/^kontuar=[\w-]{43}; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Lax$/)
})

test('behind a trusted proxy that speaks https the cookie is __Host- and Secure', async () => {
  const cookie = cookieOf(await signIn({ 'x-forwarded-proto': 'https', 'x-forwarded-for': '203.0.113.9' }))
  expect(cookie).toMatch(/^__Host-kontuar=[\w-]{43}; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Lax; Secure$/)
})

test('over https a plain cookie, which a neighbour could have planted, is not read', async () => {
  const anna = new AgentClient(house.url)
  await anna.signIn('anna@shop.test', password)
  expect((await anna.get('/session', 'application/json')).status).toBe(200)
  const overHttps = await fetch(`${house.url}/session`, {
    headers: { accept: 'application/json', cookie: anna.cookieHeader(), 'x-forwarded-proto': 'https' },
  })
  expect(overHttps.status).toBe(401)
})

test.each([
  ['by name', { host: 'chat.shop.example' }],
  ['through a proxy that speaks http', { 'x-forwarded-for': '203.0.113.9' }],
])('over http from elsewhere, %s, a sign-in is refused with the cure', async (_, headers) => {
  const refused = await signIn({ ...headers, accept: 'text/html' } as Record<string, string>)
  expect(refused.status).toBe(403)
  expect(refused.headers.getSetCookie()).toEqual([])
  const text = await refused.text()
  for (const cure of ['--public-url', '--tls-cert', '--insecure-http']) expect(text).toContain(cure)
  const page = await fetch(`${house.url}/sign-in`, { headers: headers as Record<string, string> })
  expect(page.status).toBe(403)
})

test('--insecure-http accepts the risk, and a public https URL settles it', async () => {
  for (const [flags, cookie] of [
    [{ 'insecure-http': true as const }, /^kontuar=/],
    [{ 'public-url': 'https://chat.shop.example' }, /^__Host-kontuar=/],
  ] as const) {
    await house.close()
    house = await openHouse(flags)
    await hire('Anna')
    expect(cookieOf(await signIn({ host: 'chat.shop.example' }))).toMatch(cookie)
  }
})

test('X-Forwarded-Proto of a stranger is not believed', async () => {
  await house.close()
  house = await openHouse({ 'trusted-proxies': 'none' })
  await hire('Anna')
  expect(cookieOf(await signIn({ 'x-forwarded-proto': 'https' }))).toMatch(/^kontuar=/)
})
