import type { ReservedSQL, SQL } from 'bun'
import type { Tx } from '../executor.ts'
import { postgresExecutorOf } from './executor.ts'
import { NoAnswer, withinMs } from './patience.ts'

/** A connection with the queries that are prepared on its executor. */
export type Connection = { client: ReservedSQL; tx: Tx; usedAt: number }

/**
 * Where one transaction runs at a time, on a connection of its own. `inDoubt`: the COMMIT of its last connection was not
 * answered, and may still be under way.
 */
export type Lane<Job> = { fence: number; connection: Connection | null; job: Job | null; inDoubt: boolean }

const connectsWithinMs = 5000
const endsWithinMs = 5000
// A connection that stood idle for longer may have been forgotten by what is between us and the server, unheard.
const staleAfterMs = 60_000
// Of this process alone: another one has nothing to wait for.
const fences = crypto.getRandomValues(new Int32Array(1))[0]

/** The lane's connection. On a new one nothing of its predecessor is under way any more: a doubt is decided. */
export async function connectionOf(pool: SQL, lane: Lane<unknown>): Promise<Connection> {
  if (lane.connection && performance.now() - lane.connection.usedAt > staleAfterMs) drop(lane)
  return (lane.connection ??= await connect(pool, lane.fence))
}

async function connect(pool: SQL, fence: number): Promise<Connection> {
  const signal = AbortSignal.timeout(connectsWithinMs)
  const client = await pool.reserve({ signal }).catch((error: unknown) => {
    throw signal.aborted ? new NoAnswer('no connection to the database in time') : error
  })
  try {
    await withinMs(connectsWithinMs, client.unsafe(`SELECT pg_advisory_lock(${fences}, ${fence})`))
  } catch (error) {
    client.close({ timeout: 0 }).catch(() => undefined)
    throw error
  }
  return { client, tx: postgresExecutorOf(client) as Tx, usedAt: performance.now() }
}

/** Ends the connection, and with it whatever waits for an answer on it. */
export function drop(lane: Lane<unknown>): void {
  const { connection } = lane
  lane.connection = null
  connection?.client.close({ timeout: 0 }).catch(() => undefined)
}

export async function rollBack(lane: Lane<unknown>): Promise<void> {
  try {
    if (lane.connection) await withinMs(endsWithinMs, lane.connection.client.unsafe('ROLLBACK'))
  } catch {
    drop(lane)
  }
}
