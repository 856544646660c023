import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { disableAgent } from '../../src/features/agents/index.ts'
import { findSite } from '../../src/features/sites/index.ts'
import { AgentClient } from '../support/agent-client.ts'
import { hire, password } from '../support/cast.ts'
import { openHouse, type TestHouse } from '../support/house.ts'
import { atConsole, type Boris, visitorWrites } from './stage.ts'

let house: TestHouse
let anna: AgentClient
let clara: AgentClient
let olga: AgentClient
let boris: Boris

beforeAll(async () => {
  house = await openHouse()
  anna = await atConsole(house, 'Anna', 'agent')
  clara = await atConsole(house, 'Clara', 'admin')
  olga = await atConsole(house, 'Olga', 'owner')
  boris = await visitorWrites(house, 'Hello')
})
afterAll(() => house.close())

type Route = [method: string, path: string, form?: Record<string, string>]
const reading = (): Route[] => [
  ['GET', '/inbox'],
  ['GET', '/inbox/rows?folder=waiting'],
  ['GET', '/inbox/rows?folder=waiting&unread=1'],
  ['GET', `/c/${boris.conversationId}`],
  ['GET', `/c/${boris.conversationId}/entries?after=0`],
  ['GET', `/c/${boris.conversationId}/actions`],
  ['GET', '/account'],
  ['GET', '/session'],
  ['GET', '/inbox/unread'],
  ['GET', '/palette?q=a'],
  ['GET', '/dialogs/keys'],
  ['GET', '/dialogs/notices'],
]
const changing = (): Route[] => [
  ['PUT', `/c/${boris.conversationId}/take`],
  ['POST', `/c/${boris.conversationId}/messages`, { clientId: crypto.randomUUID(), body: 'Hello' }],
  ['PUT', `/c/${boris.conversationId}/read`, { seq: '1' }],
  ['PUT', `/c/${boris.conversationId}/closure`],
  ['DELETE', `/c/${boris.conversationId}/closure`],
  ['POST', '/account/locale', { locale: '' }],
  ['POST', '/account/theme', { theme: '' }],
  ['PUT', '/account/theme', { theme: '' }],
  ['POST', '/inbox/read-all?folder=waiting'],
  ['DELETE', `/inbox/read-all/${boris.conversationId}`],
  ['PUT', '/account/away'],
  ['DELETE', '/account/away'],
]
const managing = (): Route[] => [
  ['DELETE', `/settings/sites/${house.site.id}/chat`],
  ['PUT', `/settings/sites/${house.site.id}/chat`],
]
const managingPages = (): Route[] => [
  ['GET', '/settings/sites'],
  ['GET', '/settings/chat'],
  ['GET', `/settings/sites/${house.site.id}`],
  ['GET', '/settings/installation'],
  ['GET', '/settings/search'],
  ['GET', '/settings/changes?page=chat'],
]
const everything = () => [...reading(), ...changing(), ...managing(), ...managingPages()]

const lastSeq = async () =>
  (await olga.get(`/c/${boris.conversationId}/entries?after=0`, 'application/json')).json.lastSeq

describe('who may what', () => {
  test('whoever is not signed in is let in nowhere, and nothing changes', async () => {
    const before = await lastSeq()
    const stranger = new AgentClient(house.url)
    const forger = new AgentClient(house.url)
    forger.cookies.set('kontuar', 'A'.repeat(43))
    for (const [method, path, form] of everything()) {
      for (const nobody of [stranger, forger]) {
        const asJson = await nobody.request(method, path, form)
        expect([path, asJson.status, asJson.json.code]).toEqual([path, 401, 'sign_in_needed'])
      }
      const asPage = await stranger.request(method, path, form, { accept: 'text/html' })
      expect([path, asPage.status, asPage.location?.split('?')[0]]).toEqual([path, 303, '/sign-in'])
      const asHtmx = await stranger.request(method, path, form, { accept: 'text/html', 'hx-request': 'true' })
      expect([path, asHtmx.status]).toEqual([path, 401])
    }
    expect(await lastSeq()).toBe(before)
    expect((await findSite(house.site.id))?.chatEnabled).toBe(true)
  })

  test('after the sign-in the browser comes back to the page it asked for', async () => {
    const stranger = new AgentClient(house.url)
    const { location } = await stranger.get('/c/1?folder=active')
    expect(location).toBe(`/sign-in?next=${encodeURIComponent('/c/1?folder=active')}`)
  })

  test('a disabled agent is let in nowhere', async () => {
    const { agentId, email } = await hire('Egor')
    const egor = new AgentClient(house.url)
    await egor.signIn(email, password)
    expect((await egor.get('/inbox')).status).toBe(200)
    await disableAgent({ agentId: 'system', role: 'owner' }, agentId)
    for (const [method, path, form] of everything()) {
      expect([path, (await egor.request(method, path, form)).status]).toEqual([path, 401])
    }
  })

  test('agents of every role read and answer', async () => {
    for (const agent of [anna, clara, olga]) {
      for (const [method, path, form] of [
        ...reading(),
        ['PUT', `/c/${boris.conversationId}/read`, { seq: '1' }] as Route,
      ]) {
        expect([path, (await agent.request(method, path, form)).status]).toEqual([path, 200])
      }
    }
  })

  test('only owner and admin see and switch the sites; an agent is told so in words', async () => {
    for (const [method, path] of [...managing(), ...managingPages()]) {
      const refused = await anna.request(method, path)
      expect([path, refused.status, refused.json.code]).toEqual([path, 403, 'forbidden'])
      expect((await anna.request(method, path, undefined, { accept: 'text/html' })).text).toContain(
        'Ask the owner or an admin',
      )
      for (const agent of [clara, olga]) {
        expect([path, (await agent.request(method, path)).status]).toEqual([path, 200])
      }
    }
    expect((await anna.get('/inbox')).text).not.toContain('/settings')
    expect((await clara.get('/inbox')).text).toContain('href="/settings"')
  })

  test('the switch turns the chat off and on, and a site that does not exist is not found', async () => {
    expect((await clara.switchChat(house.site.id, false)).json).toMatchObject({ chatEnabled: false })
    expect((await clara.get('/settings/sites')).text).toContain('The chat is off')
    expect((await clara.switchChat(house.site.id, true)).json).toMatchObject({ chatEnabled: true })
    for (const unknown of [crypto.randomUUID(), 'x']) {
      expect((await clara.switchChat(unknown, false)).status).toBe(404)
    }
  })
})

