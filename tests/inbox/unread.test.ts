import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { locales } from '../../src/platform/lib/i18n.ts'
import type { AgentClient } from '../support/agent-client.ts'
import { openHouse, type TestHouse } from '../support/house.ts'
import { newClientId } from '../support/visitor-client.ts'
import { atConsole, type Boris, visitorWrites } from './stage.ts'

let house: TestHouse
let anna: AgentClient
let dora: AgentClient
let boris: Boris
let clara: Boris

beforeAll(async () => {
  house = await openHouse({ 'no-limits': true })
  anna = await atConsole(house, 'Anna', 'owner')
  dora = await atConsole(house, 'Dora')
  boris = await visitorWrites(house, 'Where is my water?')
  await boris.say('Hello?')
  clara = await visitorWrites(house, 'Is the spring cold?')
})
afterAll(() => house.close())

const asHtmx = { accept: 'text/html', 'hx-request': 'true' }
const anew = (agent: AgentClient, query: string, more: Record<string, string> = {}) =>
  agent.request('GET', `/inbox/rows?${query}`, undefined, { ...asHtmx, ...more })

/** What a list shows: each conversation with the number that stands in red beside it. */
function numbersIn(html: string): [string, string][] {
  return [...html.matchAll(/<li id="row-([0-9a-f-]{36})".*?<\/li>/gs)].map(([row, id = '']) => [
    id,
    /<span class="unread"><span class="said">[^<]*<\/span>([^<]*)<\/span>/.exec(row)?.[1] ?? '',
  ])
}

/** What stands beside the folders: how many, and in how many something is unread. */
const foldersIn = (html: string): string[] =>
  [...html.matchAll(/<a [^>]*data-folder="(\w+)".*?<\/a>/gs)].map(([link, folder]) =>
    [
      folder,
      /class="count">([^<]*)</.exec(link)?.[1],
      /class="unread"><span class="said">[^<]*<\/span>([^<]*)</.exec(link)?.[1] ?? '-',
    ].join(' '),
  )

test('each agent sees their own numbers in rows that are made once for all', async () => {
  await anna.read(boris.conversationId, 1)
  await dora.read(clara.conversationId, 1)
  for (const [agent, expected] of [
    [anna, [boris, '1', clara, '1']],
    [dora, [boris, '2', clara, '']],
  ] as const) {
    const { text } = await anew(agent, 'folder=waiting')
    const [one, first, two, second] = expected
    expect(numbersIn(text)).toEqual([
      [one.conversationId, first],
      [two.conversationId, second],
    ])
  }
  expect(foldersIn((await anew(anna, 'folder=waiting')).text)).toEqual(['waiting 2 2', 'active 0 -', 'finished 0 -'])
  expect(foldersIn((await anew(dora, 'folder=waiting')).text)).toEqual(['waiting 2 1', 'active 0 -', 'finished 0 -'])
})

