import { afterEach, beforeEach, expect, test } from 'bun:test'
import { Window } from 'happy-dom'
import { render } from 'preact'
import type { Locale } from '../../src/catalogues/locales.ts'
import { App } from '../../src/browser/widget/app.tsx'
import * as forms from '../../src/browser/widget/forms.ts'
import type { Entry } from '../../src/browser/widget/protocol.ts'
import { whenIn } from '../../src/browser/widget/when.ts'
import { widgetTranslator } from '../support/widget-words.ts'
import { FakeServer, openTab, SharedStorage, site } from './stage.ts'

const borrowed = ['document', 'window', 'matchMedia', 'requestAnimationFrame', 'Node', 'Element', 'Text'] as const
const own = new Map(borrowed.map((name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)]))
const roots: HTMLElement[] = []
let window: Window

// The names that Preact reaches for, lent for one test and taken back: the server's tests run in the same process.
beforeEach(() => {
  window = new Window({ url: 'https://chat.test/widget/frame' })
  for (const name of borrowed) {
    const value = name === 'window' ? window : window[name]
    Object.defineProperty(globalThis, name, { configurable: true, writable: true, value })
  }
})

afterEach(async () => {
  for (const root of roots.splice(0)) render(null, root)
  // effects that were put off run before the window goes
  await Bun.sleep(20)
  for (const [name, descriptor] of own) {
    if (descriptor) Object.defineProperty(globalThis, name, descriptor)
    else Reflect.deleteProperty(globalThis, name)
  }
  await window.happyDOM.close()
})

async function openWindow({
  locale = 'en' as Locale,
  open = true,
  server = new FakeServer(),
  shared = new SharedStorage(),
} = {}) {
  const tab = openTab(server, shared, { open })
  const say = widgetTranslator(locale)
  const when = whenIn(locale, say, () => tab.chat.connection.known.clock.now())
  const extras = { showEmoji: async () => {}, forms: async () => forms }
  const root = document.body.appendChild(document.createElement('div'))
  roots.push(root)
  const draw = () => render(<App chat={tab.chat} say={say} when={when} extras={extras} />, root)
  async function pass(ms: number) {
    await tab.pass(ms)
    draw()
  }
  await pass(100)
  const all = (selector: string) => [...root.querySelectorAll(selector)].map((one) => one.textContent?.trim())
  return { ...tab, server, root, draw, pass, all, text: (selector: string) => all(selector)[0] ?? null }
}

const button = (root: HTMLElement, name: string) =>
  [...root.querySelectorAll('button')].find((one) => (one.getAttribute('aria-label') ?? one.textContent) === name)

test('a message is "Not sent yet", then "Sent", then "Seen"', async () => {
  const { server, chat, draw, pass, all } = await openWindow()
  chat.send('Hello')
  draw()
  expect(all('.state')).toEqual(['Not sent yet'])
  await pass(100)
  expect(all('.state')).toEqual(['Sent'])
  server.wire.push({ type: 'read', conversationId: 'c-1', seq: 1 })
  draw()
  expect(all('.state')).toEqual(['Seen'])
})

test('every state has a glyph beside its words', async () => {
  const { chat, root, pass } = await openWindow()
  chat.send('Hello')
  await pass(100)
  expect(root.querySelectorAll('.state svg[aria-hidden="true"]')).toHaveLength(1)
})

test('no connection is said in words, with what becomes of what is written', async () => {
  const { server, pass, text } = await openWindow()
  expect(text('.bar')).toBeNull()
  server.socketsWork = server.httpWorks = false
  server.wire.break()
  await pass(3000)
  expect(text('.bar')).toBe('Waiting for connection. What you write is kept and goes out by itself.')
  expect(text('header p')).toBeNull()
})

test('a message that only this page remembers asks to keep the page open', async () => {
  const { server, chat, storage, pass, text } = await openWindow()
  server.socketsWork = server.httpWorks = false
  server.wire.break()
  storage.setItem = () => {
    throw new DOMException('full', 'QuotaExceededError')
  }
  chat.send('Hello')
  await pass(3000)
  expect(text('.state')).toBe('Not sent yet. Keep this page open until it is sent.')
  expect(text('.bar')).toBe('Waiting for connection. Keep this page open until your message is sent.')
})

