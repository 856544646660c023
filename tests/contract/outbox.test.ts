import { afterAll, afterEach, beforeAll, describe, expect, test } from 'bun:test'
import { eq } from 'drizzle-orm'
import { db } from '../../src/platform/db/open.ts'
import { write } from '../../src/platform/db/write.ts'
import { countUndone, listUndone, stateOf } from '../../src/platform/jobs/list-undone.ts'
import {
  claim,
  enqueue,
  markDone,
  markFailed,
  nextDueAt,
  type OutboxRow,
  putOff,
} from '../../src/platform/jobs/outbox.ts'
import { outbox } from '../../src/platform/jobs/schema.ts'
import { tryAgain, tryAllAgain } from '../../src/platform/jobs/try-again.ts'
import { holdClock } from '../../src/platform/lib/clock.ts'
import { on } from '../../src/platform/live/bus.ts'
import { openFreshStore } from '../support/store.ts'
import { turn } from './listen.ts'
import { texts } from './values.ts'

let close: () => Promise<void>

beforeAll(async () => {
  close = await openFreshStore()
})
afterAll(() => close())
afterEach(() => holdClock())

const add = (payload: unknown, key?: string) => write((tx) => enqueue(tx, 'letter', payload, key))

async function claimed(payload: unknown): Promise<OutboxRow> {
  await add(payload)
  const [row, ...more] = await claim(10)
  expect(more).toEqual([])
  return row!
}

const payloads: unknown[] = [
  { nothing: null, list: [null, 1, 'x', false], deep: { deeper: { empty: {} } } },
  { big: Number.MAX_SAFE_INTEGER, small: -0.0001, zero: 0 },
  { nul: 'a\0b', half: 'a\ud800b' },
  ...texts,
  [],
  17,
  false,
]

test.each(payloads.map((payload) => [payload]))('a payload comes back as it was given: %j', async (payload) => {
  const row = await claimed(payload)
  expect(row).toMatchObject({
    job: 'letter',
    key: null,
    payload,
    attempts: 0,
    doneAt: null,
    deadAt: null,
    lastError: null,
  })
  for (const time of [row.createdAt, row.dueAt, row.leasedUntil]) expect(time).toBeNumber()
  await markDone(row)
  expect(await claim(1)).toEqual([])
})

test.each([
  ['the server said \0 and no more', 'the server said  and no more'],
  [`${'x'.repeat(499)}👩`, 'x'.repeat(499)],
  ['half \ud800', 'half \ufffd'],
  ['y'.repeat(100_000), 'y'.repeat(500)],
])('why it failed is kept as far as a store can keep it: %j', async (error, kept) => {
  const row = await claimed({})
  await markFailed(row, error)
  const [after] = await db.select().from(outbox).where(eq(outbox.id, row.id))
  expect(after).toMatchObject({ lastError: kept, attempts: 1, leasedUntil: null })
  await markDone(row)
})

test('sixteen who claim at once share out what is due, each row to one', async () => {
  await Promise.all(Array.from({ length: 40 }, (_, n) => add({ n }, `shared ${n}`)))
  const shares = await Promise.all(Array.from({ length: 16 }, () => claim(3)))
  const ids = shares.flat().map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  const rest = await claim(100)
  expect(ids.length + rest.length).toBe(40)
  for (const row of [...shares.flat(), ...rest]) await markDone(row)
})

test('the longest due is claimed first, and the next one is waited for', async () => {
  for (const at of [5000, 3000, 4000]) {
    holdClock(() => at)
    await add({ at }, `at ${at}`)
  }
  expect(await nextDueAt()).toBe(3000)
  holdClock(() => 6000)
  expect((await claim(1)).map(({ payload }) => payload)).toEqual([{ at: 3000 }])
  holdClock(() => 4500)
  expect((await claim(9)).map(({ payload }) => payload)).toEqual([{ at: 4000 }])
})

