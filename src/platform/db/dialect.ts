export type Dialect = 'sqlite' | 'postgres'

let chosen: Dialect | null = null

/**
 * Which store this process works with. Tables are declared in its words when their modules load, so it is settled before
 * that: by `chooseDialect`, else by whether `DATABASE_URL` is set.
 */
export const dialect = (): Dialect => (chosen ??= process.env.DATABASE_URL ? 'postgres' : 'sqlite')

/** Settles the store of this process. Throws when tables have already been declared in the other's words. */
export function chooseDialect(wanted: Dialect): void {
  if (chosen !== null && chosen !== wanted) throw new Error(`the tables are declared for ${chosen} already`)
  chosen = wanted
}
