import { afterAll, afterEach, beforeAll, expect, test } from 'bun:test'
import {
  changedFields,
  changesSince,
  keepSetting,
  lastChange,
  listChanges,
  logChange,
  readSetting,
  removalOf,
} from '../../src/features/settings/index.ts'
import { write } from '../../src/platform/db/write.ts'
import { holdClock } from '../../src/platform/lib/clock.ts'
import { openHouse, type TestHouse } from '../support/house.ts'

let house: TestHouse
const clara = crypto.randomUUID()

beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house.close())
afterEach(() => holdClock())

const change = (subjectId: string | null, after: number, kind: 'changed' | 'removed' = 'changed') =>
  write((tx) =>
    logChange(tx, { page: 'zones', kind, agentId: clara, subjectId, fields: { n: { before: after - 1, after } } }),
  )

test('changes are read page by page, newest first, also those of one moment', async () => {
  holdClock(() => 1_700_000_000_000)
  for (let n = 1; n <= 7; n++) await change(null, n)
  const seen: unknown[] = []
  let before: { at: number; id: string } | null = null
  for (;;) {
    const found = await listChanges('zones', before, 3)
    seen.push(...found.map(({ fields }) => fields.n?.after))
    const last = found.at(-1)
    if (found.length < 3 || !last) break
    before = { at: last.at, id: last.id }
  }
  expect(seen).toEqual([7, 6, 5, 4, 3, 2, 1])
})

test('whoever has seen the last change of a subject has missed nothing', async () => {
  const zone = crypto.randomUUID()
  expect(await lastChange('zones', zone)).toBeNull()
  await change(zone, 1)
  const seen = await lastChange('zones', zone)
  await change(crypto.randomUUID(), 9)
  expect(await changesSince('zones', zone, seen)).toEqual([])
  await change(zone, 2)
  await change(zone, 3)
  expect((await changesSince('zones', zone, seen)).map(({ fields }) => fields.n?.after)).toEqual([3, 2])
  expect(await changesSince('zones', zone, null)).toHaveLength(3)
})

test('the last removal of a subject is found among its changes', async () => {
  const zone = crypto.randomUUID()
  expect(await removalOf('zones', zone)).toBeNull()
  await change(zone, 1, 'removed')
  await change(zone, 2, 'removed')
  await change(zone, 3)
  expect((await removalOf('zones', zone))?.fields.n?.after).toBe(2)
})

test('a change that changed nothing is none', async () => {
  const before = await lastChange('mail', null)
  await write((tx) => logChange(tx, { page: 'mail', kind: 'changed', agentId: clara, fields: {} }))
  expect(await lastChange('mail', null)).toBe(before)
  expect(changedFields({ a: 1, b: [1] }, { a: 1, b: [1] })).toEqual({})
  expect(changedFields({ a: 1, b: [1] }, { b: [2] })).toEqual({ b: { before: [1], after: [2] } })
})

test('a setting is kept under its key, and replaced', async () => {
  expect(await readSetting('test')).toBeNull()
  await write((tx) => keepSetting(tx, 'test', { a: 1 }))
  await write((tx) => keepSetting(tx, 'test', { a: 2 }))
  expect(await readSetting('test')).toEqual({ a: 2 })
})
