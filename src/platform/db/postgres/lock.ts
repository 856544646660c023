import type { ReservedSQL, SQL } from 'bun'
import { CannotStart } from '../../lib/cannot-start.ts'
import { NoAnswer, withinMs } from './patience.ts'

/** The advisory lock that says "a Kontuar serves this database": "KONTUAR" in ASCII. */
const lockKey = 0x4b4f4e54554152n
const startsWithinMs = 3000
// A server that leaves so simple a question unanswered for so long is taken for dead.
const answersWithinMs = 5000

export type DatabaseLock = {
  /** Whether it is still ours. Asks the server; a connection on which nothing answers is given up. */
  held(): Promise<'held' | 'lost' | 'silent'>
  /** Takes it again after the connection that had it was lost. */
  again(): Promise<'ours' | 'taken' | 'no answer'>
  release(): Promise<void>
}

/**
 * Takes the database for this process, on a connection that is kept: the server frees it when that ends, however the
 * process dies. Throws `CannotStart` when another process has it.
 */
export async function lockDatabase(pool: SQL, shown: string): Promise<DatabaseLock> {
  let connection: ReservedSQL | null = await pool.reserve()
  // The server may need a moment to notice that the process before us is gone.
  const until = performance.now() + startsWithinMs
  while (!(await tryLock(connection))) {
    if (performance.now() > until)
      throw new CannotStart(
        `The database ${shown} is in use by another Kontuar${await holder(connection)}. Stop it first: one server to a database.`,
      )
    await Bun.sleep(100)
  }
  const lose = () => {
    connection?.close({ timeout: 0 }).catch(() => undefined)
    connection = null
  }
  return {
    async held() {
      try {
        if (connection) await withinMs(answersWithinMs, connection.unsafe('SELECT 1'))
        return connection ? 'held' : 'lost'
      } catch (error) {
        lose()
        return error instanceof NoAnswer ? 'silent' : 'lost'
      }
    },
    async again() {
      try {
        connection ??= await pool.reserve()
        return (await withinMs(answersWithinMs, tryLock(connection))) ? 'ours' : 'taken'
      } catch {
        lose()
        return 'no answer'
      }
    },
    async release() {
      if (connection) await withinMs(500, connection.unsafe(`SELECT pg_advisory_unlock(${lockKey})`)).catch(() => null)
      lose()
    },
  }
}

async function tryLock(connection: ReservedSQL): Promise<boolean> {
  const [row] = (await connection.unsafe(`SELECT pg_try_advisory_lock(${lockKey}) AS taken`)) as { taken: boolean }[]
  return row?.taken === true
}

/** Who has it, as far as this user may see: " (from 10.0.0.5, since 2026-11-22 08:00)". */
async function holder(connection: ReservedSQL): Promise<string> {
  const [row] = (await connection
    .unsafe(
      `SELECT a.client_addr::text AS address, to_char(a.backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') AS since
       FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
       WHERE l.locktype = 'advisory' AND l.granted
         AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
         AND (l.classid::bigint << 32 | l.objid::bigint) = ${lockKey}`,
    )
    .catch(() => [])) as { address: string | null; since: string | null }[]
  if (!row) return ''
  const from = row.address ? ` from ${row.address.replace(/\/\d+$/, '')}` : ''
  return row.since ? ` (connected${from} since ${row.since} UTC)` : ''
}
