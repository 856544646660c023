import { expect, test } from 'bun:test'
import { emptyLog, takeEntries, takeEntry } from '../../src/browser/widget/log.ts'
import type { Entry } from '../../src/browser/widget/protocol.ts'

const entry = (seq: number, after: number): Entry => ({
  conversationId: 'c',
  seq,
  after,
  kind: 'text',
  author: { kind: 'agent' },
  body: `${seq}`,
  at: 0,
})
const page = (from: number, to: number, items: Entry[], more = false) => ({
  conversationId: 'c',
  from,
  to,
  items,
  more,
})
const seqs = (log: ReturnType<typeof emptyLog>) => log.entries.map(({ seq }) => seq)

test('an entry that follows what is known is taken, whatever seq was skipped for this reader', () => {
  const log = emptyLog()
  expect(takeEntry(log, entry(2, 0))).toBe(true)
  expect(takeEntry(log, entry(7, 2))).toBe(true)
  expect(seqs(log)).toEqual([2, 7])
})

test('a live entry after a hole is not taken and never moves the watermark', () => {
  const log = emptyLog()
  takeEntry(log, entry(1, 0))
  expect(takeEntry(log, entry(5, 3))).toBe(false)
  expect(log.watermark).toBe(1)
  expect(takeEntries(log, page(1, 5, [entry(3, 1), entry(5, 3)]))).toBe(true)
  expect(seqs(log)).toEqual([1, 3, 5])
})

test('a page that was made before a live entry overtook it says that more must be asked for', () => {
  const log = emptyLog()
  expect(takeEntry(log, entry(4, 3))).toBe(false)
  expect(takeEntries(log, page(0, 3, [entry(1, 0), entry(3, 1)]))).toBe(false)
  expect(takeEntries(log, page(3, 4, [entry(4, 3)]))).toBe(true)
  expect(seqs(log)).toEqual([1, 3, 4])
})

test('what came twice stands once', () => {
  const log = emptyLog()
  takeEntries(log, page(0, 3, [entry(1, 0), entry(3, 1)]))
  takeEntry(log, entry(3, 1))
  takeEntries(log, page(0, 4, [entry(1, 0), entry(3, 1), entry(4, 3)]))
  expect(seqs(log)).toEqual([1, 3, 4])
})

test('a page that begins above the watermark is a hole too', () => {
  const log = emptyLog()
  expect(takeEntries(log, page(2, 5, [entry(5, 2)]))).toBe(false)
  expect(log.watermark).toBe(0)
})

test('a page whose end is not visible moves the watermark past it', () => {
  const log = emptyLog()
  takeEntries(log, page(0, 9, [entry(4, 0)]))
  expect(log.watermark).toBe(9)
  expect(takeEntry(log, entry(10, 4))).toBe(true)
})
