import { expect, test } from 'bun:test'
import { FakeServer, openTab, seenBy, SharedStorage } from './stage.ts'
import { button, happen, lendDocument, openWindow } from './window-stage.tsx'

lendDocument()

/** A clipboard that remembers; `works: false` is one that the shop's page gives no leave to use. */
function lendClipboard(works = true) {
  const copied: string[] = []
  const writeText = async (text: string) => {
    if (!works) throw new DOMException('not allowed', 'NotAllowedError')
    copied.push(text)
  }
  Object.defineProperty(navigator, 'clipboard', { configurable: true, value: { writeText } })
  return copied
}

async function offline({ server, pass }: Awaited<ReturnType<typeof openWindow>>) {
  server.socketsWork = server.httpWorks = false
  server.wire.break()
  await pass(3000)
}

test('a message that waits without a connection can be taken back into the field, and is nowhere else', async () => {
  const opened = await openWindow()
  const { server, chat, vault, root, pass } = opened
  await offline(opened)
  chat.type('one')
  chat.send('one')
  chat.type('two')
  await pass(10)
  button(root, 'Take back')?.click()
  await pass(10)
  expect(chat.draft).toBe('one\ntwo')
  expect(chat.outbox.items).toEqual([])
  expect(vault.items()).toEqual([])
  server.socketsWork = server.httpWorks = true
  chat.connection.nudge()
  await pass(20_000)
  expect(server.bodies()).toEqual([])
})

test('a message that has been on the wire cannot be taken back: nobody knows whether it was kept', async () => {
  const opened = await openWindow()
  const { server, chat, root, pass, vault } = opened
  server.onSend = () => null
  chat.send('one')
  await pass(10)
  await offline(opened)
  expect(opened.text('.state')).toBe('Not sent yet')
  expect(button(root, 'Take back')).toBeUndefined()
  chat.takeBack(chat.outbox.items[0]?.clientId ?? '')
  expect(chat.outbox.items).toHaveLength(1)
  expect(vault.items()).toMatchObject([{ tried: true }])
})

test('that a message was on the wire is known after a reload, too', async () => {
  const shared = new SharedStorage()
  const server = new FakeServer()
  server.onSend = () => null
  const first = openTab(server, shared)
  await first.pass(100)
  first.chat.send('one')
  await first.pass(10)
  const second = await openWindow({
    server: Object.assign(new FakeServer(), { socketsWork: false, httpWorks: false }),
    shared,
  })
  await second.pass(5000)
  expect(second.all('.face')).toEqual(['You: one'])
  expect(button(second.root, 'Take back')).toBeUndefined()
})

test('what one tab takes back, the tab that would have sent it lets go', async () => {
  const server = new FakeServer()
  const shared = new SharedStorage()
  shared.map.set('kontuar:site-1:token', 'token-7')
  const one = openTab(server, shared)
  const two = openTab(server, shared)
  await one.pass(100)
  server.socketsWork = server.httpWorks = false
  for (const wire of server.wires) wire.break()
  await one.pass(3000)
  one.chat.send('one')
  await one.pass(10)
  expect(seenBy(two.chat)).toEqual(['one (pending)'])
  one.chat.takeBack(one.chat.outbox.items[0]?.clientId ?? '')
  await one.pass(10)
  expect([seenBy(one.chat), seenBy(two.chat)]).toEqual([[], []])
  server.socketsWork = server.httpWorks = true
  for (const { chat } of [one, two]) chat.connection.nudge()
  await one.pass(20_000)
  expect(server.bodies()).toEqual([])
})

test('a refusal that is quicker than the page’s storage stays a refusal, and nothing is sent twice', async () => {
  const { server, chat, pass, toLoader } = await openWindow()
  server.onSend = ({ clientId }) => ({ type: 'refuse', clientId, code: 'text_invalid', message: '', retryable: false })
  chat.send('one')
  await pass(100)
  const stored = toLoader.findLast((message) => message.type === 'keep' && message.item.tried)
  const item = stored?.type === 'keep' ? stored.item : null
  if (!item) throw new Error('it was not stored as tried')
  chat.take({ type: 'item', item: { ...item, order: 1 }, kept: true })
  await pass(5000)
  expect(seenBy(chat)).toEqual(['one (not sent: text_invalid)'])
  expect(server.wire.of('send')).toHaveLength(1)
})

