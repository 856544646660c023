import { expect, test } from 'bun:test'
import { defaultSettings } from '../../views/widget/settings.ts'
import { makeBell } from '../../src/browser/widget/bell.ts'
import type { ToLoader } from '../../src/browser/widget/port.ts'
import { FakeServer, nobodyThere, openTab, settle, SharedStorage, site, there } from './stage.ts'

const events = (told: ToLoader[], name: string) =>
  told
    .filter((message) => message.type === 'event' && message.name === name)
    .map((message) => 'detail' in message && message.detail)
const of = (told: ToLoader[], type: ToLoader['type']) => told.filter((message) => message.type === type)

function returning(server = new FakeServer()) {
  const shared = new SharedStorage()
  shared.map.set('kontuar:site-1:token', 'token-7')
  return { server, ...openTab(server, shared, { open: false }) }
}

test('a new message of an agent is told once, as plain words, and nothing of what was there before', async () => {
  const server = new FakeServer()
  server.say('agent', 'old')
  const { toLoader, pass } = returning(server)
  await pass(1000)
  expect(events(toLoader, 'message')).toEqual([])
  server.say('visitor', 'mine')
  server.say('agent', '**Yes**, [here](https://shop.test)')
  await pass(10)
  await pass(10)
  expect(events(toLoader, 'message')).toEqual([
    { author: { kind: 'agent', name: 'Anna' }, text: 'Yes, here', at: 1_001_000 },
  ])
})

test('what came while the connection was broken is new as well', async () => {
  const { server, toLoader, rings, pass } = returning()
  server.say('agent', 'old')
  await pass(1000)
  server.wire.break()
  server.say('agent', 'one')
  server.say('agent', 'two')
  await pass(3000)
  expect(events(toLoader, 'message')).toMatchObject([{ text: 'one' }, { text: 'two' }])
  expect(rings).toEqual([false])
})

test('of a conversation that begins here the first answer is new', async () => {
  const server = new FakeServer()
  const { chat, toLoader, rings, pass } = openTab(server)
  await pass(100)
  chat.send('Hello')
  await pass(100)
  server.say('agent', 'Good morning')
  await pass(10)
  expect(events(toLoader, 'message')).toMatchObject([{ text: 'Good morning' }])
  expect(rings).toEqual([false])
})

test('the history of another visitor, whom another tab turned out to be, is no news', async () => {
  const server = new FakeServer()
  const { chat, toLoader, rings, pass } = openTab(server)
  await pass(100)
  server.say('agent', 'long ago', { push: false })
  chat.take({ type: 'token', token: 'token-9' })
  await pass(3000)
  expect(chat.entries).toHaveLength(1)
  expect(events(toLoader, 'message')).toEqual([])
  expect(rings).toEqual([])
})

test('who is there is told when it is known and when it changes, and never without a connection', async () => {
  const { server, toLoader, pass } = returning()
  expect(events(toLoader, 'availability')).toEqual([])
  await pass(1000)
  server.wire.push({ type: 'presence', ...there })
  server.wire.push({ type: 'presence', ...nobodyThere, backAt: 5 })
  await pass(10)
  expect(events(toLoader, 'availability')).toEqual([
    { status: 'online', backAt: null },
    { status: 'away', backAt: 5 },
  ])
  server.socketsWork = server.httpWorks = false
  server.wire.break()
  await pass(60_000)
  expect(events(toLoader, 'availability')).toHaveLength(2)
})

test('the look is told as the server has it, and again when it changes', async () => {
  const { server, toLoader, pass } = returning()
  await pass(1000)
  const widget = { ...defaultSettings, colour: '#aa3300', theme: 'dark' as const }
  server.wire.push({ type: 'site', ...site, widget })
  server.wire.push({ type: 'site', ...site, widget, greeting: 'Hello' })
  await pass(10)
  expect(of(toLoader, 'look')).toEqual([
    { type: 'look', name: 'Northwater', widget: defaultSettings },
    { type: 'look', name: 'Northwater', widget },
  ])
})

