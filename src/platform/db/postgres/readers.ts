import type { SQL } from 'bun'

/** Connections for reading, which can all be given up at once when the server answers nothing. */
export type Readers = {
  client: Pick<SQL, 'unsafe' | 'options'>
  /** What waits for an answer fails; what is asked from now on goes over new connections. */
  giveUp(): void
}

export function openReaders(openPool: () => SQL): Readers {
  let pool = openPool()
  return {
    client: { unsafe: (query, values) => pool.unsafe(query, values), options: pool.options },
    giveUp() {
      const silent = pool
      pool = openPool()
      silent.close({ timeout: 0 }).catch(() => undefined)
    },
  }
}