describe('requests from other sites', () => {
  const foreign: Record<string, string>[] = [
    { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' },
    { 'sec-fetch-site': 'same-site', origin: 'https://evil.shop.example' },
    { 'sec-fetch-site': 'cross-site' },
    { origin: 'https://evil.example' },
    { origin: 'null' },
  ]

  async function ask(method: string, path: string, headers: Record<string, string>, body?: string) {
    const response = await fetch(house.url + path, {
      method,
      redirect: 'manual',
      headers: { accept: 'application/json', cookie: olga.cookieHeader(), ...headers },
      ...(body === undefined ? {} : { body }),
    })
    return { status: response.status, code: ((await response.json()) as { code?: string }).code }
  }

  test('every request that changes something is refused from a foreign page, as form, as text and as JSON', async () => {
    const before = await lastSeq()
    const routes: Route[] = [
      ...changing(),
      ...managing(),
      ['POST', '/sign-out'],
      ['POST', '/sign-in', { email: 'olga@shop.test', password }],
      ['POST', '/setup', { token: 'x' }],
    ]
    for (const [method, path, form] of routes) {
      for (const headers of foreign) {
        for (const type of ['application/x-www-form-urlencoded', 'text/plain', 'application/json']) {
          const body = type.startsWith('application/x') ? `${new URLSearchParams(form)}` : JSON.stringify(form ?? {})
          const { status, code } = await ask(method, path, { ...headers, 'content-type': type }, body)
          expect([method, path, headers, status, code]).toEqual([method, path, headers, 403, 'cross_site'])
        }
      }
    }
    expect(await lastSeq()).toBe(before)
    expect((await olga.get('/session')).status).toBe(200)
  })

  test('our own pages, and programs that are no browser, are let through', async () => {
    const own: Record<string, string>[] = [
      { 'sec-fetch-site': 'same-origin', origin: house.url },
      { origin: house.url },
      { 'sec-fetch-site': 'none' },
      {},
    ]
    for (const headers of own) {
      expect((await ask('PUT', `/c/${boris.conversationId}/read`, headers, 'seq=1')).status).toBe(400)
      const form = { ...headers, 'content-type': 'application/x-www-form-urlencoded' }
      expect((await ask('PUT', `/c/${boris.conversationId}/read`, form, 'seq=1')).status).toBe(200)
    }
  })

  test('no GET changes anything', async () => {
    const before = await lastSeq()
    for (const [, path] of [...changing(), ...managing()]) {
      expect([path, (await olga.get(path)).status]).toEqual([path, 404])
    }
    expect((await olga.get('/sign-out')).status).toBe(404)
    expect(await lastSeq()).toBe(before)
    expect((await olga.get('/session')).status).toBe(200)
  })
})

test('every page runs under a policy without inline code and eval, in nobody’s frame, and is not kept', async () => {
  const pages = ['/inbox', `/c/${boris.conversationId}`, '/settings/sites', '/account', '/sign-in', '/c/nothing']
  for (const path of pages) {
    const cookie = path === '/sign-in' ? '' : olga.cookieHeader()
    const response = await fetch(house.url + path, { headers: { cookie, accept: 'text/html' } })
    const policy = response.headers.get('content-security-policy') ?? ''
    expect(policy).not.toMatch(/unsafe-|\*|https?:/)
    for (const part of [
      "default-src 'none'",
      "script-src 'self'",
      "object-src 'none'",
      "base-uri 'none'",
      "frame-ancestors 'none'",
    ]) {
      expect(policy).toContain(part)
    }
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(response.headers.get('referrer-policy')).toBeTruthy()
    const html = await response.text()
    expect(html).not.toMatch(/<style|style=|<script(?![^>]*\bsrc=)|\son[a-z]+=|hx-on/i)
  }
})

test('a failure that is a bug answers with an id and nothing else', async () => {
  const long = 'x'.repeat(200_000)
  const tooMuch = await olga.request('POST', `/c/${boris.conversationId}/messages`, { clientId: 'a', body: long })
  expect([tooMuch.status, tooMuch.json.code]).toEqual([413, 'too_large'])
  const response = await fetch(`${house.url}/c/${boris.conversationId}/messages`, {
    method: 'POST',
    headers: { cookie: olga.cookieHeader(), accept: 'application/json', 'content-type': 'application/json' },
    body: '{"__proto__":{"role":"owner"},"clientId":{"toString":1},"body":["x"]}',
  })
  expect(response.status).toBe(400)
  expect(JSON.stringify(await response.json())).not.toMatch(/stack|node_modules|\.ts/)
})
