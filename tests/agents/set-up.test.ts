import { afterEach, beforeEach, expect, test } from 'bun:test'
import { listAgents, setupLink } from '../../src/features/agents/index.ts'
import { listSites } from '../../src/features/sites/index.ts'
import { AgentClient } from '../support/agent-client.ts'
import { openHouse, type TestHouse } from '../support/house.ts'

let house: TestHouse
let link: URL
beforeEach(async () => {
  house = await openHouse()
  link = new URL((await setupLink(house.url)) ?? '')
})
afterEach(() => house.close())

const anna = { name: 'Anna', email: 'Anna@Shop.example', password: 'correct horse battery', shop: 'Spring Water' }
const token = () => link.searchParams.get('token') ?? ''

test('the set-up link makes an owner and the shop’s site, and signs the owner in', async () => {
  const client = new AgentClient(house.url)
  const page = await client.get(link.pathname + link.search)
  expect(page.status).toBe(200)
  const done = await client.request('POST', '/setup', { token: token(), ...anna }, { accept: 'text/html' })
  expect([done.status, done.location]).toEqual([303, '/settings/sites'])
  expect((await client.get('/inbox')).status).toBe(200)
  expect((await listAgents()).map(({ email, role }) => [email, role])).toEqual([['Anna@Shop.example', 'owner']])
  expect((await listSites()).map(({ name }) => name)).toContain('Spring Water')
})

test('of many who use the link at once exactly one becomes owner', async () => {
  const sitesBefore = (await listSites()).length
  const answers = await Promise.all(
    Array.from({ length: 8 }, (_, i) =>
      new AgentClient(house.url).request('POST', '/setup', { token: token(), ...anna, email: `anna${i}@shop.example` }),
    ),
  )
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  expect(answers.filter(({ json }) => json.code === 'set_up_done')).toHaveLength(7)
  expect(await listAgents()).toHaveLength(1)
  expect(await listSites()).toHaveLength(sitesBefore + 1)
})

test('a used link is dead, and a server with an owner gives no other', async () => {
  await new AgentClient(house.url).request('POST', '/setup', { token: token(), ...anna })
  const again = await new AgentClient(house.url).get(link.pathname + link.search, 'application/json')
  expect([again.status, again.json.code]).toEqual([410, 'set_up_done'])
  expect(await setupLink(house.url)).toBeNull()
  await house.reopen()
  expect(await setupLink(house.url)).toBeNull()
})

test('each start gives a new link and forgets the last one', async () => {
  await house.reopen()
  const newer = new URL((await setupLink(house.url)) ?? '')
  expect(newer.search).not.toBe(link.search)
  const client = new AgentClient(house.url)
  expect((await client.get(link.pathname + link.search, 'application/json')).json.code).toBe('set_up_link_invalid')
  expect((await client.get(newer.pathname + newer.search)).status).toBe(200)
})

test('a guessed or missing token is refused and nothing is made', async () => {
  for (const guess of ['', 'x', `${token().slice(0, -1)}!`]) {
    const answer = await new AgentClient(house.url).request('POST', '/setup', { token: guess, ...anna })
    expect([answer.status, answer.json.code]).toEqual([403, 'set_up_link_invalid'])
  }
  expect(await listAgents()).toEqual([])
})

test.each([
  [{ password: 'short' }, 'password_too_short'],
  [{ password: 'x'.repeat(201) }, 'password_too_long'],
  [{ password: 'ANNA@shop.example' }, 'password_is_email'],
  [{ email: 'no address' }, 'email_invalid'],
  [{ email: 'a@b\r\nBcc: x@y' }, 'email_invalid'],
  [{ name: ' ' }, 'name_missing'],
  [{ shop: '' }, 'name_missing'],
])('set-up with %p is refused, and the link stays good', async (wrong, code) => {
  const client = new AgentClient(house.url)
  const refused = await client.request('POST', '/setup', { token: token(), ...anna, ...wrong })
  expect(refused.json.code).toBe(code)
  const page = await client.request('POST', '/setup', { token: token(), ...anna, ...wrong }, { accept: 'text/html' })
  expect(page.status).toBeGreaterThanOrEqual(400)
  expect(page.text).toContain('role="alert"')
  expect(page.text).not.toContain(anna.password)
  expect((await client.request('POST', '/setup', { token: token(), ...anna })).status).toBe(200)
})

test('the page of the link tells nobody its address and is not kept', async () => {
  const response = await fetch(link)
  expect(response.headers.get('referrer-policy')).toBe('no-referrer')
  expect(response.headers.get('cache-control')).toBe('no-store')
  expect(await response.text()).not.toContain('<script')
})
