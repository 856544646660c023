import { accessSync, constants, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { CannotStart } from '../lib/cannot-start.ts'
import { now } from '../lib/clock.ts'
import { log } from '../lib/log.ts'
import { dialect } from './dialect.ts'
import type { Db } from './executor.ts'
import { type FolderLock, lockFolder } from './lock.ts'
import { probes } from './schema.ts'
import { openSqlite } from './sqlite.ts'
import { setStoreMode, storeState } from './state.ts'
import { type StoreHooks, stopWriter, useWriter, type Writer, writeToProbe } from './write.ts'

export type StoreOptions = {
  hooks?: StoreHooks
  /** The Worker's script, when it is not the product's own. */
  worker?: URL
  /** `postgres://…`: keep everything there, instead of in the folder. */
  databaseUrl?: string | null
}

/** What stands behind `db` and `write`. */
export type Opened = {
  db: Db
  writer: Writer
  /** Whether it makes sense to try a write again while the store is full or failing. */
  mayProbe(): Promise<boolean>
  /** Called once the writer has stopped. */
  close(): Promise<void>
}

/** Reads what is committed. Changes only when a store is opened or closed. */
export let db: Db

const probeEveryMs = 1000

type Open = { folder: string; lock: FolderLock; opened: Opened; probing: Timer }
let open: Open | null = null

/**
 * Opens the store, alone: takes the folder's lock, then the file `<folder>/kontuar.db` or the database that
 * `databaseUrl` names, brings the schema up to date and starts the writer.
 * Throws `CannotStart` when the folder is not writable or in use, or the file or database is foreign, newer, damaged, in use
 * or not to be reached.
 */
export async function openStore(folder: string, options: StoreOptions = {}): Promise<void> {
  const { hooks = {}, worker, databaseUrl = null } = options
  if ((databaseUrl === null) !== (dialect() === 'sqlite'))
    throw new Error(`this process was started for ${dialect()}: a store of the other kind cannot be opened in it`)
  // SQLite makes its files as the process may: what is in them is for the owner alone, in a folder that others can enter too.
  process.umask(0o077)
  makeFolder(folder)
  const lock = lockFolder(folder)
  try {
    setStoreMode('ok')
    const opened = databaseUrl === null ? openSqlite(folder, hooks, worker) : await openDatabase(databaseUrl, hooks)
    db = opened.db
    useWriter(opened.writer)
    open = { folder, lock, opened, probing: setInterval(() => void probeWhenClosed(), probeEveryMs) }
    open.probing.unref()
  } catch (error) {
    lock.release()
    throw error
  }
}

/** Loaded where it is used alone: the client of PostgreSQL and what goes with it are an eighth of a start. */
async function openDatabase(url: string, hooks: StoreHooks): Promise<Opened> {
  const { openPostgres } = await import('./postgres/open.ts')
  return openPostgres(url, hooks)
}

/** Finishes the writes that were asked for, closes the store cleanly and frees the folder. */
export async function closeStore(): Promise<void> {
  if (!open) return
  const { lock, opened, probing } = open
  open = null
  clearInterval(probing)
  await stopWriter()
  await opened.close()
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
  return open ? freeBytesIn(open.folder) : 0
}

async function freeBytesIn(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder)
  return bavail * bsize
}

// Below this a full disk is not called free again: room for a few groups of messages and the log that carries them.
const freeBytesToResume = 1024 * 1024

let probingNow = false

async function probeWhenClosed(): Promise<void> {
  if (probingNow || !open) return
  probingNow = true
  try {
    const mayProbe = await open.opened.mayProbe()
    const { mode } = storeState()
    if (!mayProbe || (mode !== 'full' && mode !== 'failed') || (await freeBytes()) < freeBytesToResume) return
    await probeWrite()
    log.info('the store takes writes again')
  } catch {
    // Not yet.
  } finally {
    probingNow = false
  }
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
