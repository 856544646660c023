import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { dialect } from '../../src/platform/db/dialect.ts'
import { closeStore, openStore, type StoreOptions } from '../../src/platform/db/open.ts'
import { setUpLog } from '../../src/platform/lib/log.ts'
import { freshDatabase } from './postgres.ts'

export type Place = { folder: string; databaseUrl: string | null; remove(): Promise<void> }

/** A data folder that nobody has used, and a database too where `DATABASE_URL` names a server. */
export async function freshPlace(): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), 'kontuar-test-'))
  const database = dialect() === 'postgres' ? await freshDatabase() : null
  return {
    folder,
    databaseUrl: database?.url ?? null,
    async remove() {
      await database?.drop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** The store alone, without a house around it, in a place of its own. Returns how to close it and clear up. */
export async function openFreshStore(options: StoreOptions = {}): Promise<() => Promise<void>> {
  setUpLog({ level: 'error' })
  const { folder, databaseUrl, remove } = await freshPlace()
  await openStore(folder, { databaseUrl, ...options })
  return async () => {
    await closeStore()
    await remove()
  }
}