test('while the connection stands nothing offers to be taken back for the moment that it is under way', async () => {
  const { chat, root, draw } = await openWindow()
  chat.send('one')
  draw()
  expect(button(root, 'Take back')).toBeUndefined()
})

test('a message is copied as it was written, and that is said', async () => {
  const copied = lendClipboard()
  const { server, root, draw, text, until } = await openWindow()
  server.say('agent', '**Bold** and `code`')
  draw()
  expect(text('.face')).toBe('Anna: Bold and code')
  button(root, 'Copy the message')?.click()
  await until(() => text('.toast') === 'Copied')
  expect(copied).toEqual(['**Bold** and `code`'])
  expect(root.querySelector('.toast')?.getAttribute('role')).toBe('status')
})

test('where the clipboard is barred the old command copies', async () => {
  lendClipboard(false)
  const commanded: string[] = []
  Object.defineProperty(document, 'execCommand', {
    configurable: true,
    value: (command: string) => {
      commanded.push(`${command} ${(document.activeElement as HTMLTextAreaElement).value}`)
      return true
    },
  })
  const { server, root, draw, text, until } = await openWindow()
  server.say('agent', 'one')
  draw()
  const copy = button(root, 'Copy the message')
  copy?.focus()
  copy?.click()
  await until(() => text('.toast') === 'Copied')
  expect(commanded).toEqual(['copy one'])
  expect(document.activeElement).toBe(copy ?? null)
})

test('a long press copies, and a tap, a scroll and a press on a link do not', async () => {
  const copied = lendClipboard()
  const { server, root, draw, text, until } = await openWindow()
  server.say('agent', 'one https://shop.test/')
  draw()
  const [face, link] = [root.querySelector('.face'), root.querySelector('.face a')]
  const touch = (target: Element | null, heldMs: number, moved = 0) => {
    const at = { pointerType: 'touch', clientX: 10, clientY: 10 }
    const down = happen(target, 'pointerdown', at)
    if (moved) happen(target, 'pointermove', { ...at, clientY: 10 + moved })
    const up = { ...at }
    const now = performance.now
    performance.now = () => down.timeStamp + heldMs
    happen(target, 'pointerup', up)
    performance.now = now
  }
  touch(face, 100)
  touch(face, 900, 40)
  touch(link, 900)
  expect(copied).toEqual([])
  touch(face, 900)
  await until(() => text('.toast') === 'Copied')
  expect(copied).toEqual(['one https://shop.test/'])
})

test('one message is a stop for the Tab key, and the arrow keys go to the others', async () => {
  const { server, root, draw } = await openWindow()
  for (const body of ['one', 'two', 'three']) server.say('agent', body)
  draw()
  const buttons = [...root.querySelectorAll<HTMLElement>('.copy')]
  expect(buttons.map(({ tabIndex }) => tabIndex)).toEqual([-1, -1, 0])
  buttons[2]?.focus()
  happen(buttons[2], 'keydown', { key: 'ArrowUp' })
  expect(document.activeElement).toBe(buttons[1] ?? null)
  happen(buttons[1], 'keydown', { key: 'ArrowUp' })
  happen(buttons[0], 'keydown', { key: 'ArrowUp' })
  expect(document.activeElement).toBe(buttons[0] ?? null)
  happen(buttons[0], 'keydown', { key: 'ArrowDown' })
  expect(document.activeElement).toBe(buttons[1] ?? null)
})

