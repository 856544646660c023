import { afterEach, describe, expect, jest, test } from 'bun:test'
import type { Locale } from '../../src/platform/lib/i18n.ts'
import {
  clearHub,
  closeWatchers,
  leave,
  poke,
  pushFragment,
  pushFrame,
  unwatch,
  watch,
  watched,
  type Watcher,
} from '../../src/platform/live/hub.ts'
import {
  clearPresence,
  enter,
  leavePresence,
  onPresence,
  present,
  sayPresent,
} from '../../src/platform/live/presence.ts'

type Window = Watcher & { got: string[]; closed: number[] }
const all: Window[] = []

function window(locale: Locale = 'en'): Window {
  const got: string[] = []
  const closed: number[] = []
  const made = {
    locale,
    got,
    closed,
    send: (text: string) => void got.push(text),
    close: (code: number) => void closed.push(code),
  }
  all.push(made)
  return made
}

afterEach(() => {
  jest.useRealTimers()
  for (const one of all.splice(0)) leave(one)
  clearHub()
  clearPresence()
})

describe('the hub', () => {
  test('renders once for each language among those who watch, and not for others', () => {
    const [one, two, russian, elsewhere] = [window(), window(), window('ru'), window('fr')]
    for (const watcher of [one, two, russian]) watch(watcher, 'conversation:1')
    watch(elsewhere, 'conversation:2')
    const rendered: Locale[] = []
    pushFragment('conversation:1', (locale) => {
      rendered.push(locale)
      return `<p>${locale}</p>`
    })
    expect(rendered.toSorted()).toEqual(['en', 'ru'])
    expect([one.got, two.got, russian.got, elsewhere.got]).toEqual([['<p>en</p>'], ['<p>en</p>'], ['<p>ru</p>'], []])
  })

  test('renders nothing for an event that nobody watches', () => {
    const gone = window()
    watch(gone, 'conversation:1')
    unwatch(gone, 'conversation:1')
    expect(watched('conversation:1')).toBe(false)
    pushFragment('conversation:1', () => {
      throw new Error('was rendered')
    })
    expect(gone.got).toEqual([])
  })

  test('sends nothing more to a window that has left', () => {
    const [left, stayed] = [window(), window()]
    for (const one of [left, stayed]) for (const topic of ['a', 'b']) watch(one, topic)
    leave(left)
    pushFrame('a', { n: 1 })
    pushFrame('b', { n: 2 })
    expect([left.got, stayed.got]).toEqual([[], ['{"n":1}', '{"n":2}']])
  })

  test('closes those who watch a topic, and only them', () => {
    const [mine, other] = [window(), window()]
    watch(mine, 'session:1')
    watch(other, 'session:2')
    closeWatchers('session:1', 1001, 'signed_out')
    expect([mine.closed, other.closed]).toEqual([[1001], []])
  })

  test('pokes at once after a quiet time, then gathers what comes within 250 ms', () => {
    jest.useFakeTimers()
    const one = window()
    watch(one, 'agents')
    for (let n = 0; n < 50; n++) poke('agents', 'inbox-changed')
    expect(one.got).toEqual(['{"poke":"inbox-changed"}'])
    jest.advanceTimersByTime(249)
    expect(one.got).toHaveLength(1)
    jest.advanceTimersByTime(1)
    expect(one.got).toHaveLength(2)
    jest.advanceTimersByTime(5000)
    expect(one.got).toHaveLength(2)
    poke('agents', 'inbox-changed')
    expect(one.got).toHaveLength(3)
  })

  test('slows down as more consoles would ask: one poke in two seconds at two hundred', () => {
    jest.useFakeTimers()
    const consoles = Array.from({ length: 200 }, () => window())
    for (const one of consoles) watch(one, 'agents')
    for (let ms = 0; ms < 10_000; ms += 5) {
      poke('agents', 'inbox-changed')
      jest.advanceTimersByTime(5)
    }
    expect(consoles[0]!.got.length).toBeWithin(4, 7)
  })
})

describe('presence', () => {
  test('is by person: a second window changes nothing, the last one that closes does, after a grace for a reload', () => {
    jest.useFakeTimers()
    let changes = 0
    onPresence(() => changes++)
    enter('a', 'Anna')
    enter('a', 'Anna')
    expect([present(), changes]).toEqual([[{ id: 'a', name: 'Anna' }], 1])
    leavePresence('a')
    leavePresence('a')
    jest.advanceTimersByTime(4000)
    enter('a', 'Anna')
    jest.advanceTimersByTime(10_000)
    expect([present().length, changes]).toEqual([1, 1])
    leavePresence('a')
    jest.advanceTimersByTime(5001)
    expect([present(), changes]).toEqual([[], 2])
  })

  test('of whoever is away is nobody’s, from the first window on, until they are back', () => {
    let changes = 0
    onPresence(() => changes++)
    enter('a', 'Anna', { title: 'Orders', away: true })
    expect(present()).toEqual([])
    // What a later window brings along may be older than what was said since.
    sayPresent('a', false)
    enter('a', 'Anna', { title: 'Orders', away: true })
    expect(present()).toEqual([{ id: 'a', name: 'Anna', title: 'Orders' }])
    sayPresent('a', false)
    sayPresent('a', true)
    sayPresent('ghost', false)
    expect([present(), changes]).toEqual([[], 3])
  })

  test('of somebody who never came is nobody’s', () => {
    leavePresence('ghost')
    expect(present()).toEqual([])
  })
})
