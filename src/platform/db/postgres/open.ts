import { SQL } from 'bun'
import { CannotStart } from '../../lib/cannot-start.ts'
import { log } from '../../lib/log.ts'
import { isUnfinishedCopy } from '../copy/marks.ts'
import type { Opened } from '../open.ts'
import { readSlowlyFrom, stopSlowReads } from '../slow-reads.ts'
import type { StoreHooks } from '../write.ts'
import { stayAlone } from './alone.ts'
import { isConnectionLost, postgresCode } from './errors.ts'
import { postgresExecutorOf } from './executor.ts'
import { lockDatabase } from './lock.ts'
import { migrateDatabase } from './migrate.ts'
import { openReaders } from './readers.ts'
import { searchInDatabase } from './search.ts'
import { startLaneWriter } from './writer.ts'

/** Connections for writing (one transaction each), and for reading; one more holds the lock. */
export const writingConnections = 16
export const readingConnections = 8
// For the index of words: what takes in and what looks for.
export const indexingConnections = 2

const patienceMs = 10_000
const connectsWithinSeconds = 3
// A connection that stood idle for long may have been forgotten by what is between us and the server, unheard.
const idleSeconds = 60
// The server ends what the process would no longer wait for, and notices within half a minute that its machine is gone.
const everySettings = {
  application_name: 'kontuar',
  tcp_keepalives_idle: '15',
  tcp_keepalives_interval: '5',
  tcp_keepalives_count: '3',
}
const writeSettings = {
  statement_timeout: '15000',
  lock_timeout: '10000',
  idle_in_transaction_session_timeout: '30000',
}
const readSettings = { statement_timeout: '60000', default_transaction_read_only: 'on' }

/**
 * Opens the database that `url` names, alone. Waits ten seconds for a server that is just coming up. Throws `CannotStart`
 * when it is not to be reached, in use by another Kontuar, foreign, newer, a copy that was not finished, or on a server that
 * is too old.
 */
export async function openPostgres(url: string, hooks: StoreHooks): Promise<Opened> {
  const shown = shownUrl(url)
  const pools = openPools(url)
  try {
    const first = pools.open(1)
    await untilReachable(first, shown)
    let onLoss = (): void => undefined
    const lock = await lockDatabase(pools.open(1, {}, { idleTimeout: 0, onclose: () => onLoss() }), shown)
    await refuseUnfinishedCopy(first, shown)
    await migrateDatabase(first, shown)
    const durability = await settleDurability(first)
    await first.close()
    const readers = openReaders(() => pools.open(readingConnections, readSettings))
    const writing = pools.open(writingConnections, { ...writeSettings, ...durability })
    const writer = startLaneWriter(writing, writingConnections, hooks, () => alone.mayWrite())
    const alone = stayAlone(lock, shown, {
      silent() {
        writer.giveUp()
        readers.giveUp()
      },
      regained: () => writer.tellOnceDecided(),
    })
    onLoss = alone.lost
    const db = postgresExecutorOf(readers.client)
    readSlowlyFrom(
      db,
      searchInDatabase(pools.open(indexingConnections, { ...writeSettings, synchronous_commit: 'off' })),
    )
    return {
      db,
      writer,
      async mayProbe() {
        const ours = await alone.check()
        if (ours) writer.settleDoubts()
        return ours
      },
      async close() {
        alone.stop()
        stopSlowReads()
        await lock.release()
        await pools.close()
      },
    }
  } catch (error) {
    await pools.close()
    throw error
  }
}

async function refuseUnfinishedCopy(pool: SQL, shown: string): Promise<void> {
  if (await isUnfinishedCopy(pool))
    throw new CannotStart(
      `The database ${shown} is a copy that is not finished. Finish it first: run "kontuar copy" again, as before.`,
    )
}

type PoolOptions = { idleTimeout?: number; onclose?: () => void }

function openPools(url: string) {
  const all: SQL[] = []
  return {
    open(max: number, settings: Record<string, string> = {}, options: PoolOptions = {}): SQL {
      const connection = { ...everySettings, ...settings }
      const pool = new SQL(url, {
        max,
        connectionTimeout: connectsWithinSeconds,
        idleTimeout: idleSeconds,
        connection,
        ...options,
      })
      all.push(pool)
      return pool
    },
    close: () => Promise.all(all.map((pool) => pool.close({ timeout: 1 }).catch(() => undefined))),
  }
}

/** The address of the database without what is secret in it. */
export function shownUrl(url: string): string {
  const { hostname, port, pathname } = new URL(url)
  return `${hostname}${port === '' ? '' : `:${port}`}${pathname}`
}

/** Waits ten seconds for a server that is just coming up. Throws `CannotStart` with what is wrong. */
export async function untilReachable(pool: SQL, shown: string): Promise<void> {
  const until = performance.now() + patienceMs
  for (let tries = 1; ; tries++) {
    try {
      await pool.unsafe('SELECT 1')
      return
    } catch (error) {
      if (!isConnectionLost(error) || performance.now() > until) throw unreachable(error, shown)
      if (tries === 1) log.warn('waiting for the database', { database: shown, error })
      await Bun.sleep(250)
    }
  }
}

function unreachable(error: unknown, shown: string): CannotStart {
  const code = postgresCode(error)
  if (code === '3D000')
    return new CannotStart(`There is no database ${shown}. Create it first: CREATE DATABASE … ENCODING 'UTF8'.`)
  if (code.startsWith('28')) return new CannotStart(`The database ${shown} refuses this user or password.`)
  return new CannotStart(
    `The database ${shown} cannot be reached (${error instanceof Error ? error.message : String(error)}).`,
  )
}

/** What writing connections need so that a commit is on disk when it returns, however the server is set. */
async function settleDurability(pool: SQL): Promise<Record<string, string>> {
  const [server] = (await pool.unsafe(
    `SELECT current_setting('synchronous_commit') AS waits, current_setting('fsync') AS fsync,
       current_setting('full_page_writes') AS pages`,
  )) as { waits: string; fsync: string; pages: string }[]
  if (server?.fsync === 'off' || server?.pages === 'off')
    log.warn('this PostgreSQL does not survive a power cut: fsync or full_page_writes is off')
  return server?.waits === 'off' ? { synchronous_commit: 'on' } : {}
}
