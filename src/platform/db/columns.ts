import * as postgres from 'drizzle-orm/pg-core'
import * as sqlite from 'drizzle-orm/sqlite-core'
import { dialect } from './dialect.ts'

/**
 * The words in which every table is declared, once for both stores. Types follow SQLite; here alone PostgreSQL's builders
 * are given out as if they were its. Column names are the property's name in snake_case (the executor's `casing`).
 */
const here = dialect()

export const table = (here === 'sqlite' ? sqlite.sqliteTable : postgres.pgTable) as typeof sqlite.sqliteTable
export const index = (here === 'sqlite' ? sqlite.index : postgres.index) as typeof sqlite.index
export const uniqueIndex = (here === 'sqlite' ? sqlite.uniqueIndex : postgres.uniqueIndex) as typeof sqlite.uniqueIndex
export const primaryKey = (here === 'sqlite' ? sqlite.primaryKey : postgres.primaryKey) as typeof sqlite.primaryKey

// Compared and sorted byte by byte, as SQLite does, whatever language the database is set to.
const postgresText = postgres.customType<{ data: string; driverData: string }>({ dataType: () => 'text COLLATE "C"' })

/** Text as it was given. */
export const text = (here === 'sqlite' ? sqlite.text : postgresText) as typeof sqlite.text

/** A UUIDv7, or another opaque name. */
export const id = () => text()

const whole = (() =>
  here === 'sqlite' ? sqlite.integer({ mode: 'number' }) : postgres.bigint({ mode: 'number' })) as () => ReturnType<
  typeof sqlite.integer<'number'>
>

/** A whole number. */
export const count = () => whole()

/** A moment in UTC milliseconds. */
export const time = () => whole()

/** A truth value. */
export const flag = (() =>
  here === 'sqlite' ? sqlite.integer({ mode: 'boolean' }) : postgres.boolean()) as () => ReturnType<
  typeof sqlite.integer<'boolean'>
>

/** A small object kept as JSON text. */
export const json = <T>() => jsonText().$type<T>()

// The builders' own JSON columns write the text `null` for null where the value comes from a placeholder, and
// PostgreSQL's encodes twice.
const jsonCodec = {
  toDriver: (value: unknown) => (value === null ? null : JSON.stringify(value)),
  fromDriver: (text: string | null) => (text === null ? null : (JSON.parse(text) as unknown)),
}
const sqliteJson = sqlite.customType<{ data: unknown; driverData: string | null }>({
  dataType: () => 'text',
  ...jsonCodec,
})
const postgresJson = postgres.customType<{ data: unknown; driverData: string | null }>({
  dataType: () => 'text',
  ...jsonCodec,
})
const jsonText = (here === 'sqlite' ? sqliteJson : postgresJson) as typeof sqliteJson
