import type { SQL } from 'bun'
import { drizzle } from 'drizzle-orm/bun-sql'
import { casing, type Db } from '../executor.ts'

/** Wraps connections to PostgreSQL in the query builder. Typed as SQLite's: both build the same queries. */
export const postgresExecutorOf = (client: Pick<SQL, 'unsafe' | 'options'>): Db =>
  drizzle(client as SQL, { casing }) as unknown as Db
