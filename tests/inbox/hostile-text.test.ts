import { afterAll, beforeAll, expect, test } from 'bun:test'
import { Window } from 'happy-dom'
import { setupLink } from '../../src/features/agents/index.ts'
import { keepContact } from '../../src/features/contacts/index.ts'
import { findConversation } from '../../src/features/conversations/index.ts'
import { knowVisitor } from '../../src/features/visitors/index.ts'
import { write } from '../../src/platform/db/write.ts'
import { AgentClient } from '../support/agent-client.ts'
import { openHouse, type TestHouse } from '../support/house.ts'
import { session, VisitorSocket } from '../support/visitor-client.ts'
import { visitorWrites } from './stage.ts'

const corpus = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '<svg/onload=alert(1)>',
  '"><script>alert(1)</script>',
  "' onmouseover='alert(1)",
  '<div hx-get="/settings/sites" hx-trigger="load">x</div>',
  '<div data-hx-on:click="alert(1)" hx-on:load="alert(1)">x</div>',
  '<hx-partial hx-target="#conversation" hx-swap="outerHTML">gone</hx-partial>',
  '</hx-partial></li></ol><form action="https://evil.example">',
  '<template><script>alert(1)</script></template>',
  '<a href="javascript:alert(1)">x</a>',
  '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
  '{{constructor.constructor("alert(1)")()}} ${alert(1)} #{alert(1)}',
  '<!--<script>alert(1)//-->',
  '<style>*{display:none}</style>',
  '{"poke":"inbox-changed"}',
  '\u202egnp.exe <b>',
  '&lt;script&gt;alert(1)&lt;/script&gt;',
]

let house: TestHouse
let olga: AgentClient
beforeAll(async () => {
  house = await openHouse({ 'no-limits': true })
  olga = new AgentClient(house.url)
  const token = new URL((await setupLink(house.url)) ?? '').searchParams.get('token') ?? ''
  const name = '<img src=x onerror=alert(1)> "Olga"'
  const owner = {
    token,
    name,
    email: 'olga@shop.test',
    password: 'correct horse battery',
    shop: '<script>alert(2)</script> shop',
  }
  await olga.request('POST', '/setup', owner)
})
afterAll(() => house.close())

/** What a browser would make of it: the elements and attributes that could act. */
function dangerIn(html: string): string[] {
  const window = new Window()
  window.document.body.innerHTML = html.replaceAll(/<script type="module" src="[^"]+"><\/script>/g, '')
  const danger = [...window.document.querySelectorAll('*')].flatMap((element) => {
    const bad = [...element.attributes].filter(
      ({ name, value }) =>
        /^on/i.test(name) || /hx-on/i.test(name) || /^\s*(javascript|data|vbscript):/i.test(value ?? ''),
    )
    return /^(script|iframe|object|embed|style|base|img)$/i.test(element.tagName)
      ? [element.outerHTML]
      : bad.map(({ name, value }) => `${name}=${value}`)
  })
  void window.happyDOM.close()
  return danger
}

/** What of a text may stand before the @ of an address. */
const mailbox = (text: string) => text.replaceAll(/[\s@<>()[\]\\,;:"\u202e]/gu, '') || 'x'

const unescaped = (html: string) =>
  html.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&')

test('the check itself sees danger', () => {
  expect(dangerIn('<p><img src=x onerror=alert(1)></p>')).not.toEqual([])
  expect(dangerIn('<a href="javascript:alert(1)">x</a>')).not.toEqual([])
})

test.each(corpus)('%p stays text in list, page, push, the name and what is being typed', async (payload) => {
  const page = { url: `https://shop.example/?q=${payload}`, title: payload }
  const boris = await visitorWrites(house, payload, { page })
  const visitorId = (await findConversation(boris.conversationId))?.visitorId ?? ''
  await write(async (tx) => knowVisitor(tx, visitorId, await keepContact(tx, { name: payload })))
  const live = await olga.live()
  live.watch(boris.conversationId)
  await live.message((text) => text.includes('"watching"'))
  await boris.say(payload, { page })
  const pushed = await live.message((text) => text.startsWith('<hx-partial'))
  const form = {
    name: payload,
    email: `${mailbox(payload)}@shop.example`,
    phone: `1 ${payload.slice(0, 30).trim()}`,
    topic: payload,
  }
  await boris.say(payload, { page, kind: 'feedback', form: { ...form, consent: true } })
  const formPushed = await live.message((text) => text.includes('data-is="form"'))
  await boris.say(form.email, { kind: 'email' })
  const eventPushed = await live.message((text) => text.includes('data-event="email_given"'))
  const { visitorToken } = await session(house.url, house.site.id)
  const newcomer = await VisitorSocket.connect(house.url, { token: visitorToken })
  newcomer.typing(payload)
  await newcomer.ping()
  const list = (await olga.get('/inbox/rows?folder=waiting&limit=200')).text
  const whole = (await olga.get(`/c/${boris.conversationId}`)).text
  const head = (await olga.get(`/c/${boris.conversationId}/actions`)).text
  for (const html of [pushed, formPushed, eventPushed, list, whole, head]) expect(dangerIn(html)).toEqual([])
  const shown = new Window()
  shown.document.body.innerHTML = formPushed
  const told = [...formPushed.matchAll(/<(?:dd|bdi)[^>]*>([^<]+)</g)].map(([, text = '']) => unescaped(text))
  expect(told.slice(0, 4)).toEqual([payload, form.email, form.phone, payload])
  const links = [...shown.document.querySelectorAll('.face dl a')].map((link) => link.getAttribute('href') ?? '')
  expect(links).toEqual([
    expect.stringMatching(/^mailto:[^@?&"<>]*@shop\.example$/),
    expect.stringMatching(/^tel:[\d+]+$/),
  ])
  expect(shown.document.querySelectorAll('li')).toHaveLength(1)
  void shown.happyDOM.close()
  const window = new Window()
  window.document.body.innerHTML = pushed
  expect(unescaped(/<p class="face" dir="auto">([^<]*)<\/p>/.exec(pushed)?.[1] ?? '')).toBe(payload)
  expect(window.document.querySelectorAll('li')).toHaveLength(1)
  expect(window.document.querySelectorAll('[hx-get],[data-hx-get]')).toHaveLength(0)
  void window.happyDOM.close()
  await Promise.all([live.close(), newcomer.close()])
})

test('names of agents, shops and sites stay text, in every page', async () => {
  for (const path of ['/inbox', '/settings/sites', '/account']) {
    const { text } = await olga.get(path)
    expect(dangerIn(text)).toEqual([])
  }
})

test.each([
  'javascript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  'vbscript:x',
  ' javascript:alert(1)',
  'ftp://x/',
])('a page at %p becomes no link', async (url) => {
  const boris = await visitorWrites(house, 'Hello', { page: { url, title: 'Water' } })
  expect((await olga.get(`/c/${boris.conversationId}`)).text).not.toContain('from-page')
})
