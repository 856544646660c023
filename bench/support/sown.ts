/** Our server on a store that is full of conversations. */
import { freshDatabase, type Postgres } from '../../tests/support/postgres.ts'
import { type Seed, seedStore } from './seed-store.ts'
import { type Server, startOurs } from './servers.ts'

export type Sown = {
  server: Server
  /** The conversation of `longest` texts and the one of ten. */
  ids: string[]
}

/** In a file of SQLite, or in a new database of `postgres`, which goes with it. */
export async function startSown(seed: Seed, postgres: Postgres | null): Promise<Sown> {
  const database = postgres === null ? null : (await freshDatabase(postgres.url)).url
  let ids: string[] = []
  const server = await startOurs({
    env: { DATABASE_URL: database ?? '' },
    prepare: async (folder) => {
      ids = await seedStore(folder, seed, database)
    },
  })
  return { server, ids }
}
