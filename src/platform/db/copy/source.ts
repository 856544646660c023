import type { Database } from 'bun:sqlite'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { CannotStart } from '../../lib/cannot-start.ts'
import { lockFolder } from '../lock.ts'
import { openMigrated } from '../sqlite.ts'
import { type Fingerprint, fingerprinter, type Key, quoted, type Row, rowName } from './rows.ts'
import type { CopyColumn, CopyTable } from './tables.ts'

export type Source = { folder: string; sqlite: Database; close(): void }

// What is read, sent and kept at once. The second bounds it where rows are long.
const batchRows = 2000
const batchCharacters = 2_000_000

/**
 * Opens `<folder>/kontuar.db` alone, brings it to the schema of this binary and then only reads it. Throws `CannotStart`
 * when there is none, or when it is served.
 */
export function openSource(folder: string): Source {
  if (!existsSync(join(folder, 'kontuar.db')))
    throw new CannotStart(`There is no kontuar.db in ${folder}: name the data folder with --data.`)
  process.umask(0o077)
  const lock = lockFolder(folder)
  try {
    const sqlite = openMigrated(join(folder, 'kontuar.db'))
    // So that kontuar.db alone is the whole of it, as a backup has to be.
    sqlite.run('PRAGMA wal_checkpoint(TRUNCATE)')
    sqlite.run('PRAGMA query_only = ON')
    return {
      folder,
      sqlite,
      close() {
        sqlite.close()
        lock.release()
      },
    }
  } catch (error) {
    lock.release()
    throw error
  }
}

/** Throws `CannotStart` when the file is damaged, or has rows that refer to others which are not there. */
export function mustBeSound({ sqlite, folder }: Source): void {
  const [fault] = sqlite.query<{ quick_check: string }, []>('PRAGMA quick_check(1)').all()
  if (fault?.quick_check !== 'ok')
    throw new CannotStart(`kontuar.db in ${folder} is damaged (${fault?.quick_check}). Restore it from a backup.`)
  const orphan = sqlite.query<{ table: string; parent: string }, []>('PRAGMA foreign_key_check').get()
  if (orphan)
    throw new CannotStart(
      `kontuar.db in ${folder} has rows of ${orphan.table} that refer to rows of ${orphan.parent} which are not there: PostgreSQL would not take them.`,
    )
}

export const countRows = ({ sqlite }: Source, { name }: CopyTable): number =>
  sqlite.query<{ n: number }, []>(`SELECT count(*) AS n FROM ${quoted(name)}`).get()?.n ?? 0

/** The rows after that key (all, for null) in the order of the key, in batches that are bounded in rows and in size. */
export function* batchesOf({ sqlite }: Source, table: CopyTable, after: Key | null): Generator<Row[]> {
  const statement = sqlite.prepare<Record<string, string | null>, string[]>(selectFrom(table, after !== null))
  try {
    let [batch, characters]: [Row[], number] = [[], 0]
    for (const found of statement.iterate(...(after ?? []))) {
      const row = Object.values(found)
      batch.push(row)
      for (const cell of row) characters += cell?.length ?? 0
      if (batch.length < batchRows && characters < batchCharacters) continue
      yield batch
      ;[batch, characters] = [[], 0]
    }
    if (batch.length > 0) yield batch
  } finally {
    statement.finalize()
  }
}

function selectFrom({ name, columns, key }: CopyTable, after: boolean): string {
  const cells = columns.map((column, at) => `${spelled(column)} AS cell_${at}`)
  const keys = key.flatMap((place) => columns[place] ?? [])
  const given = keys.map(({ kind }) => (kind === 'text' ? '?' : 'CAST(? AS INTEGER)'))
  const names = keys.map((column) => `t.${quoted(column.name)}`).join(', ')
  const where = after ? `WHERE (${names}) > (${given.join(', ')})` : ''
  return `SELECT ${cells.join(', ')} FROM ${quoted(name)} t ${where} ORDER BY ${names}`
}

// Numbers as text: one beyond 2^53 would arrive rounded.
const spelled = ({ name, kind }: CopyColumn): string =>
  kind === 'text' ? `t.${quoted(name)}` : `CAST(t.${quoted(name)} AS TEXT)`

/**
 * Reads the whole table for what the copy must have at the end. Throws `CannotStart` for a row that PostgreSQL cannot
 * hold. `read` is told of each piece and may stop it by throwing.
 */
export async function inspect(source: Source, table: CopyTable, read: (rows: number) => void): Promise<Fingerprint> {
  const whole = fingerprinter()
  for (const batch of batchesOf(source, table, null)) {
    for (const row of batch) mustFit(table, row)
    whole.add(batch)
    read(batch.length)
    // Reading never waits by itself: without this nobody would hear Ctrl-C.
    await Bun.sleep(0)
  }
  return whole.done()
}

function mustFit(table: CopyTable, row: Row): void {
  const place = row.findIndex((cell, at) => !fits(cell, table.columns[at]))
  const column = table.columns[place]
  if (!column) return
  const why = column.kind === 'flag' ? 'is neither 0 nor 1' : 'holds a NUL character'
  throw new CannotStart(
    `${column.name} of ${rowName(table, row)} ${why}, which PostgreSQL cannot keep. Nothing was copied.`,
  )
}

function fits(cell: string | null, column: CopyColumn | undefined): boolean {
  if (cell === null) return true
  return column?.kind === 'flag' ? cell === '0' || cell === '1' : !cell.includes('\0')
}
