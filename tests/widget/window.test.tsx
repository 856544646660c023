import { expect, test } from 'bun:test'
import type { Entry } from '../../src/browser/widget/protocol.ts'
import { FakeServer, nobodyThere, SharedStorage, site } from './stage.ts'
import { button, happen, lendDocument, openWindow } from './window-stage.tsx'

lendDocument()

test('a message is "Not sent yet", then "Sent", then "Delivered" when an agent is there, then "Seen"', async () => {
  const { server, chat, draw, pass, all } = await openWindow()
  server.wire.push({ type: 'presence', ...nobodyThere })
  chat.send('Hello')
  draw()
  expect(all('.state')).toEqual(['Not sent yet'])
  await pass(100)
  expect(all('.state')).toEqual(['Sent'])
  server.wire.push({ type: 'presence', agents: 1, status: 'online', backAt: null })
  draw()
  expect(all('.state')).toEqual(['Delivered'])
  server.wire.push({ type: 'read', conversationId: 'c-1', seq: 1 })
  draw()
  expect(all('.state')).toEqual(['Seen'])
})

test('what was delivered stays delivered when the agents leave, and what comes after that is sent', async () => {
  const { server, chat, draw, pass, all } = await openWindow()
  chat.send('Hello')
  await pass(100)
  expect(all('.state')).toEqual(['Delivered'])
  server.wire.push({ type: 'presence', ...nobodyThere })
  chat.send('Anybody?')
  await pass(100)
  draw()
  expect(all('.state')).toEqual(['Delivered', 'Sent'])
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
  server.wire.push({ type: 'presence', ...nobodyThere })
  draw()
  expect(text('header p')).toBe('Nobody is here now')
  expect(text('.bar')).toBe('Write to us and leave your e-mail: we shall answer as soon as we are back.')
})

test('when agents are back is said in the zone and the language of the visitor', async () => {
  const server = new FakeServer()
  server.clock.now = Date.parse('2026-11-22T21:00:00')
  const { draw, text } = await openWindow({ server })
  const backAt = (at: string | null) => {
    server.wire.push({ type: 'presence', ...nobodyThere, backAt: at && Date.parse(at) })
    draw()
    return text('header p')?.replace('\u202f', ' ')
  }
  expect(backAt('2026-11-22T22:30:00')).toBe('Nobody is here now, back at 10:30 PM')
  expect(backAt('2026-11-23T08:00:00')).toBe('Nobody is here now, back tomorrow at 8:00 AM')
  expect(backAt('2026-11-25T08:00:00')).toBe('Nobody is here now, back on Wednesday at 8:00 AM')
  expect(backAt('2026-12-25T08:00:00')).toBe('Nobody is here now, back on Friday, December 25 at 8:00 AM')
  expect(backAt('2026-11-22T20:00:00')).toBe('Nobody is here now')
  expect(backAt(null)).toBe('Nobody is here now')
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
  expect(text('.state')).toBe('Delivered')
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
  server.site = { ...site, greeting: 'Welcome!' }
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
  const press = (init: Record<string, unknown>) => happen(field, 'keydown', { key: 'Enter', ...init })
  chat.type('Hello')
  draw()
  press({ shiftKey: true })
  press({ isComposing: true })
  press({ keyCode: 229 })
  expect(chat.outbox.items).toHaveLength(0)
  press({})
  expect(chat.outbox.items).toMatchObject([{ body: 'Hello' }])
})

test('a text that is too long is counted in words and not sent', async () => {
  const { chat, root, draw, text } = await openWindow()
  chat.type('x'.repeat(8003))
  draw()
  expect(text('.too-long')).toBe('3 characters too many')
  happen(root.querySelector('form'), 'submit')
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
  const { pass, until, root, all } = await openWindow({ server, shared })
  await pass(2000)
  expect(all('.face')).toHaveLength(200)
  expect(all('.face').at(-1)).toBe('Anna: 5000')
  button(root, 'Show earlier messages')?.click()
  await until(() => all('.face').length === 300)
  expect(all('.face')[0]).toBe('Anna: 4701')
  server.say('agent', 'the newest')
  await pass(10)
  expect(all('.face').at(-1)).toBe('Anna: the newest')
})

test('an unknown site is said to be unknown, and offers no field that leads nowhere', async () => {
  const { chat, root, draw, text } = await openWindow()
  chat.connection.shut = 'site_unknown'
  draw()
  expect(root.querySelector('textarea')).toBeNull()
  expect(text('.bar')).toBe('This chat is not connected yet: its site id is not known here.')
})
