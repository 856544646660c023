import type { Database } from 'bun:sqlite'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { migrate } from 'drizzle-orm/bun-sqlite/migrator'
import { CannotStart } from '../lib/cannot-start.ts'
import { executorOf } from './executor.ts'

/** "KNTR": marks the file as ours (`PRAGMA application_id`). */
export const applicationId = 0x4b4e5452

const migrationsFolder = Bun.isStandaloneExecutable
  ? '/$bunfs/root/migrations/sqlite'
  : join(import.meta.dir, '../../../migrations/sqlite')

type Journal = { entries: unknown[] }

/** The schema that this binary knows: how many migrations it carries. */
export const knownVersion = (): number =>
  (JSON.parse(readFileSync(join(migrationsFolder, 'meta/_journal.json'), 'utf8')) as Journal).entries.length

/**
 * Brings the file to the schema of this binary, `user_version` telling which one it has.
 * Throws `CannotStart` for a file that is not ours, and for one that a newer Kontuar has written.
 */
export function migrateFile(sqlite: Database, path: string): void {
  const known = knownVersion()
  const version = pragma(sqlite, 'user_version')
  const tables = sqlite.query<{ n: number }, []>('SELECT count(*) AS n FROM sqlite_schema').get()?.n ?? 0
  if (tables > 0 && pragma(sqlite, 'application_id') !== applicationId)
    throw new CannotStart(`${path} is not a Kontuar database. Name another folder with --data.`)
  if (version > known)
    throw new CannotStart(
      `${path} was written by a newer Kontuar (schema ${version}, this one knows ${known}). Start that version, or a newer one.`,
    )
  if (version === known) return
  sqlite.run(`PRAGMA application_id = ${applicationId}`)
  migrate(executorOf(sqlite), { migrationsFolder })
  sqlite.run(`PRAGMA user_version = ${known}`)
}

function pragma(sqlite: Database, name: 'user_version' | 'application_id'): number {
  const row = sqlite.query<Record<string, number>, []>(`PRAGMA ${name}`).get()
  return row?.[name] ?? 0
}
