import { SQL } from 'bun'
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Postgres, postgresIsInstalled, startPostgres } from '../support/postgres.ts'
import { check, type CheckNumber } from './checker.ts'
import type { Story } from './directed.ts'
import type { NemesisName } from './nemeses.ts'
import { copyOfTheTree, type Patch, plant, root } from './planting.ts'
import { crowds, diesAfterCommit, diesUnderCommit, losesTheAnswer } from './postgres-stories.ts'
import { forget, inOneLine, runCrash } from './suite.ts'

// The promises of the crash suite where everything is kept in PostgreSQL: the server dies, PostgreSQL dies, or both.

const troubles: NemesisName[] = [
  'kill',
  'postgres-killed',
  'before-commit',
  'postgres-cuts',
  'postgres-killed-before-commit',
  'after-commit',
  'postgres-frozen',
  'postgres-killed-in-commit',
  'postgres-cuts-lock',
  'postgres-killed-after-commit',
  'kill',
  'postgres-backend-frozen',
  'both-killed',
]

const postgresIsThere = postgresIsInstalled()

test.if(postgresIsThere)(
  'through kills of the house and of PostgreSQL no message is lost, doubled or reordered',
  async () => {
    const seed = Number(process.env.CRASH_SEED ?? Date.now() % 1_000_000)
    const run = await runCrash({ seed, nemeses: troubles, postgres: true })
    console.log(inOneLine(run))
    if (run.violations.length > 0) console.log(`seed ${seed}, kept in ${run.folder}`)
    expect(run.violations).toEqual([])
    expect(run.figures.kills).toBeGreaterThanOrEqual(5)
    expect(run.figures.postgresKills).toBeGreaterThanOrEqual(4)
    expect(run.figures.acknowledged).toBeGreaterThan(100)
    expect(run.figures.reopenings).toBeGreaterThan(0)
    forget(run)
  },
  180_000,
)

const writer = 'src/platform/db/postgres/writer.ts'

type Bug = { name: string; red: CheckNumber; story: (postgres: Postgres) => Story; patches: Patch[] }

const bugs: Bug[] = [
  {
    name: 'a COMMIT that fails is acknowledged',
    red: 1,
    story: diesUnderCommit,
    patches: [
      {
        file: writer,
        find: `await client.unsafe('COMMIT')`,
        replace: `await client.unsafe('COMMIT').catch(() => ({ command: 'COMMIT' }))`,
      },
    ],
  },
  {
    name: 'a COMMIT does not wait for the disk',
    red: 1,
    story: diesAfterCommit,
    patches: [
      {
        file: 'src/platform/db/postgres/open.ts',
        find: `server?.waits === 'off' ? { synchronous_commit: 'on' } : {}`,
        replace: `{ synchronous_commit: 'off' }`,
      },
    ],
  },
  {
    name: 'nobody is sent to look after a doubt',
    red: 4,
    story: losesTheAnswer,
    patches: [{ file: writer, find: 'if (!writer.lanes.some(({ inDoubt }) => inDoubt)) tellUntold()', replace: '' }],
  },
  {
    name: 'rows are not locked',
    red: 2,
    story: crowds,
    patches: [
      {
        file: 'src/platform/db/lock-rows.ts',
        find: `dialect() === 'postgres' ? (query as Lockable<Q>).for('no key update') : query`,
        replace: 'query',
      },
    ],
  },
]

const stories: [name: string, story: (postgres: Postgres) => Story][] = [
  ['PostgreSQL dies under a COMMIT', diesUnderCommit],
  ['PostgreSQL dies after a COMMIT', diesAfterCommit],
  ['the answer to a COMMIT is lost', losesTheAnswer],
  ['many write into one conversation', crowds],
]

describe.if(postgresIsThere)('on PostgreSQL', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kontuar-seeded-'))
  const slowest = 60_000
  let postgres: Postgres

  beforeAll(async () => {
    postgres = await startPostgres()
    await flushLate(postgres)
  }, slowest)

  afterAll(async () => {
    await postgres.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  test.each(stories)(
    'the real code is green when %s',
    async (name, story) => {
      const run = mkdtempSync(join(folder, 'real-'))
      expect(check(await story(postgres)(run, root)).violations, name).toEqual([])
    },
    slowest,
  )

  test.each(bugs)(
    'a planted bug is found: $name turns check $red red',
    async ({ red, story, patches }) => {
      const tree = copyOfTheTree(folder)
      for (const patch of patches) plant(tree, patch)
      const { violations } = check(await story(postgres)(mkdtempSync(join(folder, 'run-')), tree))
      expect(violations.map(({ check: number }) => number)).toContain(red)
    },
    slowest,
  )
})

/** What was not flushed for a commit stays in memory long enough to be lost with it. */
async function flushLate({ url }: Postgres): Promise<void> {
  const sql = new SQL(url, { max: 1 })
  await sql.unsafe(`ALTER SYSTEM SET wal_writer_delay = '10s'`)
  await sql.unsafe('SELECT pg_reload_conf()')
  await sql.close()
}
