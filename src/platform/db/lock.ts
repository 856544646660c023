import { Database } from 'bun:sqlite'
import { join } from 'node:path'
import { CannotStart } from '../lib/cannot-start.ts'

export type FolderLock = { release(): void }

/**
 * Takes the data folder for this process, until it releases it or dies: the lock is one that SQLite holds on
 * `kontuar.lock`, so SIGKILL frees it and a stale file never blocks a start.
 * Throws `CannotStart` when another process has the folder.
 */
export function lockFolder(folder: string): FolderLock {
  const lock = new Database(join(folder, 'kontuar.lock'), { create: true })
  try {
    lock.run('PRAGMA journal_mode = DELETE')
    lock.run('CREATE TABLE IF NOT EXISTS holder (pid INTEGER NOT NULL)')
    lock.run('BEGIN IMMEDIATE')
    lock.run('DELETE FROM holder')
    lock.run('INSERT INTO holder VALUES (?)', [process.pid])
    lock.run('COMMIT')
    // Held open and never committed: others may read who holds it, nobody else may begin.
    lock.run('BEGIN IMMEDIATE')
  } catch (error) {
    const holder = holderOf(lock)
    lock.close()
    if (!isBusy(error)) throw error
    throw new CannotStart(
      `The data folder ${folder} is in use by another Kontuar${holder}. Stop it first, or name another folder with --data.`,
    )
  }
  return {
    release() {
      lock.run('ROLLBACK')
      lock.close()
    },
  }
}

function holderOf(lock: Database): string {
  try {
    const row = lock.query<{ pid: number }, []>('SELECT pid FROM holder').get()
    return row ? ` (process ${row.pid})` : ''
  } catch {
    return ''
  }
}

const isBusy = (error: unknown): boolean => String((error as { code?: unknown }).code).startsWith('SQLITE_BUSY')
