import { expect, test } from 'bun:test'
import { noticeOf, offerOf } from '../../src/browser/widget/state.ts'
import { FakeServer, openTab, seenBy, settle, SharedStorage, site } from './stage.ts'

async function liveTab(server = new FakeServer()) {
  const tab = openTab(server)
  await tab.pass(100)
  expect(tab.chat.connection.status).toBe('live')
  return { server, ...tab }
}

test('a message is pending, then sent, then stands in the log once', async () => {
  const { server, chat, pass } = await liveTab()
  chat.send('Hello')
  expect(seenBy(chat)).toEqual(['Hello (pending)'])
  await pass(100)
  expect(seenBy(chat)).toEqual(['Hello'])
  expect(chat.entries).toHaveLength(1)
  expect(server.bodies()).toEqual(['Hello'])
})

test('a message carries the page that it was written on', async () => {
  const { server, chat, pass } = await liveTab()
  chat.send('Hello')
  await pass(100)
  expect(server.wire.of('send')[0]?.page).toEqual({ url: 'https://shop.test/', title: 'Shop' })
})

test('messages go out one at a time and in order', async () => {
  const { server, chat, pass } = await liveTab()
  for (const body of ['one', 'two', 'three']) chat.send(body)
  await settle()
  expect(server.wire.of('send')).toHaveLength(1)
  await pass(100)
  expect(server.bodies()).toEqual(['one', 'two', 'three'])
})

test('while a message is under way the next one waits, and it is not sent again', async () => {
  const { server, chat, pass } = await liveTab()
  server.onSend = () => null
  chat.send('one')
  await pass(10)
  chat.send('two')
  await pass(10)
  expect(server.wire.of('send').map(({ body }) => body)).toEqual(['one'])
})

test('an acknowledged message whose entry does not come is read from the log', async () => {
  const { server, chat, pass } = await liveTab()
  server.onSend = (send) => server.keep(send).frame
  chat.send('one')
  await pass(500)
  expect(chat.entries).toEqual([])
  expect(seenBy(chat)).toEqual(['one'])
  await pass(1000)
  expect(chat.entries).toMatchObject([{ body: 'one' }])
  expect(seenBy(chat)).toEqual(['one'])
})

test('a hole is asked for, and only what follows the watermark is shown', async () => {
  const { server, chat, pass } = await liveTab()
  server.say('agent', 'one')
  server.say('agent', 'two', { push: false })
  server.say('agent', 'three')
  expect(seenBy(chat)).toEqual(['one'])
  await pass(50)
  expect(seenBy(chat)).toEqual(['one', 'two', 'three'])
  expect(server.wire.of('since')).toEqual([{ type: 'since', conversationId: 'c-1', seq: 1 }])
})

test('a live entry that overtakes the page that was asked for is not lost', async () => {
  const { server, chat, pass } = await liveTab()
  server.say('agent', 'one')
  server.say('agent', 'two', { push: false })
  server.say('agent', 'three')
  const old = server.page(1)
  const { wire } = server
  wire.answer = () => {}
  server.say('agent', 'four')
  wire.push(old)
  expect(wire.of('since')).toHaveLength(2)
  wire.push(server.page(3))
  expect(seenBy(chat)).toEqual(['one', 'two', 'three', 'four'])
  await pass(0)
})

test('a server that never fills a hole is asked about once a second, not in a loop', async () => {
  const { server, pass } = await liveTab()
  server.say('agent', 'one')
  server.wire.answer = (frame) => {
    if (frame.type === 'since')
      server.wire.push({ type: 'entries', conversationId: 'c-1', from: 1, to: 1, items: [], more: false })
    if (frame.type === 'ping') server.wire.push({ type: 'pong' })
  }
  server.wire.push({ type: 'entry', ...server.say('agent', 'x', { push: false }), seq: 9, after: 8 })
  await pass(10_500)
  expect(server.wire.of('since').length).toBeGreaterThan(5)
  expect(server.wire.of('since').length).toBeLessThan(13)
})

test('after a broken connection the widget resumes from its watermark, with nothing missing or double', async () => {
  const { server, chat, pass } = await liveTab()
  server.say('agent', 'one')
  server.wire.break()
  server.say('agent', 'two')
  server.say('agent', 'three')
  await pass(2000)
  expect(server.wire.of('hello')).toEqual([
    { type: 'hello', protocol: 1, token: 'token-1', conversationId: 'c-1', since: 1 },
  ])
  expect(seenBy(chat)).toEqual(['one', 'two', 'three'])
})

