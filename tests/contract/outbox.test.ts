import { afterAll, afterEach, beforeAll, expect, test } from 'bun:test'
import { eq } from 'drizzle-orm'
import { db } from '../../src/platform/db/open.ts'
import { write } from '../../src/platform/db/write.ts'
import { claim, enqueue, markDone, markFailed, nextDueAt, type OutboxRow } from '../../src/platform/jobs/outbox.ts'
import { outbox } from '../../src/platform/jobs/schema.ts'
import { holdClock } from '../../src/platform/lib/clock.ts'
import { openFreshStore } from '../support/store.ts'
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
