import { dialect } from './dialect.ts'

// What the builder of PostgreSQL can do and that of SQLite cannot.
type Lockable<Q> = { for(strength: string, config?: { skipLocked: boolean }): Q }

/**
 * Locks the rows that a query of a write finds until the write ends, so that whoever wants to change them too waits and
 * then sees what became of them. On SQLite nothing: its one writer is the lock.
 */
export const lockingRows = <Q>(query: Q): Q =>
  dialect() === 'postgres' ? (query as Lockable<Q>).for('no key update') : query

/** As `lockingRows`, and passes over rows that somebody else has locked: for work that is shared out. */
export const claimingRows = <Q>(query: Q): Q =>
  dialect() === 'postgres' ? (query as Lockable<Q>).for('update', { skipLocked: true }) : query

/** Whether a row that was read inside a write has to be locked, and read again, before it is changed. */
export const rowsNeedLocks = (): boolean => dialect() === 'postgres'
