import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { Window } from 'happy-dom'
import { linkVisitor } from '../../src/features/clients/index.ts'
import { findContacts, keepContact } from '../../src/features/contacts/index.ts'
import { findConversation } from '../../src/features/conversations/index.ts'
import { createSite, type SiteRow } from '../../src/features/sites/index.ts'
import { knowVisitor } from '../../src/features/visitors/index.ts'
import { write } from '../../src/platform/db/write.ts'
import { newId } from '../../src/platform/lib/id.ts'
import { shortCorpus } from '../attacks/corpus.ts'
import { atConsole, type Boris, visitorWrites } from '../inbox/stage.ts'
import type { AgentClient, Answer } from '../support/agent-client.ts'
import { ApiClient } from '../support/api-client.ts'
import { openHouse, type TestHouse } from '../support/house.ts'
import { newClientId } from '../support/visitor-client.ts'
import { eventually } from '../support/waiting.ts'

let house: TestHouse
let clara: AgentClient
let anna: AgentClient
let other: SiteRow

const at = '/settings/templates'
const html = { accept: 'text/html', 'hx-request': 'true' }

beforeAll(async () => {
  house = await openHouse({ 'no-limits': true })
  clara = await atConsole(house, 'Clara', 'admin')
  anna = await atConsole(house, 'Anna')
  other = await write((tx) => createSite(tx, { name: 'Other' }))
})
afterAll(() => house.close())
beforeEach(async () => {
  for (const { id } of await items()) await clara.request('PUT', `${at}/${id}/removal`)
})

type Item = { id: string; name: string; text: string; position: number; visible: boolean; uses: number }
const items = async (): Promise<Item[]> => (await clara.get(`${at}/list`, 'application/json')).json.items as Item[]
const names = async () => (await items()).map(({ name }) => name)

async function make(fields: Record<string, string>): Promise<string> {
  const { status, json } = await clara.request('POST', at, { text: `${fields.name}.`, visible: 'true', ...fields })
  expect(status).toBe(201)
  return String(json.id)
}

async function seen<T>(text: string, look: (document: Window['document']) => T): Promise<T> {
  const window = new Window()
  window.document.write(text)
  const found = look(window.document)
  await window.happyDOM.close()
  return found
}

const send = (client: AgentClient, path: string, body: BodyInit, accept = 'application/json') =>
  fetch(house.url + path, {
    method: 'POST',
    body,
    headers: { accept, cookie: client.cookieHeader(), origin: house.url, 'sec-fetch-site': 'same-origin' },
  })

async function knownWrites(name: string): Promise<Boris> {
  const boris = await visitorWrites(house, 'Hello')
  const visitorId = (await findConversation(boris.conversationId))?.visitorId ?? ''
  await write(async (tx) => knowVisitor(tx, visitorId, await keepContact(tx, { name })))
  return boris
}

const offered = async (client: AgentClient, conversationId: string) =>
  (await client.get(`/c/${conversationId}/templates`, 'application/json')).json.items as {
    name: string
    text: string
    missing: string[]
  }[]