test('agents who are away are said to be away, and those who are there online', async () => {
  const { server, draw, text } = await openWindow()
  expect(text('header p')).toBe('Online')
  server.wire.push({ type: 'presence', agents: 0, status: 'away' })
  draw()
  expect(text('header p')).toBe('Nobody is here now')
  expect(text('.bar')).toContain('your message waits for us')
})

test('the switch of the chat is told, and what was typed stays', async () => {
  const { server, chat, root, draw, pass, text } = await openWindow()
  chat.type('half a')
  server.wire.push({ type: 'site', ...site, chatEnabled: false })
  draw()
  expect(text('.bar')).toContain('switched off')
  expect(text('header p')).toBeNull()
  expect(button(root, 'Send')?.getAttribute('aria-disabled')).toBe('true')
  expect(root.querySelector('textarea')?.value).toBe('half a')
  chat.send('before the switch')
  await pass(10)
  expect(text('.state')).toBe('Not sent yet: the chat is switched off')
})

test('a finished conversation says so and how to go on', async () => {
  const { server, chat, draw, pass, all, text } = await openWindow()
  chat.send('Hello')
  await pass(100)
  const finished: Entry = { ...server.say('agent', 'finished', { push: false }), kind: 'event' }
  server.wire.push({ type: 'entry', ...finished })
  draw()
  expect(text('.bar')).toBe('The conversation is finished. Write again to reopen it.')
  expect(all('.event').at(-1)).toBe('The conversation was finished')
  chat.send('One more thing')
  await pass(200)
  expect(text('.bar')).toBeNull()
})

test('a message that was refused says why, and can be tried again or discarded', async () => {
  const { server, chat, root, pass, all, text } = await openWindow()
  server.onSend = ({ clientId }) => ({ type: 'refuse', clientId, code: 'text_too_long', message: '', retryable: false })
  chat.send('one')
  chat.send('two')
  await pass(200)
  expect(all('.state')).toEqual(['Not sent: the message is too long.', 'Not sent: the message is too long.'])
  button(root, 'Discard')?.click()
  await pass(10)
  expect(all('.face')).toEqual(['You: two'])
  server.onSend = () => undefined
  button(root, 'Try again')?.click()
  await pass(200)
  expect(text('.state')).toBe('Sent')
})

test('too many messages at once is said so', async () => {
  const { server, chat, pass, text } = await openWindow()
  server.onSend = ({ clientId }) => ({
    type: 'refuse',
    clientId,
    code: 'rate_limited',
    message: '',
    retryable: true,
    retryAfterMs: 9000,
  })
  chat.send('one')
  await pass(200)
  expect(text('.state')).toBe('Not sent yet: many messages at once. It goes out by itself.')
})

test('the greeting is shown on the first opening, and stands once when it has become the first entry', async () => {
  const server = new FakeServer()
  server.site = { ...site, greeting: 'Welcome!' } as never
  const { chat, pass, all } = await openWindow({ server })
  expect(all('.face')).toEqual(['Northwater: Welcome!'])
  const greeting = { ...server.say('agent', 'Welcome!', { push: false }), author: { kind: 'system' } as const }
  server.log[0] = greeting
  server.wire.push({ type: 'entry', ...greeting })
  chat.send('Hello')
  await pass(100)
  expect(all('.face')).toEqual(['Northwater: Welcome!', 'You: Hello'])
})

test('an agent is named where they wrote, in the head, and while they type', async () => {
  const { server, draw, text, all } = await openWindow()
  server.say('agent', 'Good morning')
  server.wire.push({ type: 'typing', conversationId: 'c-1', agent: { name: 'Anna' } })
  draw()
  expect(text('h1')).toBe('Anna, Northwater')
  expect(all('.face')[0]).toBe('Anna: Good morning')
  expect(text('.typing .under')).toBe('Anna is typing')
})

