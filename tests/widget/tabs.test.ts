import { expect, test } from 'bun:test'
import { openVault } from '../../src/browser/widget/vault.ts'
import { FakeServer, openTab, seenBy, SharedStorage } from './stage.ts'

const sends = (server: FakeServer) => server.wires.flatMap((wire) => wire.of('send'))

test('nothing is stored before the visitor acts, and a typed draft is an act', async () => {
  const server = new FakeServer()
  const shared = new SharedStorage()
  const { chat, pass } = openTab(server, shared)
  await pass(1000)
  expect(chat.connection.status).toBe('live')
  expect([...shared.map.keys()]).toEqual([])
  chat.type('Hel')
  await pass(1000)
  expect([...shared.map.keys()].sort()).toEqual(['kontuar:site-1:draft', 'kontuar:site-1:token'])
})

test('a widget that nobody opened and that was never written in asks nothing of anyone', async () => {
  const server = new FakeServer()
  const { chat, pass } = openTab(server, new SharedStorage(), { open: false })
  await pass(60_000)
  expect(chat.connection.status).toBe('idle')
  expect([server.requests, server.wires]).toEqual([[], []])
})

test('a widget that was written in before connects by itself, for the unread count', async () => {
  const server = new FakeServer()
  const shared = new SharedStorage()
  shared.map.set('kontuar:site-1:token', 'token-7')
  server.say('agent', 'one')
  const { unread, pass } = openTab(server, shared, { open: false })
  await pass(1000)
  expect(unread).toEqual([1])
  expect(server.requests).toEqual([])
})

test.each([{ noLocks: false }, { noLocks: true }])(
  'two tabs become one visitor with one conversation (%p)',
  async (options) => {
    const server = new FakeServer()
    const shared = new SharedStorage()
    shared.soon = (run) => server.clock.after(200, run)
    const one = openTab(server, shared, options)
    const two = openTab(server, shared, options)
    await one.pass(100)
    expect(one.chat.connection.token).not.toBe(two.chat.connection.token)
    one.chat.send('from one')
    two.chat.send('from two')
    await one.pass(2000)
    expect(one.chat.connection.token).toBe(two.chat.connection.token)
    const spoke = server.wires.filter((wire) => wire.of('send').length > 0)
    expect(new Set(spoke.map((wire) => wire.of('hello')[0]?.token)).size).toBe(1)
    expect(server.bodies().sort()).toEqual(['from one', 'from two'])
    expect(seenBy(one.chat)).toEqual(server.bodies())
    expect(seenBy(two.chat)).toEqual(server.bodies())
  },
)

test('of two tabs one drains, and what each wrote shows in both', async () => {
  const server = new FakeServer()
  const shared = new SharedStorage()
  shared.map.set('kontuar:site-1:token', 'token-7')
  const one = openTab(server, shared)
  const two = openTab(server, shared)
  await one.pass(100)
  for (let n = 0; n < 5; n++) {
    one.chat.send(`one ${n}`)
    two.chat.send(`two ${n}`)
  }
  await one.pass(2000)
  expect(server.log).toHaveLength(10)
  expect(sends(server)).toHaveLength(10)
  expect(seenBy(one.chat)).toEqual(server.bodies())
  expect(seenBy(two.chat)).toEqual(server.bodies())
  const mine = server.bodies().filter((body) => body.startsWith('one'))
  expect(mine).toEqual(['one 0', 'one 1', 'one 2', 'one 3', 'one 4'])
  expect([...shared.map.keys()].filter((key) => key.includes('pending'))).toEqual([])
})

test('without locks both tabs may drain: the server keeps each message once and both show it once', async () => {
  const server = new FakeServer()
  const shared = new SharedStorage()
  shared.map.set('kontuar:site-1:token', 'token-7')
  const one = openTab(server, shared, { noLocks: true })
  const two = openTab(server, shared, { noLocks: true })
  await one.pass(100)
  for (let n = 0; n < 5; n++) one.chat.send(`${n}`)
  await one.pass(3000)
  expect(server.bodies()).toEqual(['0', '1', '2', '3', '4'])
  expect(seenBy(one.chat)).toEqual(server.bodies())
  expect(seenBy(two.chat)).toEqual(server.bodies())
})

test('pending messages survive the tab: the next one drains them in order', async () => {
  const server = new FakeServer()
  server.socketsWork = server.httpWorks = false
  const shared = new SharedStorage()
  const first = openTab(server, shared)
  for (const body of ['one', 'two', 'three']) first.chat.send(body)
  await first.pass(500)
  expect(seenBy(first.chat)).toEqual(['one (pending)', 'two (pending)', 'three (pending)'])
  // the tab is gone: nothing of it runs on
  const revived = new FakeServer()
  const second = openTab(revived, shared)
  await second.pass(2000)
  expect(revived.bodies()).toEqual(['one', 'two', 'three'])
  expect(seenBy(second.chat)).toEqual(['one', 'two', 'three'])
})

test('a message whose ack was lost with its page is forgotten as soon as the next page finds it in the log', async () => {
  const server = new FakeServer()
  const shared = new SharedStorage()
  shared.map.set('kontuar:site-1:token', 'token-7')
  const item = { clientId: 'x', order: 1, body: 'Hello', at: 1 }
  shared.map.set('kontuar:site-1:pending:0000000000000001-x', JSON.stringify(item))
  server.keep(item)
  const { chat, vault, pass } = openTab(server, shared)
  await pass(2000)
  expect(seenBy(chat)).toEqual(['Hello'])
  expect(vault.items()).toEqual([])
})