test('a long history is paged through to its end', async () => {
  const server = new FakeServer()
  for (let n = 1; n <= 1000; n++) server.say('agent', `${n}`)
  const shared = new SharedStorage()
  shared.map.set('kontuar:site-1:token', 'token-9')
  const { chat, pass } = openTab(server, shared)
  await pass(500)
  expect(chat.entries).toHaveLength(1000)
  expect(chat.entries.at(-1)?.body).toBe('1000')
})

test('a message without an ack goes out again under the same id after the reconnect', async () => {
  const { server, chat, pass } = await liveTab()
  let lostAcks = 1
  server.onSend = (send) => {
    if (lostAcks-- <= 0) return undefined
    server.keep(send)
    server.wire.break()
    return null
  }
  chat.send('Hello')
  await pass(5000)
  expect(server.bodies()).toEqual(['Hello'])
  expect(seenBy(chat)).toEqual(['Hello'])
})

test('a send that is never answered ends the connection within 15 seconds and is sent again', async () => {
  const { server, chat, pass } = await liveTab()
  let silent = true
  server.onSend = () => (silent ? null : undefined)
  chat.send('Hello')
  await pass(15_100)
  expect(server.wires[0]?.open).toBe(false)
  silent = false
  await pass(3000)
  expect(server.bodies()).toEqual(['Hello'])
})

test('a retryable refusal keeps the message and retries it after retryAfterMs, later ones waiting behind it', async () => {
  const { server, chat, pass } = await liveTab()
  let refusals = 1
  server.onSend = ({ clientId }) =>
    refusals-- > 0
      ? { type: 'refuse', clientId, code: 'rate_limited', message: '', retryable: true, retryAfterMs: 4000 }
      : undefined
  chat.send('one')
  chat.send('two')
  await pass(3500)
  expect(seenBy(chat)).toEqual(['one (pending)', 'two (pending)'])
  expect(chat.connection.sender.heldBack).toBe('rate_limited')
  expect(server.wire.of('send')).toHaveLength(1)
  await pass(1000)
  expect(server.bodies()).toEqual(['one', 'two'])
  expect(chat.connection.sender.heldBack).toBeNull()
})

test('a retryable refusal without a time is retried with growing pauses, for ever', async () => {
  const { server, chat, pass } = await liveTab()
  server.onSend = ({ clientId }) => ({ type: 'refuse', clientId, code: 'storage_full', message: '', retryable: true })
  chat.send('one')
  await pass(600_000)
  const tries = server.wires.flatMap((wire) => wire.of('send')).length
  expect(tries).toBeGreaterThan(30)
  expect(tries).toBeLessThan(80)
  server.onSend = () => undefined
  await pass(20_000)
  expect(server.bodies()).toEqual(['one'])
})

test('a final refusal is shown with its code and holds nobody back; it can be tried again or discarded', async () => {
  const { server, chat, vault, pass } = await liveTab()
  server.onSend = ({ clientId, body }) =>
    body === 'long' ? { type: 'refuse', clientId, code: 'text_too_long', message: '', retryable: false } : undefined
  chat.send('long')
  chat.send('short')
  await pass(200)
  expect(seenBy(chat)).toEqual(['short', 'long (not sent: text_too_long)'])
  expect(vault.items()).toMatchObject([{ body: 'long', failed: { code: 'text_too_long' } }])
  server.onSend = () => undefined
  chat.retry(vault.items()[0]?.clientId ?? '')
  await pass(200)
  expect(seenBy(chat)).toEqual(['short', 'long'])
  expect(vault.items()).toEqual([])
})

test('a discarded message is gone from the page and from its storage', async () => {
  const { server, chat, vault, pass } = await liveTab()
  server.onSend = ({ clientId }) => ({ type: 'refuse', clientId, code: 'text_too_long', message: '', retryable: false })
  chat.send('long')
  await pass(200)
  chat.discard(chat.outbox.items[0]?.clientId ?? '')
  await pass(10)
  expect(seenBy(chat)).toEqual([])
  expect(vault.items()).toEqual([])
})

test('a message whose id belongs to another text is tried again under a new id', async () => {
  const { server, chat, pass } = await liveTab()
  server.onSend = ({ clientId }) => ({
    type: 'refuse',
    clientId,
    code: 'client_id_reused',
    message: '',
    retryable: false,
  })
  chat.send('one')
  await pass(200)
  const [failed] = chat.outbox.items
  server.onSend = () => undefined
  chat.retry(failed?.clientId ?? '')
  await pass(200)
  expect(server.log[0]?.clientId).not.toBe(failed?.clientId)
  expect(seenBy(chat)).toEqual(['one'])
})

