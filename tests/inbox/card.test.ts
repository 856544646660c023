import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { Window } from 'happy-dom'
import type { ContactRow } from '../../src/features/contacts/index.ts'
import { findConversation } from '../../src/features/conversations/index.ts'
import { contactsOf, introduceVisitor, knowVisitor } from '../../src/features/visitors/index.ts'
import { write } from '../../src/platform/db/write.ts'
import { locales } from '../../src/platform/lib/i18n.ts'
import { corpus, shortCorpus } from '../attacks/corpus.ts'
import type { AgentClient, AgentLive } from '../support/agent-client.ts'
import { openHouse, type TestHouse } from '../support/house.ts'
import { entriesOverHttp, newClientId, session, VisitorSocket } from '../support/visitor-client.ts'
import { atConsole, type Boris, visitorWrites } from './stage.ts'

let house: TestHouse
let anna: AgentClient
let pavel: AgentClient
let boris: Boris
let card: string

const iphone =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Mobile/15E148 Safari/604.1'

beforeAll(async () => {
  house = await openHouse({ 'no-limits': true })
  anna = await atConsole(house, 'Anna')
  pavel = await atConsole(house, 'Pavel')
})
afterAll(() => house.close())
beforeEach(async () => {
  boris = await visitorWrites(house, 'Do you deliver?')
  card = `/c/${boris.conversationId}/card`
})

const asPage = { accept: 'text/html' }
const put = (agent: AgentClient, path: string, form: Record<string, string> = {}) =>
  agent.request('PUT', `/c/${boris.conversationId}/${path}`, form, asPage)
const visitorId = async () => (await findConversation(boris.conversationId))?.visitorId ?? ''

/** The same person, whose name is known, in another browser. Returns their conversation. */
async function writesFromElsewhere(words: string): Promise<string> {
  const { conversationId } = await visitorWrites(house, words)
  const other = (await findConversation(conversationId))?.visitorId ?? ''
  const one = await visitorId()
  await write(async (tx) => knowVisitor(tx, other, (await contactsOf([one])).get(one) as ContactRow))
  return conversationId
}

async function watching(agent: AgentClient): Promise<AgentLive> {
  const live = await agent.live()
  live.watch(boris.conversationId)
  await live.message((text) => text.includes('"watching"'))
  return live
}

/** What a card says, as a reader would have it: each term with what stands beside it. */
function factsIn(html: string): Record<string, string> {
  const window = new Window()
  window.document.body.innerHTML = html
  const facts = [...window.document.querySelectorAll('.fact')].map((fact) => [
    fact.querySelector('dt')?.textContent ?? '',
    (fact.querySelector('.shown') ?? fact.querySelector('dd'))?.textContent ?? '',
  ])
  void window.happyDOM.close()
  return Object.fromEntries(facts) as Record<string, string>
}