test('the order of the queue does not depend on the clock', async () => {
  const server = new FakeServer()
  server.socketsWork = server.httpWorks = false
  const { chat, vault, pass } = openTab(server)
  chat.send('one')
  await pass(10)
  server.clock.now -= 3_600_000
  chat.send('two')
  await pass(10)
  expect(vault.items().map(({ body }) => body)).toEqual(['one', 'two'])
  expect(seenBy(chat)).toEqual(['one (pending)', 'two (pending)'])
})

test('a message that another tab sent from the shared queue is not taken for lost, nor sent for long', async () => {
  const server = new FakeServer()
  const shared = new SharedStorage()
  shared.map.set('kontuar:site-1:token', 'token-7')
  const one = openTab(server, shared)
  const two = openTab(server, shared)
  await one.pass(100)
  // the second tab is cut off from the live entries for a moment
  server.wires[1]?.break()
  one.chat.send('Hello')
  await one.pass(10)
  expect(seenBy(two.chat)).toEqual(['Hello (pending)'])
  await one.pass(5000)
  expect(seenBy(two.chat)).toEqual(['Hello'])
  expect(server.bodies()).toEqual(['Hello'])
})

test('a shop that clears its storage takes nothing out of the queue that is on the screen', async () => {
  const server = new FakeServer()
  server.socketsWork = server.httpWorks = false
  const shared = new SharedStorage()
  const { chat, pass } = openTab(server, shared)
  chat.send('Hello')
  await pass(100)
  shared.map.clear()
  server.socketsWork = server.httpWorks = true
  chat.connection.nudge()
  await pass(2000)
  expect(server.bodies()).toEqual(['Hello'])
})

test('a full storage keeps messages in memory, says so, and sends them all the same', async () => {
  const server = new FakeServer()
  server.socketsWork = server.httpWorks = false
  const shared = new SharedStorage()
  const { chat, pass } = openTab(server, shared)
  await pass(10)
  shared.full = true
  chat.send('Hello')
  await pass(10)
  expect(chat.outbox.items).toMatchObject([{ body: 'Hello', kept: false }])
  expect(shared.map.size).toBe(0)
  server.socketsWork = server.httpWorks = true
  chat.connection.nudge()
  await pass(2000)
  expect(server.bodies()).toEqual(['Hello'])
})

test('a storage that throws when it is touched is a widget that works from memory', async () => {
  const server = new FakeServer()
  const host = {
    get localStorage(): Storage {
      throw new DOMException('blocked', 'SecurityError')
    },
    get sessionStorage(): Storage {
      throw new DOMException('blocked', 'SecurityError')
    },
  }
  const { chat, vault, pass } = openTab(server, new SharedStorage(), { host })
  await pass(100)
  chat.type('Hel')
  chat.send('Hello')
  await pass(2000)
  expect(server.bodies()).toEqual(['Hello'])
  expect(vault.token()).toBe('token-1')
})

test('a draft survives a reload, and goes with the message', async () => {
  const server = new FakeServer()
  const shared = new SharedStorage()
  const first = openTab(server, shared)
  await first.pass(100)
  first.chat.type('half a sentence')
  await first.pass(100)
  const second = openTab(server, shared)
  await second.pass(100)
  expect(second.chat.draft).toBe('half a sentence')
  second.chat.send('a whole sentence')
  await second.pass(1000)
  expect(shared.map.has('kontuar:site-1:draft')).toBe(false)
  expect(first.chat.draft).toBe('')
})

test("another tab's draft is shown where nobody types, and nowhere else", async () => {
  const server = new FakeServer()
  const shared = new SharedStorage()
  const one = openTab(server, shared)
  const two = openTab(server, shared)
  const behind = openTab(server, shared, { hidden: true })
  await one.pass(100)
  two.chat.type('typed in two')
  await one.pass(10)
  expect([one.chat.draft, behind.chat.draft]).toEqual(['', 'typed in two'])
  // its storage event says that it replaced what two has typed
  one.chat.type('typed in one')
  await one.pass(10)
  expect(two.chat.draft).toBe('typed in two')
  one.chat.send('typed in one')
  await one.pass(1000)
  expect(two.chat.draft).toBe('typed in two')
})

test("another tab's draft never replaces what is typed here", async () => {
  const server = new FakeServer()
  const shared = new SharedStorage()
  const one = openTab(server, shared)
  const two = openTab(server, shared)
  await one.pass(100)
  one.chat.type('mine')
  two.chat.type('mine too')
  two.chat.type('mine, and more')
  await one.pass(100)
  one.chat.type('mine alone')
  two.chat.send('mine, and more')
  await one.pass(1000)
  expect(one.chat.draft).toBe('mine alone')
})

test('broken values under our own keys are passed over', () => {
  const shared = new SharedStorage()
  shared.map.set('kontuar:site-1:pending:0000000000000001-a', 'not json')
  shared.map.set('kontuar:site-1:pending:0000000000000002-b', '{"clientId":5}')
  shared.map.set('kontuar:site-1:read', 'NaN')
  shared.map.set('kontuar:site-2:pending:0000000000000003-c', '{"clientId":"c","order":3,"body":"other site"}')
  const vault = openVault(
    { localStorage: shared.open(), sessionStorage: shared.open(), navigator: {}, setTimeout },
    'site-1',
  )
  expect(vault.items()).toEqual([])
  expect(vault.readMark()).toBe(0)
  expect(vault.changeOf({ key: 'cart', oldValue: null, newValue: '1' })).toBeNull()
})
