import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eq, sql } from 'drizzle-orm'
import { createSite, findSite } from '../../src/features/sites/index.ts'
import { sites } from '../../src/features/sites/schema.ts'
import { closeStore, db, openStore } from '../../src/platform/db/open.ts'
import { prepared } from '../../src/platform/db/prepared.ts'
import { afterCommit, write } from '../../src/platform/db/write.ts'
import { refuse } from '../../src/platform/lib/refuse.ts'
import { setUpLog } from '../../src/platform/lib/log.ts'

let folder: string
const moments: string[] = []

beforeAll(async () => {
  setUpLog({ level: 'error' })
  folder = await mkdtemp(join(tmpdir(), 'kontuar-write-'))
  await openStore(folder, {
    hooks: { beforeCommit: () => moments.push('before commit'), afterCommit: () => moments.push('after commit') },
  })
})

afterAll(async () => {
  await closeStore()
  await rm(folder, { recursive: true })
})

const insertSite = prepared((x) =>
  x
    .insert(sites)
    .values({ id: sql.placeholder('id'), name: 'P', domains: [], chatEnabled: true, demo: false, createdAt: 1 })
    .prepare(),
)
const named = async (name: string) => (await db.select().from(sites).where(eq(sites.name, name))).length
const turn = () => new Promise<void>((resolve) => setImmediate(resolve))

describe('write', () => {
  test('settles after the commit and not before', async () => {
    moments.length = 0
    await write((tx) => createSite(tx, { name: 'A' })).then(() => moments.push('settled'))
    expect(moments).toEqual(['before commit', 'after commit', 'settled'])
    expect(await named('A')).toBe(1)
  })

  test('commits the bodies of one turn together, in the order they were asked for', async () => {
    moments.length = 0
    const seen: number[] = []
    await Promise.all([1, 2, 3, 4, 5].map((n) => write(async () => void seen.push(n))))
    expect(seen).toEqual([1, 2, 3, 4, 5])
    expect(moments).toEqual(['before commit', 'after commit'])
  })

  test('lets a body see what an earlier body of its group wrote, though readers cannot yet', async () => {
    let id = ''
    const first = write(async (tx) => {
      id = (await createSite(tx, { name: 'B' })).id
    })
    const second = write(async (tx) => [await findSite(id, tx), await findSite(id)])
    await first
    const [inside, outside] = await second
    expect(inside?.name).toBe('B')
    expect(outside).toBeNull()
  })

  test('rolls back a body that throws, and keeps its neighbours in the group', async () => {
    const kept = write((tx) => createSite(tx, { name: 'C' }))
    const thrown = write(async (tx) => {
      await createSite(tx, { name: 'D' })
      throw refuse('forbidden')
    })
    const alsoKept = write((tx) => createSite(tx, { name: 'E' }))
    await expect(thrown).rejects.toMatchObject({ code: 'forbidden' })
    await Promise.all([kept, alsoKept, thrown.catch(() => undefined)])
    expect([await named('C'), await named('D'), await named('E')]).toEqual([1, 0, 1])
  })

  test('keeps the neighbours of many bodies that throw, before and after their first change', async () => {
    const asked = Array.from({ length: 60 }, (_, n) =>
      write(async (tx) => {
        if (n % 3 === 1) throw refuse('forbidden')
        await createSite(tx, { name: `mixed ${n}` })
        if (n % 3 === 2) throw refuse('forbidden')
      }).then(
        () => 'kept',
        () => 'refused',
      ),
    )
    const outcomes = await Promise.all(asked)
    const stored = await Promise.all(outcomes.map((_, n) => named(`mixed ${n}`)))
    expect(outcomes).toEqual(outcomes.map((_, n) => (n % 3 === 0 ? 'kept' : 'refused')))
    expect(stored).toEqual(outcomes.map((outcome) => (outcome === 'kept' ? 1 : 0)))
  })

  test('takes a prepared insert back when its body is rolled back', async () => {
    const id = '00000000-0000-7000-8000-000000000001'
    await write(async (tx) => {
      await insertSite(tx).execute({ id })
      expect(await findSite(id, tx)).not.toBeNull()
      throw refuse('forbidden')
    }).catch(() => undefined)
    expect(await findSite(id)).toBeNull()
    await write((tx) => Promise.resolve(insertSite(tx).execute({ id })))
    expect(await findSite(id)).not.toBeNull()
  })

  test('has no other way in: the handle that reads cannot write', async () => {
    expect(async () => insertSite(db).execute({ id: '00000000-0000-7000-8000-000000000002' })).toThrow(/readonly/)
  })

  test('tells of what was committed one turn later, in order, and never of what was rolled back', async () => {
    const told: string[] = []
    const sent = (name: string, fail = false) =>
      write(async (tx) => {
        afterCommit(tx, () => told.push(name))
        if (fail) throw refuse('forbidden')
      }).then(
        () => told.push(`${name} acknowledged`),
        () => told.push(`${name} refused`),
      )
    await Promise.all([sent('one'), sent('two', true), sent('three')])
    await turn()
    await turn()
    expect(told).toEqual(['one acknowledged', 'two refused', 'three acknowledged', 'one', 'three'])
  })

  test('goes on after a reaction that throws', async () => {
    const told: string[] = []
    await write(async (tx) => {
      afterCommit(tx, () => {
        throw new Error('a reaction that is meant to fail')
      })
      afterCommit(tx, () => told.push('next'))
    })
    await turn()
    await turn()
    expect(told).toEqual(['next'])
  })

  test('refuses afterCommit outside of a body', async () => {
    let kept: Parameters<Parameters<typeof write>[0]>[0] | undefined
    await write(async (tx) => {
      kept = tx
    })
    expect(() => kept && afterCommit(kept, () => undefined)).toThrow('outside')
  })

  test('keeps thousands of bodies that come at once, each once', async () => {
    const before = await named('many')
    await Promise.all(Array.from({ length: 3000 }, () => write((tx) => createSite(tx, { name: 'many' }))))
    expect((await named('many')) - before).toBe(3000)
  })
})
