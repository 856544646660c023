type Fault = { code?: unknown; errno?: unknown; cause?: unknown }

/** The five characters of an error that PostgreSQL itself reports, or the client's own code (`ERR_POSTGRES_…`); '' for others. */
export function postgresCode(error: unknown): string {
  for (let fault = error as Fault | undefined | null; fault; fault = fault.cause as Fault | undefined) {
    if (typeof fault !== 'object') return ''
    const code = typeof fault.code === 'string' ? fault.code : ''
    if (code === 'ERR_POSTGRES_SERVER_ERROR') return typeof fault.errno === 'string' ? fault.errno : ''
    if (code.startsWith('ERR_POSTGRES_')) return code
  }
  return ''
}

const clientsOwn =
  /^ERR_POSTGRES_(CONNECTION_|IDLE_TIMEOUT|LIFETIME_TIMEOUT|TLS_|NO_ANSWER|LOCK_LOST|(UN)?EXPECTED_|INVALID_MESSAGE)/

/**
 * Whether the connection, or the whole server, is gone: a transaction whose COMMIT was not sent is not kept.
 * Class 08 connection, 57P server going down or coming up, 53300 too many connections, 25P03 stood idle too long.
 */
export function isConnectionLost(error: unknown): boolean {
  const code = postgresCode(error)
  return /^(08|57P|53300|25P03)/.test(code) || clientsOwn.test(code)
}

/**
 * Whether the same body may do better in a new transaction: 40001 serialisation failure, 40P01 deadlock, 23505 somebody
 * else was first with a unique key, so that a second look finds what they have kept, 23503 they took away what this refers
 * to, or refer to what this takes away, which a second look finds, too. 55P03 a lock was waited for too long.
 */
export const isLostRace = (error: unknown): boolean => /^(40001|40P01|23503|23505|55P03)$/.test(postgresCode(error))

/** A body that loses one of these again and again has a bug: no race repeats itself. */
export const isAboutKeys = (error: unknown): boolean => /^(23503|23505)$/.test(postgresCode(error))

/** The state of the store that an error means; null for an error of the body's own. */
export function postgresModeOf(error: unknown): 'full' | 'failed' | 'damaged' | null {
  const code = postgresCode(error)
  if (code === '53100') return 'full'
  if (/^XX00[12]$/.test(code)) return 'damaged'
  // 25006: the server only reads, as a standby does. 58: its disk. 57014: it took longer than any write may.
  if (isConnectionLost(error) || /^(25006|53|58|57014)/.test(code)) return 'failed'
  return null
}
