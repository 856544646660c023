import { customType, integer, text as textColumn } from 'drizzle-orm/sqlite-core'

/**
 * The words in which every table is declared, once for both stores. Types follow SQLite.
 * Column names are the property's name in snake_case (the executor's `casing`).
 */
export { index, primaryKey, sqliteTable as table, uniqueIndex } from 'drizzle-orm/sqlite-core'

/** Text as it was given. */
export const text = textColumn

/** A UUIDv7, or another opaque name. */
export const id = () => textColumn()

/** A whole number. */
export const count = () => integer({ mode: 'number' })

/** A moment in UTC milliseconds. */
export const time = () => integer({ mode: 'number' })

/** A truth value, 0 or 1 in the store. */
export const flag = () => integer({ mode: 'boolean' })

/** A small object kept as JSON text. */
export const json = <T>() => jsonText().$type<T>()

// The builder's own JSON column writes the text `null` for null where the value comes from a placeholder.
const jsonText = customType<{ data: unknown; driverData: string | null }>({
  dataType: () => 'text',
  toDriver: (value) => (value === null ? null : JSON.stringify(value)),
  fromDriver: (text) => (text === null ? null : JSON.parse(text)),
})
