import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { Window } from 'happy-dom'
import { keepContact } from '../../src/features/contacts/index.ts'
import { findConversation } from '../../src/features/conversations/index.ts'
import { knowVisitor } from '../../src/features/visitors/index.ts'
import { write } from '../../src/platform/db/write.ts'
import { shortCorpus } from '../attacks/corpus.ts'
import type { AgentClient } from '../support/agent-client.ts'
import { openHouse, type TestHouse } from '../support/house.ts'
import { atConsole, type Boris, visitorWrites } from './stage.ts'

let house: TestHouse
let anna: AgentClient
let ewa: AgentClient

beforeAll(async () => {
  house = await openHouse({ 'no-limits': true })
  anna = await atConsole(house, 'Anna')
  ewa = await atConsole(house, 'Ewa')
})
afterAll(() => house.close())

/** Somebody who has written and of whom it is known who they are. */
async function knownWrites(name: string, body: string, more: { phone?: string } = {}): Promise<Boris> {
  const boris = await visitorWrites(house, body)
  const conversation = await findConversation(boris.conversationId)
  await write(async (tx) => knowVisitor(tx, conversation?.visitorId ?? '', await keepContact(tx, { name, ...more })))
  return boris
}

async function found(agent: AgentClient, query: string) {
  const { status, text } = await agent.get(`/palette?q=${encodeURIComponent(query)}`)
  expect(status).toBe(200)
  const window = new Window()
  window.document.body.innerHTML = text
  const groups = [...window.document.querySelectorAll('[role="group"]')]
  const read = groups.map((group) => ({
    group: group.getAttribute('data-group'),
    to: [...group.querySelectorAll('[role="option"]')].map((option) => option.getAttribute('data-href')),
    who: [...group.querySelectorAll('.who')].map((who) => who.textContent),
  }))
  await window.happyDOM.close()
  return { text, groups: read, to: read.flatMap(({ to }) => to) }
}

describe('the palette finds', () => {
  test('a waiting conversation by whom it is with and by what was said last, in any case and without accents', async () => {
    const zofia = await knownWrites('Zofia Żółć', 'Gdzie jest Moja woda')
    for (const query of ['zof', 'ZOLC', 'żółć zo', 'woda', 'moja wo zofia']) {
      expect([query, (await found(anna, query)).to]).toEqual([query, [`/c/${zofia.conversationId}`]])
    }
    expect((await found(anna, 'ofia')).to).toEqual([])
  })

  test('somebody unknown by the name that the list gives them', async () => {
    const boris = await visitorWrites(house, 'unknown')
    const row = (await anna.get('/inbox?folder=waiting')).text
    const name = new RegExp(`id="row-${boris.conversationId}".*?<bdi>([^<]+)</bdi>`, 's').exec(row)?.[1] ?? 'no name'
    expect((await found(anna, name)).to).toContain(`/c/${boris.conversationId}`)
  })

  test('an active conversation for whoever has it; for the others its contact leads there', async () => {
    const boris = await knownWrites('Quirin Held', 'mine')
    await anna.take(boris.conversationId)
    expect((await found(anna, 'quirin')).groups).toMatchObject([
      { group: 'conversations', to: [`/c/${boris.conversationId}`] },
    ])
    expect((await found(ewa, 'quirin')).groups).toMatchObject([
      { group: 'contacts', to: [`/c/${boris.conversationId}?show=card`], who: ['Quirin Held'] },
    ])
  })

  test('a contact whose conversations are finished, by a part of the phone', async () => {
    const boris = await knownWrites('Ursula', 'done', { phone: '+49 (30) 1234-567' })
    await anna.take(boris.conversationId)
    await anna.finish(boris.conversationId)
    for (const query of ['4930123', '+49 30 12', 'urs']) {
      expect([query, (await found(ewa, query)).to]).toEqual([query, [`/c/${boris.conversationId}?show=card`]])
    }
  })

  test('no contact who never wrote, and nothing for what stands nowhere', async () => {
    await write((tx) => keepContact(tx, { name: 'Never Wrote' }))
    expect((await found(anna, 'never')).to).toEqual([])
    expect((await found(anna, 'x'.repeat(5000))).to).toEqual([])
    for (const query of ['%00%', '%ED%A0%80', '%25', '%FF'])
      expect((await anna.get(`/palette?q=${query}`)).status).toBe(200)
  })

  test('a few of many, and of what is newest', async () => {
    for (let n = 0; n < 9; n++) {
      const one = await knownWrites(`Many Namesakes ${n}`, `${n}`)
      await ewa.take(one.conversationId)
      await ewa.finish(one.conversationId)
    }
    const { groups } = await found(anna, 'namesakes many')
    expect(groups.map(({ who }) => who)).toEqual([[8, 7, 6, 5, 4, 3].map((n) => `Many Namesakes ${n}`)])
    for (let n = 0; n < 9; n++) await knownWrites(`Waiting ${n}`, `${n}`)
    expect((await found(anna, '')).groups.map(({ to }) => to.length)).toEqual([6])
  })
})

test.each(shortCorpus)('%j is text as a name, as words and as a query', async (payload) => {
  const boris = await knownWrites(payload, payload)
  const { text } = await found(anna, payload)
  const all = (await found(anna, '')).text + text
  const window = new Window()
  window.document.body.innerHTML = all
  const elements = [...window.document.body.querySelectorAll('*')]
  expect(elements.filter(({ tagName }) => !/^(DIV|SPAN|BDI|P|SVG|PATH)$/i.test(tagName)).map(String)).toEqual([])
  const attributes = elements.flatMap((element) => [...element.attributes].map(({ name }) => name))
  expect(attributes.filter((name) => /^(on|hx-|data-hx|style|src)/.test(name))).toEqual([])
  await window.happyDOM.close()
  await anna.take(boris.conversationId)
  await anna.finish(boris.conversationId)
})

test('what opens above the console comes to agents alone, and by its name alone', async () => {
  for (const path of ['/palette?q=a', '/dialogs/keys', '/dialogs/notices']) {
    expect([path, (await anna.get(path)).status]).toEqual([path, 200])
    const stranger = await fetch(house.url + path, { headers: { accept: 'application/json' }, redirect: 'manual' })
    expect([path, stranger.status]).toEqual([path, 401])
  }
  for (const name of ['nothing', '__proto__', 'toString', '..%2fkeys'])
    expect((await anna.get(`/dialogs/${name}`, 'application/json')).status).toBe(404)
})
