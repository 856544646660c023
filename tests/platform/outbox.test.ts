import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, spyOn, test } from 'bun:test'
import { db } from '../../src/platform/db/open.ts'
import { write } from '../../src/platform/db/write.ts'
import {
  claim,
  enqueue,
  forgetDone,
  giveUpAfterMs,
  leaseMs,
  markDone,
  markFailed,
  oldestDueAgeMs,
  type OutboxRow,
  releaseLeases,
  retryDelayMs,
} from '../../src/platform/jobs/outbox.ts'
import * as jobs from '../../src/platform/jobs/outbox.ts'
import { outbox } from '../../src/platform/jobs/schema.ts'
import { type Jobs, startJobs } from '../../src/platform/jobs/worker.ts'
import { holdClock } from '../../src/platform/lib/clock.ts'
import { refuse } from '../../src/platform/lib/refuse.ts'
import { until } from '../support/program.ts'
import { openFreshStore } from '../support/store.ts'

let closeStore: () => Promise<void>
let at: number
let stop: () => Promise<void> = async () => undefined

const day = 24 * 3600_000
const rows = async () => db.select().from(outbox).orderBy(outbox.createdAt, outbox.id)
const add = (payload: unknown, key?: string) => write((tx) => enqueue(tx, 'letter', payload, key))
/** Adds a reaction for each of these keys and claims it. */
const claimed = async (...keys: string[]) => {
  const rows: OutboxRow[] = []
  for (const key of keys) {
    await add({}, key)
    rows.push(...(await claim(1)))
  }
  return rows
}
const run = (jobs: Jobs) => {
  stop = startJobs(jobs).stop
}

beforeAll(async () => {
  closeStore = await openFreshStore()
})
afterAll(() => closeStore())

beforeEach(async () => {
  await write(async (tx) => {
    await tx.delete(outbox)
  })
  at = Date.UTC(2026, 10, 22)
  holdClock(() => at)
})

afterEach(async () => {
  await stop()
  stop = async () => undefined
  holdClock()
})

describe('a reaction', () => {
  test('is there only if what it reacts to is', async () => {
    const rolledBack = write(async (tx) => {
      await enqueue(tx, 'letter', { to: 'nobody' })
      throw refuse('forbidden')
    })
    await rolledBack.catch(() => undefined)
    expect(await rows()).toEqual([])
    await add({ to: 'anna' })
    expect(await rows()).toMatchObject([{ job: 'letter', payload: { to: 'anna' }, attempts: 0, doneAt: null }])
  })

  test('to the same thing is kept once, however often it is recorded', async () => {
    await Promise.all([1, 2, 3].map(() => add({}, 'conversation:7')))
    await add({}, 'conversation:8')
    expect(await rows()).toHaveLength(2)
  })

  test('is done once, under the id that it keeps', async () => {
    const seen: string[] = []
    run({ letter: async (_, { id }) => void seen.push(id) })
    await add({})
    await until(async () => ((await rows())[0]?.doneAt ? true : null))
    expect(seen).toEqual([(await rows())[0]!.id])
  })

  test('that comes while the worker asks how long it may sleep is not slept over', async () => {
    const ask = jobs.nextDueAt
    const asked = spyOn(jobs, 'nextDueAt').mockImplementationOnce(async () => {
      const answer = await ask()
      await add({})
      // The worker is woken a turn after the write.
      await new Promise((resolve) => setImmediate(resolve))
      return answer
    })
    run({ letter: async () => undefined })
    await until(async () => ((await rows())[0]?.doneAt ? true : null))
    expect(asked).toHaveBeenCalled()
    asked.mockRestore()
  })

  test('that fails is tried again later, under the same id, until it succeeds', async () => {
    const tries: { id: string; attempts: number }[] = []
    run({
      letter: async (_, { id, attempts }) => {
        tries.push({ id, attempts })
        if (attempts < 2) throw new Error('the mail server is away')
      },
    })
    await add({})
    for (const attempts of [1, 2]) {
      await until(async () => ((await rows())[0]?.attempts === attempts ? true : null))
      expect((await rows())[0]).toMatchObject({ lastError: 'Error: the mail server is away', leasedUntil: null })
      expect((await rows())[0]!.dueAt).toBeGreaterThan(at)
      at += 3600_000
      await add({}, `wakes the worker ${attempts}`)
    }
    await until(async () => ((await rows())[0]?.doneAt ? true : null))
    const first = tries.filter((one) => one.id === tries[0]!.id)
    expect(first.map((one) => one.attempts)).toEqual([0, 1, 2])
  })

  test('that no job knows is kept for the version that does', async () => {
    run({})
    await add({})
    await until(async () => ((await rows())[0]?.lastError ? true : null))
    expect((await rows())[0]).toMatchObject({ doneAt: null, deadAt: null, lastError: 'Error: no job is called letter' })
  })

  test('is given up after 72 hours, and stays for a person to see', async () => {
    await add({})
    at += giveUpAfterMs - 1
    const [row] = await claim(1)
    await markFailed(row!, 'no')
    expect((await rows())[0]).toMatchObject({ deadAt: null })
    at += 3600_000
    const [again] = await claim(1)
    await markFailed(again!, 'no')
    expect((await rows())[0]).toMatchObject({ deadAt: at, lastError: 'no' })
    at += 100 * day
    expect(await claim(1)).toEqual([])
  })
})

describe('the outbox', () => {
  test('gives a row to one worker at a time, and to the next when the lease has run out', async () => {
    await add({})
    expect(await claim(5)).toHaveLength(1)
    expect(await claim(5)).toHaveLength(0)
    at += leaseMs + 1
    expect(await claim(5)).toHaveLength(1)
  })

  test('gives a row back at once when the one who leased it has died with the process', async () => {
    await add({})
    await claim(5)
    await releaseLeases()
    expect(await claim(5)).toHaveLength(1)
  })

  test('knows how long the oldest row has been waiting', async () => {
    expect(await oldestDueAgeMs()).toBe(0)
    await add({})
    at += 5000
    expect(await oldestDueAgeMs()).toBe(5000)
    const [row] = await claim(1)
    await markDone(row!)
    expect(await oldestDueAgeMs()).toBe(0)
  })

  test('forgets what was done a week ago, and nothing else', async () => {
    const [old, fresh] = await claimed('old', 'new')
    await add({}, 'waiting')
    await markDone(old!)
    at += 6 * day
    await markDone(fresh!)
    at += 2 * day
    await forgetDone()
    expect(new Set((await rows()).map((row) => row.key))).toEqual(new Set(['new', 'waiting']))
  })

  test('waits longer after each failure: from half a second to an hour, spread', () => {
    const delays = Array.from({ length: 30 }, (_, n) => retryDelayMs(n + 1))
    expect(delays[0]).toBeWithin(500, 1001)
    expect(delays[4]).toBeWithin(8000, 16_001)
    expect(delays.at(-1)).toBeWithin(1800_000, 3600_001)
    expect(new Set(Array.from({ length: 20 }, () => retryDelayMs(5))).size).toBeGreaterThan(1)
  })
})
