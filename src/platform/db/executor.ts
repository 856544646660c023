import { Database } from 'bun:sqlite'
import { type BunSQLiteDatabase, drizzle } from 'drizzle-orm/bun-sqlite'

/** Reads what is committed. Writing through it fails: the handle is opened read-only. */
export type Db = BunSQLiteDatabase
declare const inWrite: unique symbol
/** Reads and writes inside one `write` body; never leaves it. */
export type Tx = BunSQLiteDatabase & { readonly [inWrite]: true }
export type Executor = Db | Tx

export const casing = 'snake_case'

/** Wraps a SQLite handle in the query builder. */
export const executorOf = (sqlite: Database): Db => drizzle(sqlite, { casing })

/** Opens the file for reading only, with the pragmas that every reader has. */
export function openReadOnly(path: string): Database {
  const sqlite = new Database(path, { readonly: true, strict: true })
  sqlite.run('PRAGMA busy_timeout = 5000')
  sqlite.run('PRAGMA trusted_schema = OFF')
  sqlite.run('PRAGMA query_only = ON')
  return sqlite
}