describe('a card', () => {
  test('says what a browser told of itself: while it is there as it is now, and afterwards as it was', async () => {
    const visit = {
      page: { url: 'https://shop.example/water', title: 'Water' },
      referrer: 'https://search.example/?q=water',
      language: 'pl-PL',
      timeZone: 'Europe/Warsaw',
      attributes: { plan: 'gold', orders: 12, club: true },
    }
    const { visitorToken: token } = await session(house.url, house.site.id)
    const socket = await VisitorSocket.connect(house.url, {
      token,
      headers: { 'user-agent': iphone },
      hello: { visit },
    })
    const sent = await socket.send({ clientId: newClientId(), body: 'Hello' })
    const address = `/c/${sent.outcome === 'ok' ? sent.conversationId : ''}/card`
    expect(factsIn((await anna.get(address)).text)).toMatchObject({
      Language: 'Polish (Poland)',
      'Now on': 'Water',
      'Came from': 'search.example/?q=water',
      Browser: 'Safari 17',
      System: 'iOS 17.4',
      Device: 'Phone, Apple iPhone',
      'Last seen': 'Now',
      plan: 'gold',
      orders: '12',
      club: 'yes',
    })
    expect((await anna.get(address)).text).toContain('data-zone="Europe/Warsaw"')
    socket.say({ type: 'page', page: { url: 'https://shop.example/cart', title: 'Cart' } })
    await socket.ping()
    expect(factsIn((await anna.get(address)).text)['Now on']).toBe('Cart')
    await socket.close()
    await house.reopen()
    const left = factsIn((await anna.get(address)).text)
    expect(left).toMatchObject({ 'Last page': 'Cart', Language: 'Polish (Poland)', Browser: 'Safari 17' })
    expect(left['Last seen']).toMatch(/^\d\d:\d\d$/)
    expect(left.plan).toBeUndefined()
  })

  test.each([...locales])('is the same bytes in the page and asked for anew, in %s', async (locale) => {
    await put(anna, 'contact/name', { value: 'Boris', was: '' })
    await anna.request('POST', `/c/${boris.conversationId}/notes`, { body: 'Calls **first**' })
    const speaking = { accept: 'text/html', 'accept-language': locale }
    const page = (await anna.request('GET', `/c/${boris.conversationId}?folder=waiting`, undefined, speaking)).text
    const shown = /<aside class="card".*<\/aside>/s.exec(page)?.[0] ?? 'the page has no card'
    const address = /hx-get="(\/c\/[^"]+\/card[^"]*)"/.exec(shown)?.[1]?.replaceAll('&amp;', '&') ?? ''
    const asked = await anna.request('GET', address, undefined, { ...speaking, 'hx-request': 'true' })
    expect(asked.text).toBe(shown)
    expect(shown).toContain(`href="/c/${boris.conversationId}?folder=waiting"`)
  })

  test('keeps notes and other conversations behind the arrow, and says beside it how many notes there are', async () => {
    const window = new Window()
    const shown = async (query = '') => {
      window.document.body.innerHTML = (await anna.get(card + query)).text
      const inside = window.document.querySelector('#card-rest-inside')
      const folded = ['#card-notes', '#card-past'].map((part) => inside?.querySelector(part) !== null)
      return [
        inside?.hasAttribute('hidden'),
        folded,
        window.document.querySelector('#card-rest h3 .aside')?.textContent,
      ]
    }
    expect(await shown()).toEqual([true, [true, false], ' '])
    for (const body of ['Calls first', 'Third floor'])
      await anna.request('POST', `/c/${boris.conversationId}/notes`, { body })
    await put(anna, 'contact/name', { value: 'Boris', was: '' })
    await writesFromElsewhere('Another matter')
    expect(await shown()).toEqual([true, [true, true], ' 2 notes'])
    expect(await shown('?more=1')).toEqual([false, [true, true], ' 2 notes'])
    void window.happyDOM.close()
  })

  test('lists the other conversations of the person, page after page, each with a way there', async () => {
    await put(anna, 'contact/name', { value: 'Boris', was: '' })
    const ids: string[] = []
    for (let n = 0; n < 7; n++) ids.push(await writesFromElsewhere(`Another matter ${n}`))
    const first = (await anna.get(card)).text
    const linksIn = (html: string) =>
      [...(/<ul class="past">.*?<\/ul>/s.exec(html)?.[0] ?? '').matchAll(/href="\/c\/([^"]+)"/g)].map(([, id]) => id)
    expect(linksIn(first)).toEqual(ids.toReversed().slice(0, 5))
    const more = /hx-get="([^"]*past=25[^"]*)"/.exec(first)?.[1]?.replaceAll('&amp;', '&') ?? ''
    const second = (await anna.get(more)).text
    expect(linksIn(second)).toEqual(ids.toReversed())
    expect(second).not.toContain('past=45')
  })

  test('asked for of nobody, or in odd numbers, is refused', async () => {
    expect((await anna.get('/c/nothing/card')).status).toBe(404)
    expect((await anna.get(`${card}?past=-1`)).status).toBe(400)
    expect((await put(anna, 'contact/verifiedAt', { value: '1', was: '' })).status).toBe(400)
  })
})