describe('the page', () => {
  test('is the same at first as it is when it is asked for anew', async () => {
    await make({ name: 'Hello', position: '1,5', shortcut: 'hi', locale: 'ru' })
    const [page, list] = [(await clara.get(at)).text, (await clara.get(`${at}/list`, 'text/html')).text]
    expect(list).toContain('1.5')
    expect(page).toContain(list)
    const inRussian = await clara.request('GET', `${at}/list`, undefined, { ...html, 'accept-language': 'ru' })
    expect(inRussian.text).toContain('value="1,5"')
  })

  test('shows the templates of one site, or of all', async () => {
    const form = { as: 'form', visible: 'on', locale: '', position: '', shortcut: '', text: 'x' }
    for (const [name, site] of [
      ['Here', house.site.id],
      ['There', other.id],
    ] as const) {
      const fields = { ...form, name, sites: 'some', [`site:${site}`]: 'on' }
      expect((await clara.request('POST', at, fields, html)).status).toBe(200)
    }
    await make({ name: 'Everywhere' })
    const shown = (text: string) =>
      ['Here', 'There', 'Everywhere'].filter((name) => text.includes(`data-name="${name}"`))
    expect(shown((await clara.get(at)).text)).toEqual(['Here', 'There', 'Everywhere'])
    expect(shown((await clara.get(`${at}?site=${house.site.id}`)).text)).toEqual(['Here', 'Everywhere'])
    const current = { ...html, 'hx-current-url': `${house.url}${at}?site=${other.id}` }
    const [{ id } = { id: '' }] = await items()
    const after = await clara.request('PUT', `${at}/${id}/visibility`, {}, current)
    expect(shown(after.text)).toEqual(['There', 'Everywhere'])
  })

  test('says what is wrong beside its field, and loses nothing that was typed', async () => {
    const typed = { as: 'form', name: 'Bill', text: 'For {{order.sum}}', position: 'x', shortcut: 'a b', locale: 'ru' }
    const answer = await clara.request('POST', at, typed, html)
    expect(answer.status).toBe(422)
    const found = await seen(answer.text, (document) => ({
      language: document.querySelector('#template-locale option[selected]')?.getAttribute('value'),
      values: ['name', 'text', 'position', 'shortcut'].map(
        (name) => (document.querySelector(`#template-${name}`) as unknown as HTMLInputElement).value,
      ),
      visible: document.querySelector('[name="visible"]')?.hasAttribute('checked'),
      wrong: [...document.querySelectorAll('[aria-invalid]')].map((field) => {
        const said = document.getElementById(field.getAttribute('aria-describedby') ?? '')
        return `${field.id}: ${said?.textContent}`
      }),
    }))
    expect(found).toEqual({
      language: 'ru',
      values: ['Bill', 'For {{order.sum}}', 'x', 'a b'],
      visible: false,
      wrong: [
        'template-text: There is no {{order.sum}}. Did you mean {{order.number}} or {{order.status}}?',
        'template-position: A position is a number from 0 to 999999 with at most six decimals: 1, 1.5 or 1,5.',
        'template-shortcut: A shortcut is one word of at most 40 characters.',
      ],
    })
    expect(await names()).toEqual([])
  })

  test('keeps a position that cannot be one in its field, with why', async () => {
    const id = await make({ name: 'Hello', position: '1' })
    const { status, text } = await clara.request('PUT', `${at}/${id}/position`, { position: '1..5' }, html)
    expect(status).toBe(200)
    expect(text).toContain('value="1..5"')
    expect(text).toContain('A position is a number')
    expect((await clara.request('PUT', `${at}/${id}/position`, { position: '1..5' })).json.code).toBe(
      'position_invalid',
    )
    await clara.request('PUT', `${at}/${id}/position`, { position: '2,25' }, html)
    expect((await items())[0]?.position).toBe(2_250_000)
  })

  test('saves a form over what somebody has moved or hidden meanwhile, and not over what they have written', async () => {
    const [id, last] = [await make({ name: 'Hello', position: '1' }), await make({ name: 'Last', position: '2' })]
    const form = (await clara.get(`${at}/${id}/form`)).text
    const fields = await seen(form, (document) =>
      Object.fromEntries(
        [...document.querySelectorAll('input[name], textarea[name]')]
          .filter((field) => field.getAttribute('type') !== 'radio' && !field.getAttribute('name')?.startsWith('site:'))
          .map((field) => [field.getAttribute('name') ?? '', (field as unknown as HTMLInputElement).value]),
      ),
    )
    await clara.request('PUT', `${at}/${id}/place`, { after: last })
    await clara.request('PUT', `${at}/${id}/visibility`, {})
    const saved = await clara.request(
      'PUT',
      `${at}/${id}`,
      { ...fields, text: 'Mine.', sites: 'all', locale: '' },
      html,
    )
    expect(saved.status).toBe(200)
    expect((await items())[1]).toMatchObject({ id, text: 'Mine.', position: 3_000_000, visible: false })
    const again = await clara.request('PUT', `${at}/${id}`, { ...fields, text: 'Theirs.', sites: 'all' }, html)
    expect(again.status).toBe(409)
    expect(again.text).toContain('Somebody else has changed it meanwhile')
    expect(again.text).toContain('Theirs.')
    expect((await items())[1]?.text).toBe('Mine.')
    const seenNow = /name="seen" value="(\d+)"/.exec(again.text)?.[1] ?? ''
    const meant = { ...fields, seen: seenNow, text: 'Theirs.', sites: 'all' }
    expect((await clara.request('PUT', `${at}/${id}`, meant, html)).status).toBe(200)
    expect((await items())[1]?.text).toBe('Theirs.')
  })

  test('deletes with the way back, and makes a copy that is opened', async () => {
    const id = await make({ name: 'Hello' })
    const copied = await clara.request('POST', `${at}/${id}/copies`, {}, html)
    expect(copied.text).toContain('Hello (copy)')
    expect(copied.text).toContain('Edit the template')
    const deleted = await clara.request('PUT', `${at}/${id}/removal`, {}, html)
    expect(deleted.text).toContain(`hx-delete="${at}/${id}/removal"`)
    expect(await names()).toEqual(['Hello (copy)'])
    await clara.request('DELETE', `${at}/${id}/removal`, undefined, html)
    expect(await names()).toEqual(['Hello', 'Hello (copy)'])
  })
})