test.each([...locales])('in %s a list that asks again has the bytes of the page', async (locale) => {
  const language = { 'accept-language': locale }
  for (const query of ['folder=waiting', 'folder=waiting&unread=1', 'folder=active', 'folder=finished&unread=1']) {
    const page = (await anna.request('GET', `/inbox?${query}`, undefined, { accept: 'text/html', ...language })).text
    // Twice, so that the second is what was shared.
    for (const { text } of [await anew(anna, query, language), await anew(anna, query, language)]) {
      const parts = [...text.matchAll(/<hx-partial hx-target="(#[\w-]+)[^>]*>(.*?)<\/hx-partial>/gs)]
      expect(parts.map(([, target]) => target)).toEqual(['#rows', '#list-head', '#presence-mark', '#presence-menu'])
      for (const [, , html = ''] of parts) expect(page).toContain(html)
    }
  }
})

test('the page carries the number of conversations for title and favicon', async () => {
  expect((await anna.get('/inbox?folder=finished')).text).toContain('data-unread="2"')
  expect((await dora.get(`/c/${boris.conversationId}`)).text).toContain('data-unread="1"')
})

test('Unread shows what is unread alone, stays in every link, and teaches where nothing is', async () => {
  const { text } = await dora.get('/inbox?folder=waiting&unread=1')
  expect(numbersIn(text)).toEqual([[boris.conversationId, '2']])
  expect(text).toContain(`href="/c/${boris.conversationId}?folder=waiting&amp;unread=1"`)
  expect(text).toMatch(/<a class="chip" id="filter-unread" href="\/inbox\?folder=waiting" aria-current="true">/)
  expect((await dora.get('/inbox?folder=active&unread=1')).text).toContain('Nothing unread in Active')
  expect((await dora.get('/inbox?folder=finished&unread=1')).text).toContain('it is back in Waiting')
  const beside = (await dora.get(`/c/${boris.conversationId}?folder=waiting&unread=1`)).text
  expect(numbersIn(beside)).toEqual([[boris.conversationId, '2']])
})

describe('Read all', () => {
  const readAll = (agent: AgentClient, query: string) =>
    agent.request('POST', `/inbox/read-all?${query}`, undefined, asHtmx)
  const undoIn = (html: string) => /hx-delete="(\/inbox\/read-all\/[^"]*)"/.exec(html)?.[1] ?? ''

  test('empties the red of this folder for this agent, and Undo puts it back', async () => {
    const before = (await anew(anna, 'folder=waiting')).text
    const { text } = await readAll(anna, 'folder=waiting')
    expect(text).toContain('2 conversations are read')
    expect(numbersIn(text).map(([, number]) => number)).toEqual(['', ''])
    expect(foldersIn(text)[0]).toBe('waiting 2 -')
    expect(numbersIn((await anew(dora, 'folder=waiting')).text)[0]).toEqual([boris.conversationId, '2'])
    const undo = undoIn(text).replaceAll('&amp;', '&')
    // A colleague's press undoes nothing of it.
    await dora.request('DELETE', undo, undefined, asHtmx)
    expect(foldersIn((await anew(anna, 'folder=waiting')).text)[0]).toBe('waiting 2 -')
    const undone = await anna.request('DELETE', undo, undefined, asHtmx)
    expect(numbersIn(undone.text)).toEqual(numbersIn(before))
    expect((await anew(anna, 'folder=waiting')).text).toBe(before)
  })

  test('keeps to its folder', async () => {
    await dora.take(clara.conversationId)
    await clara.say('And how deep?')
    expect(foldersIn((await anew(dora, 'folder=active')).text)).toEqual(['waiting 1 1', 'active 1 1', 'finished 0 -'])
    const { text } = await readAll(dora, 'folder=active&unread=1')
    expect(foldersIn(text)).toEqual(['waiting 1 1', 'active 1 -', 'finished 0 -'])
    expect(text).toContain('Nothing unread in Active')
  })

  test('says so when there was nothing to read, and in Finished there never is', async () => {
    for (const folder of ['active', 'finished']) {
      const { text } = await readAll(dora, `folder=${folder}`)
      expect(text).toContain('Everything was read already')
      expect(undoIn(text)).toBe('')
    }
  })

  test('answers a program in JSON', async () => {
    const { json } = await anna.request('POST', '/inbox/read-all?folder=waiting')
    expect(json.conversations).toBe(1)
    expect((await anna.request('DELETE', `/inbox/read-all/${String(json.id)}`)).json).toEqual({ conversations: 1 })
    expect((await anna.request('DELETE', '/inbox/read-all/nothing')).json).toEqual({ conversations: 0 })
    expect((await anna.request('POST', '/inbox/read-all?folder=all')).status).toBe(400)
  })
})

test('what is read in one window is told to the agent’s other windows, and to nobody else’s', async () => {
  // Started anew, so that no poke for all is still on its way.
  await house.reopen()
  const [own, foreign] = [await anna.live(), await dora.live()]
  const poked = own.message((text) => text.includes('inbox-changed'))
  await anna.read(boris.conversationId, 2)
  await poked
  await foreign.ping()
  expect(foreign.messages.filter((text) => text.includes('inbox-changed'))).toEqual([])
  await Promise.all([own.close(), foreign.close()])
})

test('a row says how the conversation began, and whether the visitor is there', async () => {
  const form = { name: 'Ewa', email: 'ewa@mail.example', topic: 'Cups', consent: true }
  const ewa = await visitorWrites(house, 'Do you sell cups?', { kind: 'feedback', form })
  const { text } = await anew(anna, 'folder=waiting')
  const row = text.split('<li ').find((one) => one.includes(`row-${ewa.conversationId}`)) ?? ''
  expect(row).toContain('Feedback form')
  expect(row).toContain('class="avatar online"')
  expect(row).toContain(', online')
})

test('an answer of mine reads nothing for others, and the visitor’s next one is unread for the holder alone', async () => {
  const pavel = await visitorWrites(house, 'Hello')
  await anna.read(pavel.conversationId, 1)
  await anna.send(pavel.conversationId, { clientId: newClientId(), body: 'Good day' })
  await pavel.say('Thank you')
  const numberFor = async (agent: AgentClient, folder: string) =>
    new Map(numbersIn((await anew(agent, `folder=${folder}`)).text)).get(pavel.conversationId)
  expect([await numberFor(anna, 'active'), await numberFor(dora, 'active')]).toEqual(['1', undefined])
})
