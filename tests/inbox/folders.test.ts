import { afterAll, beforeAll, expect, test } from 'bun:test'
import type { AgentClient } from '../support/agent-client.ts'
import { openHouse, type TestHouse } from '../support/house.ts'
import { atConsole, visitorWrites } from './stage.ts'

let house: TestHouse
let anna: AgentClient
beforeAll(async () => {
  house = await openHouse({ 'no-limits': true })
  anna = await atConsole(house, 'Anna', 'owner')
})
afterAll(() => house.close())

const idsIn = (html: string) => [...html.matchAll(/data-conversation="([^"]+)"/g)].map((match) => match[1] ?? '')
const moreIn = (html: string) => /hx-get="(\/inbox\/rows[^"]*before=[^"]*)"/.exec(html)?.[1]?.replaceAll('&amp;', '&')

test('an empty Waiting teaches, and shows the line that embeds the chat', async () => {
  const { text } = await anna.get('/inbox')
  expect(text).toContain('No one is waiting')
  expect(text).toContain(`/widget.js?site=${house.site.id}&quot;`)
})

test('Waiting gives the longest wait first, page after page, each conversation once, counted to 99+', async () => {
  const written: string[] = []
  for (let n = 0; n < 120; n++) written.push((await visitorWrites(house, `visitor ${n}`)).conversationId)
  const first = await anna.get('/inbox?folder=waiting')
  expect(first.text).toContain('99+')
  const seen: string[] = []
  let html = first.text
  for (let pages = 0; pages < 5; pages++) {
    seen.push(...idsIn(html))
    const more = moreIn(html)
    if (more === undefined) break
    html = (await anna.get(more)).text
  }
  expect(seen).toEqual(written)
})

test('a list asks again for as many rows as it shows', async () => {
  const { text } = await anna.get('/inbox/rows?folder=waiting&limit=100')
  expect(idsIn(text)).toHaveLength(100)
  expect(idsIn((await anna.get('/inbox/rows?folder=waiting&limit=100000')).text).length).toBeLessThanOrEqual(200)
})

test('Finished and Active give the newest activity first, and Active is one’s own', async () => {
  const dora = await atConsole(house, 'Dora')
  const [one, two] = [await visitorWrites(house, 'one'), await visitorWrites(house, 'two')]
  await anna.take(two.conversationId)
  await anna.take(one.conversationId)
  await two.say('and more')
  expect(idsIn((await anna.get('/inbox/rows?folder=active')).text)).toEqual([two.conversationId, one.conversationId])
  expect(idsIn((await dora.get('/inbox/rows?folder=active')).text)).toEqual([])
  await anna.finish(two.conversationId)
  await anna.finish(one.conversationId)
  expect(idsIn((await dora.get('/inbox/rows?folder=finished')).text)).toEqual([one.conversationId, two.conversationId])
})

test('a folder or a place in it that does not exist is refused', async () => {
  for (const query of ['folder=all', 'folder=waiting&before=1', 'folder=waiting&before=1.x', 'folder=__proto__']) {
    expect([query, (await anna.get(`/inbox/rows?${query}`)).status]).toEqual([query, 400])
  }
})

test('the console speaks the language of the browser, and the agent’s own choice beats it', async () => {
  const ask = (language: string) =>
    anna.request('GET', '/inbox', undefined, { accept: 'text/html', 'accept-language': language })
  expect((await ask('ru')).text).toContain('Ожидающие')
  expect((await ask('pl-PL')).text).toContain('Oczekujące')
  await anna.request('POST', '/account/locale', { locale: 'fr' })
  const french = (await ask('ru')).text
  expect(french).toContain('En attente')
  expect(french).toContain('<html lang="fr" dir="ltr">')
  expect((await anna.request('POST', '/account/locale', { locale: 'xx' })).status).toBe(400)
  await anna.request('POST', '/account/locale', { locale: '' })
})
