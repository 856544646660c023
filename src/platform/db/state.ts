import { now } from '../lib/clock.ts'
import { type Refusal, refuse } from '../lib/refuse.ts'
import { postgresModeOf } from './postgres/errors.ts'

/** Whether the store takes writes, and if not, why: no space left, a disk (or a database server) that fails, or damage. */
export type StoreMode = 'ok' | 'full' | 'failed' | 'damaged'
export type StoreState = { mode: StoreMode; since: number }

let state: StoreState = { mode: 'ok', since: 0 }
const listeners = new Set<(state: StoreState) => void>()

export const storeState = (): StoreState => state

/** Calls back at every change of mode; returns the way to stop listening. */
export function onStoreState(listener: (state: StoreState) => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function setStoreMode(mode: StoreMode): void {
  if (mode === state.mode) return
  state = { mode, since: now() }
  for (const listener of listeners) listener(state)
}

const seekers = new Set<() => void>()

/**
 * Calls back when something may have been kept of which nobody was told, because the store's answer was lost: whoever is
 * told live of what happens must look again. Returns the way to stop listening.
 */
export function onUntold(listener: () => void): () => void {
  seekers.add(listener)
  return () => seekers.delete(listener)
}

export function tellUntold(): void {
  for (const listener of seekers) listener()
}

const retryAfterMs = 1000

/** What a write is told while the store takes none. */
export function refusalOf(mode: Exclude<StoreMode, 'ok'>): Refusal {
  if (mode === 'full') return refuse('storage_full', { retryAfterMs })
  if (mode === 'failed') return refuse('storage_failed', { retryAfterMs })
  return refuse('storage_damaged', { retryAfterMs: 30_000 })
}

/** What a write is told whose COMMIT was not answered: it may be kept, or not. */
export const unanswered = (): Refusal => refuse('storage_silent', { retryAfterMs })

/** The mode that an error from the store means, or null for an error of the body's own. */
export function modeOf(error: unknown): Exclude<StoreMode, 'ok'> | null {
  const code = sqliteCode(error)
  if (code === 'SQLITE_FULL') return 'full'
  if (code.startsWith('SQLITE_CORRUPT') || code.startsWith('SQLITE_NOTADB')) return 'damaged'
  if (/^SQLITE_(IOERR|CANTOPEN|READONLY|NOMEM|BUSY)/.test(code)) return 'failed'
  return postgresModeOf(error)
}

function sqliteCode(error: unknown): string {
  const { code, cause } = error as { code?: string; cause?: { code?: string } }
  return cause?.code ?? code ?? ''
}
