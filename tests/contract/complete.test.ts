import { describe, expect, test } from 'bun:test'
import { join } from 'node:path'
import { freshFolder } from '../support/program.ts'
import { isOfContract, missingCalls, sourcesWithStoreCalls } from './complete.ts'
import { marked, storeCalls } from './store-calls.ts'

const path = 'src/features/orders/find-order.ts'
const text = `import { db } from '../../platform/db/open.ts'

export async function findOrder(id: string) {
  const [order] = await db.select().from(orders).where(eq(orders.id, id))
  return order ?? null
}

export const forgetOrder = (id: string) =>
  write(async (tx) => {
    await tx
      .delete(orders)
      .where(eq(orders.id, id))
  })
`
const query = `${path}:4:25`
const [body, removal] = [`${path}:9:3`, `${path}:10:11`]

describe('a feature of whose queries', () => {
  test('every one was run on both stores is complete', () => {
    const all = new Set([query, body, removal])
    expect(missingCalls([{ path, text }], { SQLite: all, PostgreSQL: all })).toEqual([])
  })

  test('one was never run is not, and the place is named with the stores', () => {
    const reached = { SQLite: new Set([query]), PostgreSQL: new Set([body, removal]) }
    expect(missingCalls([{ path, text }], reached)).toEqual([
      `${query}: db.select() (PostgreSQL)`,
      `${body}: write(async (tx) => { await tx.delete(orders).where(eq(order (SQLite)`,
      `${removal}: tx.delete(orders) (SQLite)`,
    ])
  })

  test('none was run, because nothing was written down, is missing all of them', () => {
    expect(missingCalls([{ path, text }], { SQLite: new Set(), PostgreSQL: new Set() })).toHaveLength(3)
  })
})

describe('a call of the store', () => {
  const found = (source: string) => storeCalls('a.tsx', source).map(({ shown }) => shown)

  test.each([
    ['const rows = await db.select().from(t)', ['db.select()']],
    ['const keep = (executor: Tx) => executor.insert(t).values(row)', ['executor.insert(t)']],
    ['async function find(id: string, where: Executor = db) { await where.select().from(t) }', ['where.select()']],
    ['const q = prepared((y) => y.select().from(t).prepare())', ['y.select()']],
    ['const q = prepared((y) => lockingRows(y.select().from(t)).prepare())', ['y.select()']],
    ['await q(db).execute({ id })', ['q(db).execute({ id })']],
    ['await (known ? q(tx) : r(tx)).execute({ id })', ['(known ? q(tx) : r(tx)).execute({ id })']],
    ['write((t) => t.update(rows).set({ n: 1 }))', ['write((t) => t.update(rows).set({ n: 1 }))', 't.update(rows)']],
    ['writeLocking(async (tx) => keep(tx), turn)', ['writeLocking(async (tx) => keep(tx), turn)']],
    [
      'const begun = db.select().from(t); const more = begun.where(a); await more.limit(1)',
      ['db.select()', 'begun.where(a)', 'more.limit(1)'],
    ],
    ['const alias = db; await alias.all(sql`SELECT 1`)', ['alias.all(sql`SELECT 1`)']],
    [
      "import { insertAll } from '../../platform/db/insert-all.ts'; await insertAll(tx, t, rows)",
      ['insertAll(tx, t, rows)'],
    ],
    ["reactInside('order.sent', async (tx, order) => void (await tx.insert(t).values(order)))", ['tx.insert(t)']],
    ['const view = <b>{(await db.select().from(t)).length}</b>', ['db.select()']],
  ])('is found in %s', (source, calls) => {
    expect(found(source)).toEqual(calls)
  })

  test.each([
    'writing.delete(visitorId)',
    "createHmac('sha256', key).update(text)",
    'const rows = await find(db); rows.map((row) => row.id)',
    'record(tx, "order.sent", { order })',
    "import { afterCommit } from '../db/write.ts'; afterCommit(tx, () => wake())",
    "import { lockingRows } from '../../platform/db/lock-rows.ts'; lockingRows(begun(tx))",
    'const { id } = row; id.at(0)',
  ])('is not found in %s', (source) => {
    expect(found(source)).toEqual([])
  })

  test('that is marked says its place when it is reached, and not before', async () => {
    const source = 'export const find = (db: Db, both: boolean) => (both ? [db.all(1), db.all(2)] : [db.all(3)])'
    await using folder = await freshFolder()
    await Bun.write(join(folder.path, 'find.ts'), marked('a.ts', source))
    const { find } = (await import(join(folder.path, 'find.ts'))) as { find(db: object, both: boolean): number[] }
    const db = { factor: 2, all: (n: number) => n * db.factor }
    const reached: string[] = []
    const recorder = globalThis.storeCalled
    globalThis.storeCalled = (place, through) => {
      reached.push(place)
      return through
    }
    try {
      expect(find(db, false)).toEqual([6])
      expect(reached).toEqual(['a.ts:1:82'])
      expect(find(db, true)).toEqual([2, 4])
      expect(reached).toHaveLength(3)
    } finally {
      globalThis.storeCalled = recorder
    }
  })
})

test('the sources are looked through: every feature that has tables has calls', async () => {
  const sources = await sourcesWithStoreCalls()
  const withTables = sources.filter(({ path }) => path.endsWith('/schema.ts')).map(({ path }) => path.slice(0, -9))
  expect(withTables.length).toBeGreaterThanOrEqual(7)
  const without = withTables.filter((folder) =>
    sources
      .filter(({ path }) => path.startsWith(folder))
      .every(({ path, text }) => storeCalls(path, text).length === 0),
  )
  expect(without).toEqual([])
})

test('what tests a feature on a store runs on both', () => {
  const both = ['tests/contract/sites.test.ts', 'tests/inbox/folders.test.ts', 'tests/platform/outbox.test.ts']
  expect(both.filter(isOfContract)).toEqual(both)
  const one = ['tests/db/write.test.ts', 'tests/widget/log.test.ts', 'tests/linter.test.ts']
  expect(one.filter(isOfContract)).toEqual([])
})
