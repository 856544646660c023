import { Database } from 'bun:sqlite'
import type { SQL } from 'bun'
import { type BunSQLiteDatabase, drizzle } from 'drizzle-orm/bun-sqlite'
import { drizzle as drizzlePostgres } from 'drizzle-orm/bun-sql'

/** Reads what is committed. Writing through it fails: the handle is opened read-only. */
export type Db = BunSQLiteDatabase
declare const inWrite: unique symbol
/** Reads and writes inside one `write` body; never leaves it. */
export type Tx = BunSQLiteDatabase & { readonly [inWrite]: true }
export type Executor = Db | Tx

export const casing = 'snake_case'

/** Wraps a SQLite handle in the query builder. */
export const executorOf = (sqlite: Database): Db => drizzle(sqlite, { casing })

/** Wraps connections to PostgreSQL in the query builder. Typed as SQLite's: both build the same queries. */
export const postgresExecutorOf = (client: Pick<SQL, 'unsafe' | 'options'>): Db =>
  drizzlePostgres(client as SQL, { casing }) as unknown as Db

/** Opens the file for reading only, with the pragmas that every reader has. */
export function openReadOnly(path: string): Database {
  const sqlite = new Database(path, { readonly: true, strict: true })
  sqlite.run('PRAGMA busy_timeout = 5000')
  sqlite.run('PRAGMA trusted_schema = OFF')
  sqlite.run('PRAGMA query_only = ON')
  return sqlite
}