describe('a file', () => {
  test('goes out and comes in piece by piece, as many pieces as it takes', async () => {
    const text = `name;text\n${Array.from({ length: 120 }, (_, n) => `T${n};Text ${n}`).join('\n')}\n`
    const preview = await send(clara, `${at}/import/preview`, text, 'text/html')
    expect(await preview.text()).toContain('Import 120 templates')
    const done: number[] = []
    for (let from = 0; from < 120; from = done.at(-1) ?? 120) {
      const answer = (await (await send(clara, `${at}/import?from=${from}`, text)).json()) as {
        done: number
        total: number
      }
      done.push(answer.done)
    }
    expect(done).toEqual([50, 100, 120])
    expect((await names()).slice(0, 3)).toEqual(['T0', 'T1', 'T2'])
    const file = await clara.get(`${at}/export`)
    expect(file.text.split('\r\n')).toHaveLength(122)
    const again = (await (await send(clara, `${at}/import/preview`, file.text)).json()) as {
      rows: { outcome: string }[]
    }
    expect(new Set(again.rows.map(({ outcome }) => outcome))).toEqual(new Set(['same']))
  })

  test('is given out as a download that no browser opens as a page, with nothing that is run as a formula', async () => {
    await make({ name: '=cmd|calc!A0', text: '@SUM(1)' })
    const answer = await fetch(`${house.url}${at}/export`, { headers: { cookie: clara.cookieHeader() } })
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename="templates.csv"')
    expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8')
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
    const text = await answer.text()
    expect(text).toContain(`"'=cmd|calc!A0","'@SUM(1)"`)
  })

  test.each([
    ['in letters of no known table', new Uint8Array([0xff, 0x00, 0xfe]), 'csv_invalid'],
    ['of nothing', '', 'csv_invalid'],
  ])('that is %s is refused', async (_, body, code) => {
    const answer = await send(clara, `${at}/import/preview`, body)
    expect(((await answer.json()) as { code: string }).code).toBe(code)
    expect(await names()).toEqual([])
  })
})

test('a file of more than a megabyte is refused before it is read', async () => {
  expect((await send(clara, `${at}/import/preview`, 'x'.repeat(1024 * 1024 + 1))).status).toBe(413)
})