test('what an agent writes is read out once, and history is not', async () => {
  const shared = new SharedStorage()
  shared.map.set('kontuar:site-1:token', 'token-1')
  shared.map.set('kontuar:site-1:read', '2')
  const server = new FakeServer()
  server.say('agent', 'old')
  server.say('agent', 'older')
  const { draw, root, text } = await openWindow({ server, shared })
  const live = '[aria-live="polite"]'
  expect(text(live)).toBe('')
  server.say('agent', 'new')
  draw()
  expect(text(live)).toBe('Anna: new')
  draw()
  expect(text(live)).toBe('Anna: new')
  expect(root.querySelector('[role="log"]')?.getAttribute('aria-live')).toBe('off')
})

test('links are clickable and nothing else is markup', async () => {
  const { server, draw, root } = await openWindow()
  server.say(
    'agent',
    '<img src=x onerror=alert(1)> javascript:alert(1) https://shop.test/a?b=1&c=(2). mailto:a@b.test tel:+48123',
  )
  draw()
  expect(root.querySelector('.face img')).toBeNull()
  expect([...root.querySelectorAll('.face a')].map((one) => one.getAttribute('href'))).toEqual([
    'https://shop.test/a?b=1&c=(2)',
    'mailto:a@b.test',
    'tel:+48123',
  ])
  for (const link of root.querySelectorAll('.face a')) expect(link.getAttribute('rel')).toContain('noopener')
})

test('Enter sends, Shift+Enter and the Enter of an input method do not', async () => {
  const { chat, root, draw } = await openWindow()
  const field = root.querySelector('textarea') as HTMLTextAreaElement
  const press = (init: object) =>
    field.dispatchEvent(
      new window.KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true, ...init }) as never,
    )
  chat.type('Hello')
  draw()
  press({ shiftKey: true })
  press({ isComposing: true })
  expect(chat.outbox.items).toHaveLength(0)
  press({})
  expect(chat.outbox.items).toMatchObject([{ body: 'Hello' }])
})

test('a text that is too long is counted in words and not sent', async () => {
  const { chat, root, draw, text } = await openWindow()
  chat.type('x'.repeat(8003))
  draw()
  expect(text('.too-long')).toBe('3 characters too many')
  root.querySelector('form')?.dispatchEvent(new window.Event('submit', { bubbles: true, cancelable: true }) as never)
  expect(chat.outbox.items).toHaveLength(0)
})

test('days are separated, and named as the visitor names them', async () => {
  const { server, draw, all } = await openWindow({ locale: 'ru' })
  const dayMs = 86_400_000
  server.clock.now = Date.parse('2026-11-22T12:00:00')
  for (const [index, at] of [3 * dayMs, dayMs, 0, 0].entries()) {
    server.wire.push({ type: 'entry', ...server.say('agent', `${index}`, { push: false }), at: server.clock.now - at })
  }
  draw()
  expect(all('.event time')).toEqual(['четверг, 19 ноября', 'Вчера', 'Сегодня'])
})

test('of 5,000 messages the newest are drawn, and older ones when they are asked for', async () => {
  const server = new FakeServer()
  for (let n = 1; n <= 5000; n++) server.say('agent', `${n}`)
  const shared = new SharedStorage()
  shared.map.set('kontuar:site-1:token', 'token-1')
  const { pass, draw, root, all } = await openWindow({ server, shared })
  await pass(2000)
  expect(all('.face')).toHaveLength(100)
  expect(all('.face').at(-1)).toBe('Anna: 5000')
  button(root, 'Show earlier messages')?.click()
  await Bun.sleep(5)
  draw()
  expect(all('.face')).toHaveLength(200)
})

test('an unknown site is said to be unknown, and offers no field that leads nowhere', async () => {
  const { chat, root, draw, text } = await openWindow()
  chat.connection.shut = 'site_unknown'
  draw()
  expect(root.querySelector('textarea')).toBeNull()
  expect(text('.bar')).toBe('This chat is not connected yet: its site id is not known here.')
})