describe('a lane', () => {
  const hour = 3600_000
  const inLane = (lane: string, place: number, afterMs = 0) =>
    write((tx) => enqueue(tx, 'letter', { place }, `${lane} ${place}`, { lane, place, afterMs }))
  const places = (rows: OutboxRow[]) => rows.map(({ payload }) => (payload as { place: number }).place)

  test('is gone through one by one, in the order of its places, whenever they were added', async () => {
    for (const place of [2, 1, 3]) await inLane('one', place)
    await inLane('other', 9)
    for (const expected of [[1, 9], [2], [3]]) {
      const rows = await claim(10)
      expect(places(rows).toSorted((a, b) => Number(a) - Number(b))).toEqual(expected)
      // Nobody else gets the next while this one is tried.
      expect(await claim(10)).toEqual([])
      for (const row of rows) await markDone(row)
    }
    expect(await claim(10)).toEqual([])
  })

  test('waits for the one at its head that failed, and goes on past the one that is given up', async () => {
    holdClock(() => 1_000_000)
    for (const place of [1, 2]) await inLane('held', place)
    const [first] = await claim(10)
    await markFailed(first!, 'later')
    expect(await claim(10)).toEqual([])
    // Who is added behind it is not due before it: the worker would look in vain.
    await inLane('held', 3)
    const due = await db.select({ dueAt: outbox.dueAt }).from(outbox).where(eq(outbox.lane, 'held'))
    expect(new Set(due.map(({ dueAt }) => dueAt)).size).toBe(1)
    expect(await nextDueAt()).toBe(due[0]!.dueAt)
    holdClock(() => 1_000_000 + hour)
    const [again] = await claim(10)
    expect(again!.id).toBe(first!.id)
    const dead: unknown[] = []
    on('job.dead', (told) => void dead.push(told))
    await markFailed(again!, 'never', true)
    await turn()
    expect(dead).toEqual([{ job: 'letter', id: first!.id, error: 'never' }])
    for (const place of [2, 3]) {
      const [row] = await claim(10)
      expect(places([row!])).toEqual([place])
      await markDone(row!)
    }
  })

  test('waits for the one at its head that has nothing to do yet, and that is no failed try', async () => {
    holdClock(() => 1_000_000)
    for (const place of [1, 2]) await inLane('off', place)
    const [first] = await claim(10)
    await putOff(first!, 1_000_000 + hour)
    expect(await claim(10)).toEqual([])
    holdClock(() => 1_000_000 + hour)
    const [again] = await claim(10)
    expect(again).toMatchObject({ id: first!.id, attempts: 0, lastError: null })
    await markDone(again!)
    for (const row of await claim(10)) await markDone(row)
  })
})

test('what is asked for later is not due before', async () => {
  holdClock(() => 1_000_000)
  await write((tx) => enqueue(tx, 'letter', {}, 'later', { afterMs: 60_000 }))
  expect(await claim(10)).toEqual([])
  expect(await nextDueAt()).toBe(1_060_000)
  holdClock(() => 1_060_000)
  const [row] = await claim(10)
  expect(row).toMatchObject({ key: 'later', createdAt: 1_000_000 })
  await markDone(row!)
})

test('what failed and what was given up is listed, counted and tried again', async () => {
  holdClock(() => 1_000_000)
  const jobs = ['parcel']
  for (const key of ['a', 'b', 'c']) await write((tx) => enqueue(tx, 'parcel', {}, key))
  const rows = await claim(10)
  const byKey = (key: string) => rows.find((row) => row.key === key)!
  await markFailed(byKey('a'), 'later')
  await markFailed(byKey('b'), 'never', true)
  await putOff(byKey('c'), 1_000_000)
  expect(await countUndone(jobs)).toEqual({ waiting: 1, failed: 1, dead: 1 })
  const listed = await listUndone(jobs, { state: null, before: null, limit: 10 })
  expect(listed.map((row) => `${row.key} ${stateOf(row)}`).toSorted()).toEqual(['a failed', 'b dead', 'c waiting'])
  const [first, ...others] = listed
  const before = { at: first!.createdAt, id: first!.id }
  expect(await listUndone(jobs, { state: null, before, limit: 10 })).toEqual(others)
  for (const [state, key] of [
    ['waiting', 'c'],
    ['failed', 'a'],
    ['dead', 'b'],
  ] as const)
    expect((await listUndone(jobs, { state, before: null, limit: 10 })).map((row) => row.key)).toEqual([key])
  expect(await tryAgain(['letter'], byKey('b').id)).toBe(false)
  expect(await tryAgain(jobs, byKey('b').id)).toBe(true)
  expect(await countUndone(jobs)).toEqual({ waiting: 1, failed: 2, dead: 0 })
  await tryAllAgain(jobs)
  const again = await claim(10)
  expect(again.map(({ key }) => `${key}`).toSorted()).toEqual(['a', 'b', 'c'])
  for (const row of again) await markDone(row)
  expect(await countUndone(jobs)).toEqual({ waiting: 0, failed: 0, dead: 0 })
})
