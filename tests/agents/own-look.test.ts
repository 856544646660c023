import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { atConsole } from '../inbox/stage.ts'
import { AgentClient } from '../support/agent-client.ts'
import { password } from '../support/cast.ts'
import { openHouse, type TestHouse } from '../support/house.ts'

let house: TestHouse
let anna: AgentClient
let ewa: AgentClient

beforeAll(async () => {
  house = await openHouse({ 'no-limits': true })
  anna = await atConsole(house, 'Anna')
  ewa = await atConsole(house, 'Ewa')
})
afterAll(() => house.close())

const pages = ['/inbox', '/c/nothing', '/account']
const htmlOf = async (agent: AgentClient, path: string) => /<html[^>]*>/.exec((await agent.get(path)).text)?.[0] ?? ''

describe('the look', () => {
  beforeEach(async () => {
    await anna.request('PUT', '/account/theme', { theme: '' })
  })

  test.each(['light', 'dark'])(
    '%s stands in the first byte of every page, for whoever has chosen it alone',
    async (theme) => {
      expect((await anna.request('PUT', '/account/theme', { theme })).status).toBe(204)
      for (const path of pages) {
        expect([path, await htmlOf(anna, path)]).toEqual([path, expect.stringContaining(`data-theme="${theme}"`)])
        expect(await htmlOf(ewa, path)).not.toContain('data-theme')
      }
    },
  )

  test('goes with the agent into another browser, and back to the system', async () => {
    await anna.request('PUT', '/account/theme', { theme: 'dark' })
    const elsewhere = new AgentClient(house.url)
    await elsewhere.signIn('anna@shop.test', password)
    expect(await htmlOf(elsewhere, '/inbox')).toContain('data-theme="dark"')
    await elsewhere.request('PUT', '/account/theme', { theme: '' })
    expect(await htmlOf(anna, '/inbox')).not.toContain('data-theme')
  })

  test.each(['blue', 'DARK', '"><script>', 'null'])('%p is refused, and what was chosen stays', async (theme) => {
    await anna.request('PUT', '/account/theme', { theme: 'light' })
    expect((await anna.request('PUT', '/account/theme', { theme })).status).toBe(400)
    expect(await htmlOf(anna, '/inbox')).toContain('data-theme="light"')
  })

  test('is chosen without script, too', async () => {
    const sent = await anna.request('POST', '/account/theme', { theme: 'dark' }, { accept: 'text/html' })
    expect([sent.status, sent.location]).toEqual([303, '/account'])
    expect(await htmlOf(anna, '/account')).toContain('data-theme="dark"')
  })
})

test.each([
  ['ru', 'Диалоги'],
  ['pl', 'Rozmowy'],
  ['fr', 'Conversations'],
  ['en', 'Conversations'],
])('the menu switches every page to %s, in which the page comes again', async (locale, word) => {
  const htmx = { 'hx-request': 'true', accept: 'text/html' }
  const answer = await fetch(`${house.url}/account/locale`, {
    method: 'POST',
    headers: { ...htmx, cookie: anna.cookieHeader(), origin: house.url, 'sec-fetch-site': 'same-origin' },
    body: new URLSearchParams({ locale }),
  })
  expect([answer.status, answer.headers.get('hx-refresh')]).toEqual([200, 'true'])
  for (const path of pages) {
    const { text } = await anna.get(path)
    expect(text).toContain(`<html lang="${locale}"`)
    expect(text).toContain(word)
  }
  const menu = (await anna.get('/inbox')).text
  expect(menu).toMatch(new RegExp(`aria-checked="true" lang="${locale}"|lang="${locale}"[^>]*aria-checked="true"`))
})

test('where there is no demo nothing turns a page from right to left', async () => {
  expect(await htmlOf(anna, '/inbox?dir=rtl')).toContain('dir="ltr"')
})