test('the count stands in the title of the page only when the page has asked for it', async () => {
  const { server, chat, toLoader, pass } = returning()
  await pass(1000)
  server.say('agent', 'one')
  await pass(10)
  expect(of(toLoader, 'title')).toEqual([])
  chat.take({ type: 'attributes', attributes: { countInTitle: true } })
  server.say('agent', 'two')
  await pass(10)
  chat.seen()
  expect(of(toLoader, 'title')).toMatchObject([{ count: 1 }, { count: 2 }, { count: 0 }])
})

test('what the page writes into the field is neither kept nor shown to anybody before the visitor acts', async () => {
  const server = new FakeServer()
  const shared = new SharedStorage()
  const { chat, pass } = openTab(server, shared)
  await pass(100)
  chat.take({ type: 'prefill', text: 'I would like to order' })
  await pass(1000)
  expect(chat.draft).toBe('I would like to order')
  expect([...shared.map.keys()]).toEqual([])
  expect(server.wire.of('typing')).toEqual([])
  chat.type('I would like to order two')
  chat.take({ type: 'prefill', text: 'And a pump' })
  expect(chat.draft).toBe('I would like to order two\nAnd a pump')
})

test('the wish for silence is remembered, and every tab keeps to it', async () => {
  const server = new FakeServer()
  const shared = new SharedStorage()
  shared.map.set('kontuar:site-1:token', 'token-7')
  const one = openTab(server, shared)
  const two = openTab(server, shared)
  await one.pass(1000)
  one.chat.wish('silent', true)
  await one.pass(10)
  server.say('agent', 'one')
  await one.pass(10)
  expect([one.rings, two.rings]).toEqual([[true], [true]])
  const three = openTab(server, shared)
  await three.pass(1000)
  expect(three.chat.wishes.has('silent')).toBe(true)
  three.chat.wish('silent', false)
  await three.pass(10)
  expect(one.chat.wishes.has('silent')).toBe(false)
})

// --- the bell

function fakeAudio() {
  const notes: number[] = []
  let opened = 0
  const node = () => {
    const made = {
      connect: (to: object) => to,
      start: (at: number) => notes.push(at),
      stop: () => {},
      frequency: {},
      gain: { setValueAtTime() {}, linearRampToValueAtTime() {}, exponentialRampToValueAtTime() {} },
    }
    return made
  }
  const open = () => {
    opened++
    return {
      state: 'running',
      currentTime: 0,
      destination: {},
      resume: async () => {},
      createOscillator: node,
      createGain: node,
    } as unknown as AudioContext
  }
  return { notes, open, opened: () => opened }
}

const gesture = (document: EventTarget) => document.dispatchEvent(new Event('pointerdown'))

test('the bell is silent until the visitor has pressed something, and opens no sound before', async () => {
  const audio = fakeAudio()
  const document = new EventTarget() as Document
  const { ring } = makeBell(document, {}, audio.open)
  ring()
  await settle()
  expect([audio.opened(), audio.notes.length]).toEqual([0, 0])
  gesture(document)
  ring()
  await settle()
  expect([audio.opened(), audio.notes.length]).toEqual([1, 2])
})

test('of several tabs one rings', async () => {
  const audio = fakeAudio()
  const { locks } = new SharedStorage()
  const documents = [new EventTarget() as Document, new EventTarget() as Document]
  const bells = documents.map((document) => makeBell(document, { locks: onlyIfAvailable(locks) }, audio.open))
  documents.forEach(gesture)
  for (const { ring } of bells) ring()
  await settle()
  expect(audio.notes).toHaveLength(2)
})

test('where the locks are barred every tab rings for itself, and nothing fails', async () => {
  const audio = fakeAudio()
  const document = new EventTarget() as Document
  const locks = { request: () => Promise.reject(new DOMException('barred', 'SecurityError')) } as unknown as LockManager
  const { ring } = makeBell(document, { locks }, audio.open)
  gesture(document)
  ring()
  await settle()
  expect(audio.notes).toHaveLength(2)
})

/** Web Locks that know `ifAvailable`. */
function onlyIfAvailable(locks: LockManager): LockManager {
  let held = false
  return {
    request(name: string, _options: LockOptions, run: (lock: Lock | null) => Promise<void>) {
      if (held) return run(null)
      held = true
      return locks.request(name, () => run({ name, mode: 'exclusive' }))
    },
  } as unknown as LockManager
}
