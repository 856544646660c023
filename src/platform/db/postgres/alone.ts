import { log } from '../../lib/log.ts'
import { setStoreMode } from '../state.ts'
import type { DatabaseLock } from './lock.ts'

/** Whether this process still is the only one that serves the database, and may write to it. */
export type Alone = {
  mayWrite(): boolean
  /** Asks the server, and takes the lock again when it was lost. */
  check(): Promise<boolean>
  /** The connection that holds the lock has ended: from now on another process may take it. */
  lost(): void
  stop(): void
}

type Turns = {
  /** The server holds the connection open and answers nothing. */
  silent(): void
  /** The lock is ours again. Another process may have served in between. */
  regained(): void
}

/** Watches over the lock. */
export function stayAlone(lock: DatabaseLock, shown: string, on: Turns): Alone {
  let ours = true
  let stopped = false
  let regaining: Promise<boolean> | null = null
  let told = false

  function lost(): void {
    if (!ours || stopped) return
    ours = false
    log.error('the connection to the database was lost', { database: shown })
    setStoreMode('failed')
    void regain()
  }

  function regain(): Promise<boolean> {
    regaining ??= takeAgain().finally(() => {
      regaining = null
    })
    return regaining
  }

  async function takeAgain(): Promise<boolean> {
    const now = await lock.again()
    ours = now === 'ours' && !stopped
    if (ours) on.regained()
    if (now === 'taken' && !told) log.error('another Kontuar has taken the database', { database: shown })
    told = now === 'taken'
    return ours
  }

  return {
    mayWrite: () => ours,
    async check() {
      if (!ours) return regain()
      const found = await lock.held()
      if (found === 'held') return ours
      lost()
      if (found === 'silent') on.silent()
      return false
    },
    lost,
    stop() {
      stopped = true
    },
  }
}
