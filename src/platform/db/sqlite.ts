import { Database } from 'bun:sqlite'
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CannotStart } from '../lib/cannot-start.ts'
import { log } from '../lib/log.ts'
import { quickCheck } from './check.ts'
import { executorOf, openReadOnly } from './executor.ts'
import { startGroupWriter } from './group-writer.ts'
import { migrateFile } from './migrate-sqlite.ts'
import { refuseMoved } from './moved.ts'
import type { Opened } from './open.ts'
import { prepareSlowReads, slowRead, stopSlowReads } from './slow-reads.ts'
import { setStoreMode, storeState } from './state.ts'
import type { StoreHooks } from './write.ts'

/**
 * Opens `<folder>/kontuar.db`, whose lock is held. After an unclean stop the file is checked in the Worker, while the
 * house is already open. Throws `CannotStart` when the file is foreign, newer or damaged, or its shop was moved.
 */
export function openSqlite(folder: string, hooks: StoreHooks, worker?: URL): Opened {
  refuseMoved(folder)
  const path = join(folder, 'kontuar.db')
  const sqlite = openMigrated(path)
  sqlite.run('PRAGMA foreign_keys = ON')
  const reader = openReadOnly(path)
  prepareSlowReads(path, worker ?? new URL('./worker.ts', workerBase()))
  const closing = { yet: false }
  if (existsSync(marker(folder))) void checkFile(closing)
  writeFileSync(marker(folder), `${process.pid}\n`)
  return {
    db: executorOf(reader),
    writer: startGroupWriter(sqlite, hooks),
    mayProbe: async () => true,
    async close() {
      closing.yet = true
      closeFile(folder, sqlite, reader)
    },
  }
}

/**
 * Opens the file for writing, with its schema brought up to date. The folder's lock is held. Throws `CannotStart` when the
 * file is foreign, newer or damaged.
 */
export function openMigrated(path: string): Database {
  try {
    const sqlite = openWriter(path)
    migrateFile(sqlite, path)
    return sqlite
  } catch (error) {
    throw isDamage(error)
      ? new CannotStart(`${path} is damaged and cannot be opened. Restore it from a backup.`)
      : error
  }
}

function closeFile(folder: string, writer: Database, reader: Database): void {
  stopSlowReads()
  reader.close()
  // Closing alone would leave the log in its own file: prepared statements keep SQLite's handle half open.
  if (storeState().mode === 'ok') writer.run('PRAGMA wal_checkpoint(TRUNCATE)')
  writer.close()
  // A damaged file is checked again at the next start, and so is one whose last writes failed.
  if (storeState().mode === 'ok') rmSync(marker(folder), { force: true })
}

function openWriter(path: string): Database {
  const sqlite = new Database(path, { create: true, strict: true })
  for (const pragma of [
    'busy_timeout = 5000',
    'journal_mode = WAL',
    'synchronous = FULL',
    'journal_size_limit = 67108864',
    'trusted_schema = OFF',
    'secure_delete = ON',
  ])
    sqlite.run(`PRAGMA ${pragma}`)
  return sqlite
}

const marker = (folder: string): string => join(folder, 'running')

async function checkFile(closing: { yet: boolean }): Promise<void> {
  log.warn('the last stop was not a clean one: checking the database')
  try {
    const faults = await slowRead(quickCheck, null)
    if (faults.length === 0) return log.info('the database is sound')
    log.error('the database is damaged: no more writes are taken, restore a backup', { faults })
    setStoreMode('damaged')
  } catch (error) {
    if (!closing.yet) log.error('the database could not be checked', { error })
  }
}

const isDamage = (error: unknown): boolean =>
  /^SQLITE_(CORRUPT|NOTADB)/.test(String((error as { code?: unknown }).code))

// The worker stands beside main.ts: two folders up in the source tree, at the root of the executable.
const workerBase = (): string =>
  Bun.isStandaloneExecutable ? import.meta.url : new URL('../../', import.meta.url).href