describe('in a conversation', () => {
  test('is offered what is visible on its site, filled in for whom it is with', async () => {
    await make({
      name: 'Greeting',
      text: 'Hi {{contact.name|there}}, {{agent.name}} of {{site.name}} here.',
      position: '1',
    })
    await make({ name: 'Order', text: 'Your order {{order.number}}.', position: '2' })
    const hidden = await make({ name: 'Hidden', position: '3' })
    await clara.request('PUT', `${at}/${hidden}/visibility`, {})
    const boris = await knownWrites('Boris')
    expect(await offered(anna, boris.conversationId)).toMatchObject([
      { name: 'Greeting', text: 'Hi Boris, Anna of Water here.', missing: [] },
      { name: 'Order', text: 'Your order {{order.number}}.', missing: ['{{order.number}}'] },
    ])
  })

  test('a client of whom the shop tells is addressed with their order, their zone and what they owe', async () => {
    const api = await ApiClient.of(house.url, 'Olga')
    const at2 = '2026-01-31T18:00:00Z'
    const zone = { name: 'Север', districts: ['Озерки'], colour: 'cyan', days: [1] }
    const addresses = [{ externalId: 'home', address: 'Выборгское ш., 27', zone: 'north', district: 'Озерки' }]
    const sums = { contact: 'K-1', placedAt: at2, currency: 'RUB', sumMinor: 100, statusColour: 'green', lines: [] }
    const told = [
      await api.put('zones/north', zone),
      await api.put('contacts/K-1', { name: 'Марина', addresses }),
      await api.put('orders/O-1', { ...sums, number: '48213', status: 'В пути', address: 'home' }),
      await api.put('container-movements/M-1', { contact: 'K-1', type: '19 л', delivered: 7, returned: 1, at: at2 }),
    ]
    expect(told.map(({ status }) => status)).toEqual([201, 201, 201, 201])
    const { conversationId } = await visitorWrites(house, 'Hello')
    const visitorId = (await findConversation(conversationId))?.visitorId ?? ''
    const [contact] = await findContacts('Марина', 1)
    const { agentId } = (await anna.get('/session', 'application/json')).json
    await linkVisitor({ agentId: String(agentId) }, visitorId, { contactId: contact?.id ?? '' })
    const text = '{{contact.name}}: {{order.number}} {{order.status}}, {{zone.name}}, {{containers.owed}}'
    await make({ name: 'All', text })
    await eventually(
      async () => (await offered(anna, conversationId)).map((one) => one.text),
      ['Марина: 48213 В пути, Север, 6'],
    )
  })

  test('a name that looks like a placeholder is filled in as words, and can be sent', async () => {
    await make({ name: 'Greeting', text: 'Hi {{contact.name|there}}!' })
    const mallory = await knownWrites('{{agent.name}}{{order.number}}')
    const [greeting] = await offered(anna, mallory.conversationId)
    expect(greeting?.text).toBe('Hi ((agent.name))((order.number))!')
    const sent = await anna.send(mallory.conversationId, { clientId: newClientId(), body: greeting?.text ?? '' })
    expect(sent.outcome).toBe('ok')
    const raw = await anna.send(mallory.conversationId, { clientId: newClientId(), body: 'Hi {{contact.name|there}}!' })
    expect(raw).toMatchObject({ outcome: 'refused', code: 'placeholder_unfilled' })
  })

  test('each use is counted for the page, and only of what is offered there', async () => {
    const id = await make({ name: 'Greeting' })
    const boris = await visitorWrites(house, 'Hello')
    for (let n = 0; n < 3; n++)
      expect((await anna.request('POST', `/c/${boris.conversationId}/templates/${id}/uses`)).status).toBe(204)
    expect((await anna.request('POST', `/c/${boris.conversationId}/templates/${newId()}/uses`)).status).toBe(404)
    expect((await items())[0]?.uses).toBe(3)
    for (const none of [newId(), '%00'])
      expect((await anna.request('POST', `/c/${none}/templates/${id}/uses`)).json.code).toBe('conversation_unknown')
  })

  test('open consoles are told of every change, agents’ too', async () => {
    const live = await anna.live()
    await live.ping()
    const told = live.message((text) => text.includes('templates-changed'))
    await make({ name: 'Greeting' })
    expect(JSON.parse(await told)).toEqual({ poke: 'templates-changed' })
    await live.close()
  })
})

