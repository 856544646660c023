import type { SQL } from 'bun'
import type { Database } from 'bun:sqlite'
import { CannotStart } from '../../lib/cannot-start.ts'
import { copyTable } from './marks.ts'

/** Text, a whole number, or a truth value (0 and 1 in SQLite). */
type Kind = 'text' | 'whole' | 'flag'
export type CopyColumn = { name: string; kind: Kind }

export type CopyTable = {
  name: string
  columns: CopyColumn[]
  /** The places of the primary key's columns among all, in the key's order. */
  key: number[]
}

type Found = { table: string; column: string; type: string; pk: number }

/**
 * What there is to copy, as the two schemas themselves say: a table that comes with a later feature needs nothing here.
 * Throws `CannotStart` when a table or a column is in one store only, or of a kind that cannot be copied.
 */
export async function tablesToCopy(sqlite: Database, one: SQL): Promise<CopyTable[]> {
  const [here, there] = [inFile(sqlite), await inDatabase(one)]
  const types = new Map(there.map((column) => [nameOf(column), column.type]))
  mustAgree(here, there)
  const tables = new Map<string, CopyTable>()
  for (const column of here) {
    const { table, pk } = column
    const found = tables.get(table) ?? { name: table, columns: [], key: [] }
    if (pk > 0) found.key[pk - 1] = found.columns.length
    found.columns.push({ name: column.column, kind: kindOf(column, types.get(nameOf(column)) ?? '') })
    tables.set(table, found)
  }
  for (const { name, key } of tables.values())
    if (key.length === 0) throw new CannotStart(`The table ${name} has no primary key to copy it by.`)
  return [...tables.values()]
}

// Virtual tables and what is behind them are left out: an index for searching is made anew from what it indexes.
const inFile = (sqlite: Database): Found[] =>
  sqlite
    .query<Found, []>(
      `SELECT t.name AS "table", c.name AS "column", lower(c.type) AS type, c.pk
       FROM pragma_table_list t JOIN pragma_table_info(t.name) c
       WHERE t.schema = 'main' AND t.type = 'table' AND substr(t.name, 1, 7) <> 'sqlite_'
         AND t.name <> '__drizzle_migrations'
       ORDER BY t.name, c.cid`,
    )
    .all()

const inDatabase = async (one: SQL): Promise<Found[]> =>
  (await one.unsafe(
    `SELECT c.table_name AS "table", c.column_name AS "column", c.data_type AS type, 0 AS pk
     FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
     WHERE table_schema = current_schema() AND t.table_type = 'BASE TABLE' AND c.is_generated = 'NEVER'
       AND table_name NOT IN ('kontuar_migrations', '${copyTable}') AND table_name NOT LIKE 'search\\_%'`,
  )) as Found[]

function mustAgree(here: Found[], there: Found[]): void {
  const [ours, theirs] = [namesOf(here), namesOf(there)]
  const onlyHere = ours.find((name) => !theirs.includes(name))
  const onlyThere = theirs.find((name) => !ours.includes(name))
  if (onlyHere === undefined && onlyThere === undefined) return
  const [name, stands, misses] = onlyHere ? [onlyHere, 'SQLite', 'PostgreSQL'] : [onlyThere, 'PostgreSQL', 'SQLite']
  throw new CannotStart(`The two schemas differ: the ${name} is in ${stands} and not in ${misses}.`)
}

/** "table sites", "column sites.id", ...: tables first, so that a whole table that is missing is called so. */
const namesOf = (found: Found[]): string[] => [
  ...new Set(found.map(({ table }) => `table ${table}`)),
  ...found.map((column) => `column ${nameOf(column)}`),
]

const nameOf = ({ table, column }: Found): string => `${table}.${column}`

function kindOf(column: Found, type: string): Kind {
  const kind = ({ 'text text': 'text', 'integer bigint': 'whole', 'integer boolean': 'flag' } as const)[
    `${column.type} ${type}` as 'text text'
  ] as Kind | undefined
  if (kind) return kind
  throw new CannotStart(
    `The column ${nameOf(column)} is ${column.type} in SQLite and ${type} in PostgreSQL: how to copy that is not known.`,
  )
}