test('while the chat is switched off nothing is sent and nothing is lost; it goes out when it is on again', async () => {
  const { server, chat, pass } = await liveTab()
  server.wire.push({ type: 'site', ...site, chatEnabled: false })
  chat.send('one')
  await pass(60_000)
  expect(server.wire.of('send')).toEqual([])
  expect(seenBy(chat)).toEqual(['one (pending)'])
  server.wire.push({ type: 'site', ...site, chatEnabled: true })
  await pass(100)
  expect(server.bodies()).toEqual(['one'])
})

test('a send that meets the switch is kept, not failed', async () => {
  const { server, chat, pass } = await liveTab()
  server.onSend = ({ clientId }) => ({ type: 'refuse', clientId, code: 'chat_disabled', message: '', retryable: false })
  chat.send('one')
  await pass(100)
  expect(seenBy(chat)).toEqual(['one (pending)'])
  expect(chat.connection.known.site?.chatEnabled).toBe(false)
})

test('when the socket fails twice the widget goes over to HTTP, and back when it can', async () => {
  const server = new FakeServer()
  server.socketsWork = false
  const { chat, pass } = openTab(server)
  await pass(5000)
  expect(chat.connection.status).toBe('polling')
  expect(server.wires.length).toBeGreaterThanOrEqual(2)
  chat.send('over HTTP')
  await pass(100)
  expect(server.requests.filter(({ path }) => path === '/messages')).toHaveLength(1)
  server.say('agent', 'answer')
  await pass(3500)
  expect(seenBy(chat)).toEqual(['over HTTP', 'answer'])
  server.socketsWork = true
  await pass(70_000)
  expect(chat.connection.status).toBe('live')
  const polls = server.requests.length
  await pass(60_000)
  expect(server.requests).toHaveLength(polls)
  server.say('agent', 'live again')
  expect(seenBy(chat)).toEqual(['over HTTP', 'answer', 'live again'])
})

test('without a socket what the visitor has seen is told over HTTP', async () => {
  const server = new FakeServer()
  server.socketsWork = false
  const { chat, pass } = openTab(server)
  await pass(5000)
  chat.send('Hello')
  await pass(5000)
  server.say('agent', 'answer')
  await pass(10_000)
  chat.seen()
  chat.seen()
  await pass(100)
  expect(server.requests.filter(({ path }) => path === '/read').map(({ body }) => body)).toEqual([
    { conversationId: 'c-1', seq: 2 },
  ])
})

test('polling begins at 3 s and slows to 30 s', async () => {
  const server = new FakeServer()
  server.socketsWork = false
  const { pass } = openTab(server)
  const polled = () => server.requests.filter(({ path }) => path.startsWith('/entries')).length
  await pass(15_000)
  expect(polled()).toBeGreaterThanOrEqual(4)
  await pass(300_000)
  const before = polled()
  await pass(300_000)
  expect(polled() - before).toBeGreaterThanOrEqual(9)
  expect(polled() - before).toBeLessThanOrEqual(11)
})

test('without a network it waits, never says that somebody is there, and sends all when it is back', async () => {
  const { server, chat, pass } = await liveTab()
  expect(chat.connection.known.availability?.status).toBe('online')
  server.socketsWork = server.httpWorks = false
  server.wire.break()
  chat.send('one')
  chat.send('two')
  await pass(3000)
  expect(chat.connection.status).toBe('waiting')
  expect(chat.connection.known.availability).toBeNull()
  await pass(3_600_000)
  server.socketsWork = server.httpWorks = true
  chat.connection.nudge()
  await pass(100)
  expect(server.bodies()).toEqual(['one', 'two'])
  expect(seenBy(chat)).toEqual(['one', 'two'])
})

test('a peer that has gone silent is noticed within 45 seconds', async () => {
  const { server, pass } = await liveTab()
  await pass(100_000)
  expect(server.wires).toHaveLength(1)
  server.wire.answer = () => {}
  await pass(45_000)
  expect(server.wires[0]?.open).toBe(false)
  expect(server.wires.length).toBeGreaterThan(1)
})

test('a server that says goodbye is come back to after the time that it asked for', async () => {
  const { server, pass } = await liveTab()
  server.wire.push({ type: 'bye', code: 'stopping', reconnectAfterMs: 2000 })
  await pass(1900)
  expect(server.wires).toHaveLength(1)
  await pass(200)
  expect(server.wires).toHaveLength(2)
})