describe('who may', () => {
  const tries = (id: string): [string, string][] => [
    ['GET', at],
    ['GET', `${at}/list`],
    ['GET', `${at}/form`],
    ['GET', `${at}/${id}/form`],
    ['GET', `${at}/export`],
    ['POST', at],
    ['PUT', `${at}/${id}`],
    ['PUT', `${at}/${id}/position`],
    ['PUT', `${at}/${id}/place`],
    ['PUT', `${at}/${id}/visibility`],
    ['PUT', `${at}/${id}/removal`],
    ['DELETE', `${at}/${id}/removal`],
    ['POST', `${at}/${id}/copies`],
    ['POST', `${at}/import/preview`],
    ['POST', `${at}/import?from=0`],
  ]
  const body = { name: 'Evil', text: 'Evil.', position: '9', after: '', visible: 'on' }
  const ask = (client: AgentClient, [method, path]: [string, string], headers = {}): Promise<Answer> =>
    client.request(method, path, method === 'GET' ? undefined : body, headers)

  test('agents see what is offered and change nothing; strangers see nothing', async () => {
    const id = await make({ name: 'Kept' })
    const before = await items()
    for (const one of tries(id)) {
      expect([one, (await ask(anna, one)).json.code]).toEqual([one, 'forbidden'])
      const stranger = await fetch(house.url + one[1], {
        method: one[0],
        headers: { accept: 'application/json', origin: house.url, 'sec-fetch-site': 'same-origin' },
        ...(one[0] === 'GET' ? {} : { body: new URLSearchParams(body) }),
      })
      expect([one, stranger.status]).toEqual([one, 401])
    }
    const boris = await visitorWrites(house, 'Hello')
    expect(await offered(anna, boris.conversationId)).toHaveLength(1)
    const path = `/c/${boris.conversationId}/templates`
    expect((await fetch(house.url + path, { headers: { accept: 'application/json' } })).status).toBe(401)
    expect(await items()).toEqual(before)
  })

  test('no page of another site changes anything in an admin’s name', async () => {
    const id = await make({ name: 'Kept' })
    const boris = await visitorWrites(house, 'Hello')
    const before = await items()
    const uses: [string, string] = ['POST', `/c/${boris.conversationId}/templates/${id}/uses`]
    const unsafe = [...tries(id).filter(([method]) => method !== 'GET'), uses]
    for (const origin of ['http://evil.example', 'null']) {
      const headers = { origin, 'sec-fetch-site': 'cross-site' }
      for (const one of unsafe) expect([one, (await ask(clara, one, headers)).json.code]).toEqual([one, 'cross_site'])
    }
    expect(await items()).toEqual(before)
  })

  test('what is no template, no site and no place in a file is refused, not an error', async () => {
    for (const id of ['nothing', '__proto__', newId(), '%00']) {
      const answers = tries(id)
        .slice(3)
        .filter(([, path]) => path.includes(`${at}/${id}`))
      for (const one of answers) expect([one, (await ask(clara, one)).status]).toEqual([one, 404])
    }
    for (const from of ['-1', 'x', '1.5', '1e99'])
      expect((await send(clara, `${at}/import?from=${from}`, 'name,text\na,b\n')).status).toBe(400)
    expect((await clara.get(`${at}?site=${'%27'.repeat(20)}`)).status).toBe(200)
    expect((await clara.request('POST', at, { __proto__: 'x', constructor: 'y', name: '', text: '' })).status).toBe(422)
  })
})

const strangers = (document: Window['document']) => ({
  tags: [...document.querySelectorAll('img, iframe, math, object, embed, style, base, b, form[action="/pwned"]')]
    .length,
  attributes: [...document.querySelectorAll('*')]
    .flatMap((element) => [...element.attributes].map(({ name, value }) => `${name}=${value}`))
    .filter(
      (one) =>
        /^(on|style=|hx-on|data-hx)|pwned/.test(one) && !/^(value|title|aria-label|data-name|data-shortcut)=/.test(one),
    ),
})

test.each(shortCorpus.filter((text) => !/\{\{|\}\}/.test(text)))(
  '%j stays text, as a name and as words',
  async (payload) => {
    const id = await make({
      name: payload.slice(0, 100),
      text: payload,
      shortcut: payload.replaceAll(/\s/g, '').slice(0, 40),
    })
    const boris = await knownWrites(payload)
    const pages = [
      (await clara.get(at)).text,
      (await clara.get(`${at}/${id}/form`)).text,
      (await clara.request('POST', `${at}/${id}/copies`, {}, html)).text.replaceAll(/<\/?hx-partial[^>]*>/g, ''),
      (await anna.request('GET', `/c/${boris.conversationId}/templates`, undefined, html)).text,
      await (
        await send(clara, `${at}/import/preview`, `name,text\n"${payload.replaceAll('"', '""')}",x{{y}}\n`, 'text/html')
      ).text(),
      (await clara.request('POST', at, { as: 'form', name: payload, text: `${payload}{{`, position: payload }, html))
        .text,
    ]
    for (const text of pages) expect(await seen(text, strangers)).toEqual({ tags: 0, attributes: [] })
  },
)
