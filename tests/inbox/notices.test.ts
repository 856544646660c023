import { afterAll, afterEach, beforeAll, describe, expect, test } from 'bun:test'
import { corpus } from '../attacks/corpus.ts'
import type { AgentClient, AgentLive } from '../support/agent-client.ts'
import { openHouse, type TestHouse } from '../support/house.ts'
import { newClientId } from '../support/visitor-client.ts'
import { atConsole, visitorWrites } from './stage.ts'

let house: TestHouse
let anna: AgentClient
let ewa: AgentClient
const open: AgentLive[] = []

beforeAll(async () => {
  house = await openHouse({ 'no-limits': true })
  anna = await atConsole(house, 'Anna')
  ewa = await atConsole(house, 'Ewa')
})
afterAll(() => house.close())
afterEach(async () => {
  for (const live of open.splice(0)) await live.close()
})

async function listening(agent: AgentClient): Promise<AgentLive> {
  const live = await agent.live()
  open.push(live)
  await live.ping()
  return live
}

type Notice = { type: string; kind: string; conversationId: string; seq: number; who: string; words: string }

/** The notices that have come by now: whatever was pushed before the answer to a ping came before it. */
async function noticesOf(live: AgentLive): Promise<Notice[]> {
  await live.ping()
  return live.messages.filter((text) => text.startsWith('{"type":"notice"')).map((text) => JSON.parse(text) as Notice)
}

const rung = (live: AgentLive, words: string) =>
  live.message((text) => text.startsWith('{"type":"notice"') && text.includes(JSON.stringify(words)))

describe('a notice', () => {
  test('of a conversation that begins to wait comes to all who are there, once however much is written', async () => {
    const [one, two] = [await listening(anna), await listening(ewa)]
    const boris = await visitorWrites(house, 'Is anybody there?')
    await rung(one, 'Is anybody there?')
    await rung(two, 'Is anybody there?')
    await boris.say('Hello?')
    const [, ...more] = await noticesOf(one)
    expect(more).toEqual([])
    const [notice] = await noticesOf(two)
    expect(notice).toMatchObject({ kind: 'conversation', conversationId: boris.conversationId, seq: 1 })
    expect(notice?.who).toMatch(/ is waiting$/)
  })

  test('of a message comes to whoever has the conversation, and to nobody else', async () => {
    const boris = await visitorWrites(house, 'When?')
    await anna.take(boris.conversationId)
    const [one, two] = [await listening(anna), await listening(ewa)]
    const seq = await boris.say('Today?')
    await rung(one, 'Today?')
    expect(await noticesOf(one)).toMatchObject([{ kind: 'message', conversationId: boris.conversationId, seq }])
    expect(await noticesOf(two)).toEqual([])
  })

  test('comes to every window of the agent: they agree among themselves', async () => {
    const windows = [await listening(anna), await listening(anna)]
    await visitorWrites(house, 'Two windows')
    for (const live of windows) await rung(live, 'Two windows')
  })

  test('comes of many lines in a second for the first, and once more with the last', async () => {
    const live = await listening(anna)
    const began = performance.now()
    const boris = await visitorWrites(house, 'Begin')
    await rung(live, 'Begin')
    await anna.take(boris.conversationId)
    for (const line of ['one', 'two', 'three']) await boris.say(line)
    await rung(live, 'three')
    const words = (await noticesOf(live)).map((notice) => notice.words)
    expect([words[0], words.at(-1)]).toEqual(['Begin', 'three'])
    expect(words.length).toBeLessThanOrEqual(1 + Math.floor((performance.now() - began) / 990))
  })

  test('comes again when a finished conversation is written in, with those words', async () => {
    const boris = await visitorWrites(house, 'First')
    await anna.take(boris.conversationId)
    await anna.finish(boris.conversationId)
    const live = await listening(ewa)
    const seq = await boris.say('I forgot something')
    await rung(live, 'I forgot something')
    expect(await noticesOf(live)).toMatchObject([{ kind: 'conversation', seq }])
  })

  test('never comes of what an agent does or says, nor of an address that is left', async () => {
    const boris = await visitorWrites(house, 'Question')
    await anna.take(boris.conversationId)
    const live = await listening(anna)
    await anna.send(boris.conversationId, { clientId: newClientId(), body: 'Answer' })
    await anna.finish(boris.conversationId)
    await anna.reopen(boris.conversationId)
    await boris.say('boris@mail.example', { kind: 'email' })
    expect(await noticesOf(live)).toEqual([])
  })

  test('leaves alone who is away, and comes again once they are back', async () => {
    const [one, two] = [await listening(anna), await listening(ewa)]
    await anna.request('PUT', '/account/away')
    const boris = await visitorWrites(house, 'While away')
    await rung(two, 'While away')
    expect(await noticesOf(one)).toEqual([])
    await anna.request('DELETE', '/account/away')
    await anna.take(boris.conversationId)
    await boris.say('And back')
    await rung(one, 'And back')
  })

  test.each([
    ['ru', /: новый диалог$/],
    ['pl', / czeka$/],
    ['fr', / attend$/],
  ])('speaks %s to whoever does', async (locale, words) => {
    const reader = await atConsole(house, `Notice-${locale}`)
    await reader.request('POST', '/account/locale', { locale })
    const live = await listening(reader)
    await visitorWrites(house, `in ${locale}`)
    await rung(live, `in ${locale}`)
    expect((await noticesOf(live))[0]?.who).toMatch(words)
  })
})

test.each(corpus)('%j is carried as the text it is, in one frame', async (payload) => {
  const live = await listening(anna)
  await visitorWrites(house, payload)
  await live.message((text) => text.startsWith('{"type":"notice"'))
  const notices = await noticesOf(live)
  expect(notices).toHaveLength(1)
  expect(notices[0]).toMatchObject({ type: 'notice', kind: 'conversation', words: payload })
  expect(Object.keys(notices[0] ?? {}).toSorted()).toEqual(['conversationId', 'kind', 'seq', 'type', 'who', 'words'])
})
