import { SQL } from 'bun'
import { CannotStart } from '../../lib/cannot-start.ts'
import { lockDatabase } from '../postgres/lock.ts'
import { migrateDatabase } from '../postgres/migrate.ts'
import { shownUrl, untilReachable } from '../postgres/open.ts'
import { copyTable } from './marks.ts'
import { type Key, keyOf, quoted, type Row } from './rows.ts'
import type { CopyColumn, CopyTable } from './tables.ts'

export type Target = {
  /** The address without what is secret in it. */
  shown: string
  /** A pool of one connection. */
  one: SQL
  /** Whether nobody else can have come in between: asks the server. */
  stillOurs(): Promise<boolean>
  close(): Promise<void>
}

// However the server is set for its other clients: a batch may take as long as it takes.
const settings = {
  application_name: 'kontuar copy',
  statement_timeout: '0',
  lock_timeout: '0',
  idle_in_transaction_session_timeout: '0',
}

/**
 * Opens the database alone and brings it to the schema of this binary. Throws `CannotStart` when it cannot be reached, is
 * served, or is somebody else's.
 */
export async function openTarget(url: string): Promise<Target> {
  const shown = shownUrl(url)
  const pools = [0, 1].map(() => new SQL(url, { max: 1, connectionTimeout: 10, connection: settings }))
  const closePools = () => Promise.all(pools.map((pool) => pool.close({ timeout: 1 }).catch(() => undefined)))
  const [one, forLock] = pools as [SQL, SQL]
  try {
    await untilReachable(one, shown)
    const lock = await lockDatabase(forLock, shown)
    await migrateDatabase(one, shown)
    return {
      shown,
      one,
      stillOurs: async () => (await lock.held()) === 'held' || (await lock.again()) === 'ours',
      async close() {
        await lock.release()
        await closePools()
      },
    }
  } catch (error) {
    await closePools()
    throw error
  }
}

/** Throws `CannotStart` when one of the tables has a row. */
export async function mustBeEmpty({ one, shown }: Target, tables: CopyTable[]): Promise<void> {
  for (const { name } of tables) {
    const found = (await one.unsafe(`SELECT 1 FROM ${quoted(name)} LIMIT 1`)) as unknown[]
    if (found.length > 0)
      throw new CannotStart(
        `The database ${shown} holds a shop already (its table ${name} is not empty). Copy into an empty database.`,
      )
  }
}

/** Adds the rows and notes the last of them, both or neither. */
export async function addRows({ one }: Target, table: CopyTable, rows: Row[]): Promise<void> {
  const last = rows.at(-1)
  if (!last) return
  const columns = table.columns.map((_, place) => arrayOf(rows.map((row) => row[place] ?? null)))
  await one.unsafe(insertInto(table), [...columns, JSON.stringify(keyOf(table, last)), `${rows.length}`, table.name])
}

function insertInto({ name, columns }: CopyTable): string {
  const arrays = columns.map((column, at) => `$${at + 1}::text::${typeOf(column)}[]`).join(', ')
  const next = columns.length + 1
  // One statement is one transaction, whatever becomes of the connection; and one parameter a column, however many rows.
  return `WITH added AS (INSERT INTO ${quoted(name)} (${columns.map((column) => quoted(column.name)).join(', ')})
      SELECT * FROM unnest(${arrays}))
    UPDATE ${copyTable} SET last_key = $${next}::text, copied = copied + $${next + 1}::text::bigint WHERE name = $${next + 2}::text`
}

const typeOf = ({ kind }: CopyColumn): string => ({ text: 'text', whole: 'bigint', flag: 'boolean' })[kind]

/** An array as PostgreSQL writes it. Quotation marks keep the text NULL, braces and commas what they are. */
const arrayOf = (cells: Row): string =>
  `{${cells.map((cell) => (cell === null ? 'NULL' : `"${cell.replace(/[\\"]/g, '\\$&')}"`)).join(',')}}`

/** The rows after one key (from the first, for null) up to another (to the last, for null), in the order of the key. */
export async function rowsBetween(
  { one }: Target,
  table: CopyTable,
  after: Key | null,
  upTo: Key | null,
  most: number,
): Promise<Row[]> {
  const keys = table.key.flatMap((place) => table.columns[place] ?? [])
  const names = keys.map(({ name }) => `t.${quoted(name)}`)
  const given: string[] = []
  const than = (sign: '>' | '<=', key: Key): string => {
    const values = keys.map(({ kind }, at) => {
      given.push(key[at] ?? '')
      return kind === 'text' ? `$${given.length}::text COLLATE "C"` : `$${given.length}::text::bigint`
    })
    return `(${names.join(', ')}) ${sign} (${values.join(', ')})`
  }
  const where = [...(after ? [than('>', after)] : []), ...(upTo ? [than('<=', upTo)] : [])]
  const order = keys.map(({ kind }, at) => (kind === 'text' ? `${names[at]} COLLATE "C"` : names[at]))
  return (await one
    .unsafe(
      `SELECT ${table.columns.map(spelled).join(', ')} FROM ${quoted(table.name)} t
       ${where.length > 0 ? `WHERE ${where.join(' AND ')}` : ''} ORDER BY ${order.join(', ')} LIMIT ${most}`,
      given,
    )
    .values()) as Row[]
}

function spelled({ name, kind }: CopyColumn): string {
  const cell = `t.${quoted(name)}`
  return { text: cell, whole: `${cell}::text`, flag: `${cell}::int::text` }[kind]
}
