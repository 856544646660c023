import { SQL } from 'bun'
import { rmSync, writeFileSync } from 'node:fs'
import type { Postgres } from '../support/postgres.ts'
import type { Outage } from './history.ts'
import type { Field } from './nemeses.ts'
import type { FailPoint } from './server-settings.ts'
import { readyzSays, until } from './waiting.ts'

// What befalls the house when its database is another server's: that dies, stands still, or cuts connections.

/** The field of a run on PostgreSQL. */
type DatabaseField = Field & { postgres: Postgres }
export type DatabaseNemesis = (field: DatabaseField) => Promise<void>

const backWithinMs = 15_000

export const postgresNemeses = {
  'postgres-killed': async (field) => {
    await Bun.sleep(field.random.between(100, 700))
    await outage(field, 'killed', () => field.postgres.kill(), field.random.between(0, 2000))
  },
  'postgres-killed-before-commit': (field) => diesAt(field, 'before-commit'),
  'postgres-killed-after-commit': (field) => diesAt(field, 'after-commit'),
  'postgres-killed-before-ack': (field) => diesAt(field, 'before-ack'),
  // A disk that takes its time makes it likely that COMMITs are under way.
  'postgres-killed-in-commit': async (field) => {
    const { slowFsync, random, lives } = field
    lives.slowed = true
    slowFsync.delay(random.between(30, 120))
    await Bun.sleep(random.between(300, 900))
    const kill = async () => {
      await field.postgres.kill()
      slowFsync.delay(0)
    }
    await outage(field, 'killed', kill, random.between(0, 500))
    lives.slowed = false
  },
  'postgres-shut-down': async (field) => {
    await Bun.sleep(field.random.between(100, 500))
    await outage(field, 'shut down', () => field.postgres.shutDown(), field.random.between(0, 1000))
  },
  'postgres-frozen': async (field) => {
    const { random, postgres } = field
    const awayMs = random.chance(0.3) ? random.between(5500, 7500) : random.between(300, 2500)
    const freeze = () => Promise.resolve(postgres.freeze())
    await outage(field, 'frozen', freeze, awayMs)
  },
  'postgres-backend-frozen': async ({ postgres, database, random, world }) => {
    const pid = random.pick(await backends(database!))
    if (pid === undefined) return
    process.kill(pid, 'SIGSTOP')
    world.history.add({ type: 'cut', how: 'stopped', connections: 1 })
    await Bun.sleep(random.between(300, 2500))
    postgres.thaw()
  },
  'postgres-cuts': async ({ database, random, world }) => {
    for (let count = random.between(2, 6); count > 0; count--) {
      const pids = (await backends(database!)).filter(() => random.chance(0.3))
      await ask(database!, pids.map((pid) => `SELECT pg_terminate_backend(${pid})`).join(';'))
      world.history.add({ type: 'cut', how: 'ended', connections: pids.length })
      await Bun.sleep(random.between(20, 300))
    }
  },
  'postgres-cuts-lock': async ({ database, random, world, proxy }) => {
    await Bun.sleep(random.between(100, 500))
    const [row] = await ask<{ ended: number }>(
      database!,
      `SELECT count(pg_terminate_backend(pid))::int AS ended FROM pg_locks
       WHERE locktype = 'advisory' AND objsubid = 1 AND granted
         AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    )
    world.history.add({ type: 'cut', how: 'lock', connections: row?.ended ?? 0 })
    await readyzSays(200, `http://127.0.0.1:${proxy.target}`)
  },
  'both-killed': async ({ lives, postgres, random }) => {
    await Bun.sleep(random.between(100, 500))
    lives.slowed = true
    if (random.chance(0.5)) await lives.kill()
    await postgres.kill()
    await lives.kill()
    // The house comes first as often as not, and waits for its database.
    const back = Bun.sleep(random.between(0, 1500)).then(() => postgres.start())
    await Promise.all([back, random.chance(0.5) ? lives.start() : back.then(() => lives.start())])
    lives.slowed = false
  },
} satisfies Record<string, DatabaseNemesis>

/** Starts the server with a fail point at which PostgreSQL dies under it. */
async function diesAt(field: DatabaseField, point: FailPoint): Promise<void> {
  const { lives, postgres, random } = field
  await lives.stop()
  const postmaster = postgres.pid()
  const armedBy = `${postgres.data}-armed`
  await lives.start(point, random.between(1, 60), { strikes: postgres.data, armedBy })
  writeFileSync(armedBy, '')
  await until(() => postgres.pid() !== postmaster, 6000)
  rmSync(armedBy)
  await outage(field, 'killed', () => postgres.kill(), random.between(0, 500))
}

/** Takes PostgreSQL away for a while, gives it back, and waits until the house takes writes again. */
async function outage(field: DatabaseField, how: Outage['how'], take: () => Promise<void>, awayMs: number) {
  const { lives, world, proxy, postgres } = field
  const server = `http://127.0.0.1:${proxy.target}`
  const pid = lives.server.pid
  await take()
  const from = performance.now()
  const readyzMeanwhile = how === 'frozen' ? null : await readyzSays(503, server)
  await Bun.sleep(Math.max(0, awayMs - (performance.now() - from)))
  if (how === 'frozen') postgres.thaw()
  else await postgres.start()
  const back = performance.now()
  const ready = (await readyzSays(200, server, backWithinMs)) === 200
  world.history.add({
    type: 'outage',
    how,
    awayMs: Math.round(back - from),
    readyzMeanwhile,
    backMs: ready ? performance.now() - back : null,
    restarted: lives.server.pid !== pid,
  })
}

/** The processes of PostgreSQL that serve the house. */
async function backends(database: string): Promise<number[]> {
  const rows = await ask<{ pid: number }>(
    database,
    `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'kontuar'`,
  )
  return rows.map(({ pid }) => pid)
}

async function ask<T>(database: string, statement: string): Promise<T[]> {
  const sql = new SQL(database, { max: 1 })
  try {
    return [...((await sql.unsafe(statement)) as T[])]
  } finally {
    await sql.close()
  }
}
