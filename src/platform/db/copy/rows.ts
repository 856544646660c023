import type { CopyTable } from './tables.ts'

/** As both stores can spell it: text as it is, a whole number in decimal, a truth value as 0 or 1. */
export type Cell = string | null
/** The cells in the order of the table's columns. */
export type Row = Cell[]
/** The cells of a primary key, in the key's order. */
export type Key = string[]

export const keyOf = ({ key }: CopyTable, row: Row): Key => key.map((place) => row[place] ?? '')

/** The row for a person: `messages (conversation_id 0192…, seq 3)`. */
export function rowName(table: CopyTable, row: Row): string {
  const parts = table.key.map((place) => `${table.columns[place]?.name} ${row[place]}`)
  return `${table.name} (${parts.join(', ')})`
}

export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

/** The rows of a table in the order of its key: how many, and the SHA-256 of their lines. */
export type Fingerprint = { rows: number; checksum: string }

/** Takes the rows of a table in the order of its key, in pieces of any size; each counts as one line, a JSON array of its cells. */
export function fingerprinter(): { add(rows: Row[]): void; done(): Fingerprint } {
  const hash = new Bun.CryptoHasher('sha256')
  let rows = 0
  return {
    add(more) {
      rows += more.length
      hash.update(more.map((row) => `${JSON.stringify(row)}\n`).join(''))
    },
    done: () => ({ rows, checksum: hash.digest('hex') }),
  }
}
