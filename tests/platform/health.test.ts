import { afterAll, beforeAll, expect, test } from 'bun:test'
import { setStoreMode } from '../../src/platform/db/state.ts'
import { write } from '../../src/platform/db/write.ts'
import { outbox } from '../../src/platform/jobs/schema.ts'
import { now } from '../../src/platform/lib/clock.ts'
import { newId } from '../../src/platform/lib/id.ts'
import { openHouse, type TestHouse } from '../support/house.ts'
import { until } from '../support/program.ts'

let house: TestHouse
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house.close())

type Readiness = { ready: boolean; reasons: string[]; freeBytes: number; outboxAgeMs: number }

/** Asks until the answer has that status: answers are shared for a moment. */
const ready = (status: number) =>
  until(async () => {
    const response = await fetch(`${house.url}/readyz`)
    const readiness = (await response.json()) as Readiness
    return response.status === status ? readiness : null
  })

test('/healthz answers while the process lives', async () => {
  const response = await fetch(`${house.url}/healthz`)
  expect(response.status).toBe(200)
  expect(response.headers.get('cache-control')).toBe('no-store')
})

test('/readyz has written a row, and tells of space and outbox', async () => {
  const { reasons, freeBytes, outboxAgeMs } = await ready(200)
  expect(reasons).toEqual([])
  expect(freeBytes).toBeGreaterThan(1024 * 1024)
  expect(outboxAgeMs).toBe(0)
})

test('/readyz is 503 while the database is damaged, and /healthz is not', async () => {
  setStoreMode('damaged')
  expect((await ready(503)).reasons).toEqual(['storage_damaged'])
  expect((await fetch(`${house.url}/healthz`)).status).toBe(200)
  setStoreMode('ok')
  await ready(200)
})

test('/readyz is 503 when a reaction is long overdue and nobody works on it', async () => {
  const tenMinutesAgo = now() - 10 * 60_000
  const row = { id: newId(), job: 'nobody', payload: {}, createdAt: tenMinutesAgo, dueAt: tenMinutesAgo }
  await write((tx) => tx.insert(outbox).values({ ...row, leasedUntil: now() + 3_600_000 }))
  const { reasons, outboxAgeMs } = await ready(503)
  expect(reasons).toEqual(['outbox_stuck'])
  expect(outboxAgeMs).toBeGreaterThanOrEqual(10 * 60_000)
})
