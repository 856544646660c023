import { Database } from 'bun:sqlite'
import { accessSync, constants, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { CannotStart } from '../lib/cannot-start.ts'
import { now } from '../lib/clock.ts'
import { log } from '../lib/log.ts'
import { quickCheck } from './check.ts'
import { type Db, executorOf, openReadOnly } from './executor.ts'
import { type FolderLock, lockFolder } from './lock.ts'
import { migrateFile } from './migrate.ts'
import { probes } from './schema.ts'
import { prepareSlowReads, slowRead, stopSlowReads } from './slow-reads.ts'
import { setStoreMode, storeState } from './state.ts'
import { type StoreHooks, startWriter, stopWriter, writeToProbe } from './write.ts'

export type StoreOptions = {
  hooks?: StoreHooks
  /** The Worker's script, when it is not the product's own. */
  worker?: URL
}

/** Reads what is committed. Changes only when a store is opened or closed. */
export let db: Db

// Below this a full disk is not called free again: room for a few groups of messages and the log that carries them.
const freeBytesToResume = 1024 * 1024
const probeEveryMs = 1000

type Open = { folder: string; lock: FolderLock; writer: Database; reader: Database; probing: Timer }
let open: Open | null = null

/**
 * Opens `<folder>/kontuar.db`, alone: takes the folder's lock, brings the schema up to date, starts the writer.
 * After an unclean stop the file is checked in the Worker, while the house is already open.
 * Throws `CannotStart` when the folder is not writable or in use, or the file is foreign, newer or damaged.
 */
export async function openStore(folder: string, options: StoreOptions = {}): Promise<void> {
  // SQLite makes its files as the process may: what is in them is for the owner alone, in a folder that others can enter too.
  process.umask(0o077)
  makeFolder(folder)
  const lock = lockFolder(folder)
  const path = join(folder, 'kontuar.db')
  try {
    const writer = openWriter(path)
    migrateFile(writer, path)
    writer.run('PRAGMA foreign_keys = ON')
    const reader = openReadOnly(path)
    db = executorOf(reader)
    setStoreMode('ok')
    startWriter(writer, options.hooks ?? {})
    prepareSlowReads(path, options.worker ?? new URL('./worker.ts', workerBase()))
    open = { folder, lock, writer, reader, probing: setInterval(() => void probeWhenClosed(), probeEveryMs) }
    open.probing.unref()
  } catch (error) {
    lock.release()
    throw isDamage(error)
      ? new CannotStart(`${path} is damaged and cannot be opened. Restore it from a backup.`)
      : error
  }
  const stoppedUncleanly = existsSync(marker(folder))
  writeFileSync(marker(folder), `${process.pid}\n`)
  if (stoppedUncleanly) void checkFile()
}

/** Finishes the writes that were asked for, closes the file cleanly and frees the folder. */
export async function closeStore(): Promise<void> {
  if (!open) return
  const { folder, lock, writer, reader, probing } = open
  open = null
  clearInterval(probing)
  await stopWriter()
  stopSlowReads()
  reader.close()
  // Closing alone would leave the log in its own file: prepared statements keep SQLite's handle half open.
  if (storeState().mode === 'ok') writer.run('PRAGMA wal_checkpoint(TRUNCATE)')
  writer.close()
  // A damaged file is checked again at the next start, and so is one whose last writes failed.
  if (storeState().mode === 'ok') rmSync(marker(folder), { force: true })
  lock.release()
}

/** Writes one row for real. Refuses what `write` refuses. */
export async function probeWrite(): Promise<void> {
  await writeToProbe((tx) =>
    tx
      .insert(probes)
      .values({ id: 1, at: now() })
      .onConflictDoUpdate({ target: probes.id, set: { at: now() } }),
  )
}

/** Bytes that this process may still write in the data folder. */
export async function freeBytes(): Promise<number> {
  if (!open) return 0
  const { bavail, bsize } = await statfs(open.folder)
  return bavail * bsize
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK)
    // access() grants root everything, a read-only mount included: only a write tells.
    const trial = join(folder, `.trial-${process.pid}`)
    writeFileSync(trial, '')
    rmSync(trial)
  } catch (error) {
    const { code } = error as { code?: string }
    throw new CannotStart(
      `The data folder ${folder} cannot be written to (${code ?? String(error)}). Make it writable, or name another with --data.`,
    )
  }
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

async function checkFile(): Promise<void> {
  log.warn('the last stop was not a clean one: checking the database')
  try {
    const faults = await slowRead(quickCheck, null)
    if (faults.length === 0) return log.info('the database is sound')
    log.error('the database is damaged: no more writes are taken, restore a backup', { faults })
    setStoreMode('damaged')
  } catch (error) {
    if (open) log.error('the database could not be checked', { error })
  }
}

async function probeWhenClosed(): Promise<void> {
  const { mode } = storeState()
  if (mode !== 'full' && mode !== 'failed') return
  if ((await freeBytes()) < freeBytesToResume) return
  await probeWrite().then(
    () => log.info('the store takes writes again'),
    () => undefined,
  )
}

const isDamage = (error: unknown): boolean =>
  /^SQLITE_(CORRUPT|NOTADB)/.test(String((error as { code?: unknown }).code))

// The worker stands beside main.ts: two folders up in the source tree, at the root of the executable.
const workerBase = (): string =>
  Bun.isStandaloneExecutable ? import.meta.url : new URL('../../', import.meta.url).href