describe('a field', () => {
  test('is changed, and every window that looks is told', async () => {
    const live = await watching(pavel)
    const answer = await put(anna, 'contact/email', { value: ' boris@mail.example ', was: '' })
    expect(answer.status).toBe(200)
    expect(answer.text).toContain('href="mailto:boris@mail.example"')
    expect(answer.text).not.toContain('data-editing')
    await live.message((text) => text === '{"poke":"card-changed"}')
    await live.message((text) => text === '{"poke":"conversation-changed"}')
    expect(factsIn((await pavel.get(card)).text)['E-mail']).toContain('boris@mail.example')
    await live.close()
  })

  test('that somebody else has changed meanwhile says who, keeps what was typed, and may then be saved', async () => {
    await put(anna, 'contact/name', { value: 'Boris', was: '' })
    const refused = await put(pavel, 'contact/name', { value: 'Борис Иванов', was: '' })
    expect(refused.status).toBe(409)
    expect(refused.text).toContain('Anna has changed it to “Boris”.')
    expect(refused.text).toContain('value="Борис Иванов"')
    expect(refused.text).toContain('name="was" value="Boris"')
    expect(refused.text).toMatch(/data-editing.*hx-morph-skip/s)
    expect((await put(pavel, 'contact/name', { value: 'Борис Иванов', was: 'Boris' })).status).toBe(200)
    await write(async (tx) => introduceVisitor(tx, await visitorId(), { name: 'B.' }))
    const byVisitor = await put(anna, 'contact/name', { value: 'Boris', was: 'Борис Иванов' })
    expect(byVisitor.text).toContain('It is “B.” by now.')
  })

  test.each([
    ['email', 'nobody', 'e-mail'],
    ['phone', 'call me', 'digit'],
    ['name', 'x'.repeat(101), '100'],
  ])('that is no %s says so beside what was typed, and changes nothing', async (field, value, why) => {
    const refused = await put(anna, `contact/${field}`, { value, was: '' })
    expect(refused.status).toBe(422)
    expect(refused.text).toContain(`value="${value}"`)
    expect(refused.text).toMatch(new RegExp(`role="alert".*${why}`, 's'))
    expect((await anna.get(card)).text).not.toContain(value)
  })

  test('has a history of who changed it from what to what', async () => {
    await put(anna, 'contact/name', { value: 'Boris', was: '' })
    await put(pavel, 'contact/name', { value: 'Борис', was: 'Boris' })
    await put(pavel, 'contact/name', { value: '', was: 'Борис' })
    const folded = (await anna.get(card)).text
    expect(folded).toContain('aria-expanded="false"')
    expect(folded).not.toContain('class="edits"')
    const { text } = await anna.get(`${card}?history=1`)
    const edits = [...text.matchAll(/<li><span><bdi>(\w+)<\/bdi>: (\w+)<\/span>.*?<\/li>/gs)]
    expect(edits.map(([, name, field]) => [name, field])).toEqual([
      ['Pavel', 'Name'],
      ['Pavel', 'Name'],
      ['Anna', 'Name'],
    ])
    expect(edits[1]?.[0]).toContain('<del><bdi>Boris</bdi></del> <ins><bdi>Борис</bdi></ins>')
    expect(edits[0]?.[0]).toContain('emptied')
  })
})

