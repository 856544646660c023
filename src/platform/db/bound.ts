import { type Placeholder, type SQL, sql } from 'drizzle-orm'

/**
 * A value given when a prepared query runs. The cast hides it from SQLite's planner, which otherwise prepares a query with
 * ORDER BY anew for every new value, in the hope of a better plan: ten times the cost of running it (measured).
 */
export const boundText = (name: string): SQL => sql`cast(${sql.placeholder(name)} as text)`
/** As `boundText`, for whole numbers. */
export const boundCount = (name: string): SQL => sql`cast(${sql.placeholder(name)} as bigint)`

/** The LIMIT of a prepared query, written into it: as a bound value it would have the query prepared anew every time. */
export const fixedLimit = (rows: number): Placeholder => sql.raw(String(Math.trunc(rows))) as unknown as Placeholder