test('an agent is shown with their title and their photo, and with letters where there is none', async () => {
  const { server, root, draw, text } = await openWindow()
  const photo = 'a'.repeat(64)
  const say = (author: object) => {
    const entry = server.say('agent', 'Hello', { push: false })
    Object.assign(entry.author, author)
    server.wire.push({ type: 'entry', ...entry })
    draw()
  }
  say({ id: 'x1', name: 'Анна Белова' })
  expect(text('.face-of')).toBe('АБ')
  expect(text('.say .under')).toContain('Анна Белова')
  say({ id: 'x1', name: 'Анна Белова', title: 'Доставка', photo })
  expect(root.querySelector('img.face-of')?.getAttribute('src')).toBe(`/pictures/${photo}`)
  expect(root.querySelector('img.face-of')?.getAttribute('alt')).toBe('')
  expect(text('header p')).toBe('Доставка · Online')
  expect(text('.say:last-child .under')).toContain('Анна Белова, Доставка')
  happen(root.querySelector('img.face-of'), 'error')
  draw()
  expect(text('.face-of')).toBe('АБ')
})

test('an agent’s name in letters that no screen reader should spell is read in full elsewhere', async () => {
  const { server, root, draw } = await openWindow()
  server.say('agent', 'Hello')
  draw()
  expect(root.querySelector('.face-of')?.getAttribute('aria-hidden')).toBe('true')
  expect(root.querySelector('h1')?.textContent).toBe('Anna, Northwater')
})

test.each([-7, 5])('today is today although the visitor’s clock is wrong by %i hours', async (hours) => {
  const server = new FakeServer()
  const serverNow = Date.parse('2026-11-22T12:00:00')
  const wrong = hours * 3_600_000 * 3
  server.clock.now = serverNow + wrong
  const { chat, draw, all } = await openWindow({ server })
  // The document that the window came with says what time it is.
  chat.connection.known.clock.set(serverNow)
  for (const at of [serverNow - 86_400_000, serverNow]) {
    server.wire.push({ type: 'entry', ...server.say('agent', 'x', { push: false }), at })
  }
  draw()
  expect(all('.event time')).toEqual(['Yesterday', 'Today'])
})

test('a clock that is behind is found out by what comes, without being told', async () => {
  const server = new FakeServer()
  const serverNow = Date.parse('2026-11-22T12:00:00')
  server.clock.now = serverNow - 9 * 86_400_000
  const { draw, all, chat } = await openWindow({ server })
  server.wire.push({ type: 'entry', ...server.say('agent', 'x', { push: false }), at: serverNow })
  draw()
  expect(all('.event time')).toEqual(['Today'])
  chat.send('an answer')
  expect(chat.outbox.items[0]?.at).toBe(serverNow)
})

test('a message of a form is shown with who, how and what about', async () => {
  const { server, draw, text } = await openWindow()
  const entry = server.say('visitor', 'The cap is missing', { push: false })
  const form = { name: 'Boris', email: 'b@mail.test', topic: 'A complaint' }
  server.wire.push({ type: 'entry', ...entry, kind: 'feedback', form })
  draw()
  for (const part of ['Boris', 'b@mail.test', 'A complaint', 'The cap is missing'])
    expect(text('.face')).toContain(part)
})

test('an entry that has not changed is not drawn again', async () => {
  const server = new FakeServer()
  for (let n = 1; n <= 50; n++) server.say('agent', `${n}`)
  const shared = new SharedStorage()
  shared.map.set('kontuar:site-1:token', 'token-1')
  const { chat, pass, root, draw } = await openWindow({ server, shared })
  await pass(1000)
  const first = root.querySelector('.face')
  if (!first) throw new Error('nothing is shown')
  first.textContent = 'touched by the test'
  chat.type('typing')
  draw()
  expect(first.textContent).toBe('touched by the test')
})

test('in a window that opened by itself nothing counts as read, and the focus stays away, until the visitor turns to it', async () => {
  const server = new FakeServer()
  server.say('agent', 'Good morning')
  const shared = new SharedStorage()
  shared.map.set('kontuar:site-1:token', 'token-1')
  const { chat, root, unread, pass, until } = await openWindow({ server, shared, open: false })
  chat.take({ type: 'open', open: true, quiet: true })
  await pass(1000)
  await until(() => unread.at(-1) === 1)
  expect(document.activeElement).toBe(document.body)
  happen(root.querySelector('.log'), 'pointerdown')
  await until(() => unread.at(-1) === 0)
  expect(server.wire.of('read')).toHaveLength(1)
})