describe('a note', () => {
  const notes = () => `/c/${boris.conversationId}/notes`
  const noteId = async () => /id="note-([^"]+)"/.exec((await anna.get(card)).text)?.[1] ?? ''

  test('is written, changed, taken away and brought back, and every window that looks is told', async () => {
    const live = await watching(pavel)
    expect((await anna.request('POST', notes(), { body: 'Calls **first**' }, asPage)).status).toBe(200)
    await live.message((text) => text === '{"poke":"card-changed"}')
    expect((await pavel.get(card)).text).toContain('Calls <strong>first</strong>')
    const id = await noteId()
    const changed = await put(pavel, `notes/${id}`, { body: 'Calls\r\ntwice', was: 'Calls **first**' })
    expect(changed.text).toContain('Calls\ntwice')
    const lost = await put(anna, `notes/${id}`, { body: 'Calls never', was: 'Calls **first**' })
    expect(lost.status).toBe(409)
    expect(lost.text).toContain('Calls never')
    expect(lost.text).toContain('It is “Calls\ntwice” by now.')
    expect((await put(anna, `notes/${id}/removal`)).status).toBe(204)
    expect((await anna.get(card)).text).not.toContain('twice')
    expect((await anna.request('DELETE', `${notes()}/${id}/removal`)).status).toBe(204)
    expect((await anna.get(card)).text).toContain('twice')
    await live.close()
  })

  test('of nothing says so, and a note of another conversation is out of reach', async () => {
    expect((await anna.request('POST', notes(), { body: '  ' }, asPage)).text).toContain('role="alert"')
    await anna.request('POST', notes(), { body: 'On Boris' })
    const id = await noteId()
    const other = await visitorWrites(house, 'Another matter')
    const foreign = `/c/${other.conversationId}/notes/${id}`
    expect((await anna.request('PUT', foreign, { body: 'x', was: 'On Boris' })).status).toBe(404)
    expect((await anna.request('PUT', `${foreign}/removal`)).status).toBe(404)
  })

  test('reaches no visitor: not by the socket, not by HTTP, not by the window', async () => {
    const socket = await VisitorSocket.connect(house.url, { token: boris.token })
    await anna.request('POST', notes(), { body: 'SECRET-NOTE' })
    await put(anna, 'contact/name', { value: 'SECRET-NAME', was: '' })
    await socket.send({ clientId: newClientId(), body: 'And on Sundays?' })
    const heard = JSON.stringify([
      socket.frames,
      await socket.since(0),
      await entriesOverHttp(house.url, boris.token),
      await session(house.url, house.site.id, boris.token),
    ])
    expect(heard).toContain('And on Sundays?')
    expect(heard).not.toContain('SECRET')
    const guest = { authorization: `Bearer ${boris.token}`, accept: 'text/html' }
    for (const path of [card, notes(), `/c/${boris.conversationId}`]) {
      const answer = await fetch(house.url + path, { headers: guest, redirect: 'manual' })
      expect(await answer.text()).not.toContain('SECRET')
    }
    await socket.close()
  })
})

describe('blocking', () => {
  test('tells the visitor at once, refuses what they write, and is taken back', async () => {
    const socket = await VisitorSocket.connect(house.url, { token: boris.token })
    const live = await watching(pavel)
    const told = socket.nextFrame('visitor')
    expect((await put(anna, 'block')).status).toBe(204)
    expect(await told).toEqual({ type: 'visitor', verified: false, blocked: true, email: null })
    await live.message((text) => text === '{"poke":"card-changed"}')
    expect((await pavel.get(card)).text).toContain('id="card-blocked"')
    expect(await socket.send({ clientId: newClientId(), body: 'Hello?' })).toMatchObject({ code: 'blocked' })
    const again = socket.nextFrame('visitor')
    expect((await anna.request('DELETE', `/c/${boris.conversationId}/block`)).status).toBe(204)
    expect(await again).toMatchObject({ blocked: false })
    expect((await pavel.get(card)).text).not.toContain('id="card-blocked"')
    expect(await socket.send({ clientId: newClientId(), body: 'Hello!' })).toMatchObject({ outcome: 'ok' })
    await Promise.all([socket.close(), live.close()])
  })

  test('and everything else of the card is for agents who are signed in, from their own page', async () => {
    for (const [method, path] of [
      ['GET', 'card'],
      ['PUT', 'contact/name'],
      ['POST', 'notes'],
      ['PUT', 'block'],
      ['DELETE', 'block'],
    ] as const) {
      const address = `${house.url}/c/${boris.conversationId}/${path}`
      const stranger = await fetch(address, { method, redirect: 'manual', headers: { accept: 'application/json' } })
      expect([path, stranger.status]).toEqual([path, 401])
      if (method === 'GET') continue
      const headers = { cookie: anna.cookieHeader(), origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }
      const forged = await fetch(address, { method, redirect: 'manual', headers })
      expect([path, forged.status]).toEqual([path, 403])
    }
  })
})