test('a token that is no longer good is replaced, and what waited goes out under the new one', async () => {
  const server = new FakeServer()
  const shared = new SharedStorage()
  shared.map.set('kontuar:site-1:token', 'of another key')
  const { outside } = server
  const { request } = outside
  outside.request = (method, path, token, body) =>
    request(method, path, token, path === '/sessions' ? { siteId: 'site-1' } : body)
  const { chat, vault, pass } = openTab(server, shared)
  await settle()
  server.wire.answer = () => {}
  await pass(1)
  chat.send('Hello')
  server.wire.push({ type: 'refuse', code: 'token_invalid', message: '', retryable: false })
  await pass(2000)
  expect(vault.token()).toBe('token-1')
  expect(server.wire.of('hello')[0]?.token).toBe('token-1')
  expect(server.bodies()).toEqual(['Hello'])
})

test('a site that is not known is said so, and asked about seldom', async () => {
  const server = new FakeServer()
  server.outside.request = async () => ({ status: 404, json: { code: 'site_unknown', message: '', retryable: false } })
  const { chat, pass } = openTab(server)
  await pass(100)
  expect(chat.connection.shut).toBe('site_unknown')
  expect(server.wires).toEqual([])
})

test('typing is passed on at most every 300 ms with the last text, and ends with the message', async () => {
  const { server, chat, pass } = await liveTab()
  for (const text of ['H', 'He', 'Hel', 'Hell']) {
    chat.type(text)
    await pass(100)
  }
  await pass(300)
  expect(server.wire.of('typing').map(({ text }) => text)).toEqual(['Hel', 'Hell'])
  chat.send('Hello')
  expect(server.wire.of('typing').at(-1)?.text).toBe('')
})

test('an agent who types is shown until they send or stop for a while', async () => {
  const { server, chat, pass } = await liveTab()
  server.say('agent', 'one')
  server.wire.push({ type: 'typing', conversationId: 'c-1', agent: { name: 'Anna' } })
  expect(chat.connection.known.typingAgent).toBe('Anna')
  server.say('agent', 'two')
  expect(chat.connection.known.typingAgent).toBeNull()
  server.wire.push({ type: 'typing', conversationId: 'c-1', agent: { name: 'Anna' } })
  await pass(7000)
  expect(chat.connection.known.typingAgent).toBeNull()
})

test('what the visitor has seen is told once, and unread counts only what agents wrote since', async () => {
  const { server, chat, unread, pass } = await liveTab()
  chat.send('Hello')
  await pass(100)
  server.say('agent', 'one')
  server.say('agent', 'two')
  await pass(10)
  expect(unread.at(-1)).toBe(2)
  chat.seen()
  chat.seen()
  await pass(10)
  expect(unread.at(-1)).toBe(0)
  expect(server.wire.of('read')).toEqual([{ type: 'read', conversationId: 'c-1', seq: 3 }])
})

test('a text keeps its line breaks and loses only what no store could give back', async () => {
  const { server, chat, pass } = await liveTab()
  expect(chat.send(' \n ')).toBe(false)
  chat.send('one\n  two\0 \ud800!')
  await pass(100)
  expect(server.bodies()).toEqual(['one\n  two \ufffd!'])
})

test('the server is told where the visitor is with each hello, and what is new of it at once', async () => {
  const { server, chat, pass } = await liveTab()
  const page = { url: 'https://shop.test/cart', title: 'Cart' }
  chat.take({ type: 'page', page, referrer: 'https://search.test/' })
  chat.take({ type: 'attributes', attributes: { plan: 'gold' } })
  expect(server.wire.of('page')).toEqual([
    { type: 'page', page, referrer: 'https://search.test/' },
    { type: 'page', attributes: { plan: 'gold' } },
  ])
  const first = server.wire
  first.break()
  await pass(2000)
  expect(server.wire).not.toBe(first)
  expect(server.wire.of('hello')[0]?.visit).toEqual({
    page,
    referrer: 'https://search.test/',
    attributes: { plan: 'gold' },
  })
})

test('without a socket the visit goes with each message', async () => {
  const server = new FakeServer()
  server.socketsWork = false
  const { chat, pass } = openTab(server)
  chat.take({ type: 'page', page: { url: 'https://shop.test/cart', title: 'Cart' }, referrer: '' })
  await pass(10_000)
  chat.send('Hello')
  await pass(5000)
  const sent = server.requests.find(({ path }) => path === '/messages')
  expect(sent?.body).toMatchObject({ visit: { page: { url: 'https://shop.test/cart' } } })
})

test('a visitor who is blocked is told at once, and again when they are not any more', async () => {
  const { server, chat } = await liveTab()
  server.wire.push({ type: 'visitor', verified: false, blocked: true, email: null })
  expect(noticeOf(chat, false)).toBe('blocked')
  expect(offerOf(chat)).toBe('nothing')
  server.wire.push({ type: 'visitor', verified: false, blocked: false, email: null })
  expect(noticeOf(chat, false)).toBeNull()
  expect(offerOf(chat)).toBe('chat')
})