describe('hostile texts', () => {
  /** What a browser would make of it: the elements and attributes that could act. */
  function dangerIn(html: string): string[] {
    const window = new Window()
    window.document.body.innerHTML = html
    const own = /^(hx-(get|trigger|target|swap|sync|status:[45]xx|morph-skip))$/
    const danger = [...window.document.querySelectorAll('*')].flatMap((element) => {
      if (/^(script|iframe|object|embed|style|base|img|meta|link|math|noscript|b)$/i.test(element.tagName))
        return [element.outerHTML]
      return [...element.attributes]
        .filter(({ name, value }) => {
          if (/^(on|data-hx)/i.test(name) || (/^hx-/i.test(name) && !own.test(name))) return true
          if (name === 'hx-get') return !(value ?? '').startsWith('/c/')
          return (name === 'href' || name === 'action') && !/^(https?:|mailto:|tel:|\/c\/)/.test(value ?? '')
        })
        .map(({ name, value }) => `${name}=${value}`)
    })
    void window.happyDOM.close()
    return danger
  }

  test('stay texts in the card, whichever field they came by', async () => {
    for (const [n, text] of corpus.entries()) {
      const { visitorToken: token } = await session(house.url, house.site.id)
      const visit = {
        page: { url: `https://shop.example/${encodeURI(text)}`, title: text },
        referrer: `https://search.example/?q=${text}`,
        language: text,
        timeZone: text,
        attributes: { [text.slice(0, 40)]: text, text },
      }
      const safeHeader = text.replaceAll(/[^\x20-\x7e]/g, '')
      const headers = { 'user-agent': `${safeHeader} Chrome/${safeHeader} (${safeHeader})` }
      const socket = await VisitorSocket.connect(house.url, { token, headers, hello: { visit } })
      const sent = await socket.send({ clientId: newClientId(), body: text })
      const id = sent.outcome === 'ok' ? sent.conversationId : ''
      const name = shortCorpus[n % shortCorpus.length] ?? ''
      await anna.request('PUT', `/c/${id}/contact/name`, { value: name, was: '' })
      await anna.request('PUT', `/c/${id}/contact/phone`, { value: `1${name}`.slice(0, 40), was: '' })
      const mailbox = name.replaceAll(/[\s@<>()[\]\\,;:"\u202e\u2066]/gu, '') || 'x'
      await anna.request('PUT', `/c/${id}/contact/email`, { value: `${mailbox}@mail.example`, was: '' })
      await anna.request('POST', `/c/${id}/notes`, { body: text })
      const html = (await anna.get(`/c/${id}/card?history=1`)).text
      expect([text, dangerIn(html)]).toEqual([text, []])
      const conflict = await anna.request(
        'PUT',
        `/c/${id}/contact/name`,
        { value: `${name}!`.slice(0, 100), was: 'x' },
        asPage,
      )
      expect([text, dangerIn(conflict.text)]).toEqual([text, []])
      await socket.close()
    }
  })

  test('of addresses that are none are not kept at all', async () => {
    const { visitorToken: token } = await session(house.url, house.site.id)
    const visit = {
      page: { url: 'javascript:pwned(1)' },
      referrer: 'data:text/html,x',
      timeZone: '<b>',
      language: '<b>',
    }
    const socket = await VisitorSocket.connect(house.url, { token, hello: { visit } })
    const sent = await socket.send({ clientId: newClientId(), body: 'Hello' })
    const { text } = await anna.get(`/c/${sent.outcome === 'ok' ? sent.conversationId : ''}/card`)
    expect(text).not.toMatch(/javascript:|data:text|&lt;b/)
    await socket.close()
  })
})

test('what the visitor says of themselves on one browser is told to whoever looks at another of theirs', async () => {
  await put(anna, 'contact/name', { value: 'Boris', was: '' })
  const byPhone = await findConversation(await writesFromElsewhere('By phone'))
  const other = byPhone?.visitorId ?? ''
  const live = await watching(pavel)
  const told = live.nextMessage((text) => text === '{"poke":"card-changed"}')
  await write((tx) => introduceVisitor(tx, other, { phone: '+48 600 100 200' }))
  await told
  expect(factsIn((await pavel.get(card)).text).Phone).toContain('+48 600 100 200')
  await live.close()
})
