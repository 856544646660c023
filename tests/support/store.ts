import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { dialect } from '../../src/platform/db/dialect.ts'
import { closeStore, openStore, type StoreOptions } from '../../src/platform/db/open.ts'
import type { StoreHooks } from '../../src/platform/db/write.ts'
import { setUpLog } from '../../src/platform/lib/log.ts'
import { freshDatabase, migratedDatabase } from './postgres.ts'

export type Place = { folder: string; databaseUrl: string | null; remove(): Promise<void> }

/** A data folder that nobody has used, and a database too where `DATABASE_URL` names a server: one with our empty tables. */
export async function freshPlace(): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), 'kontuar-test-'))
  const database = dialect() === 'postgres' ? await freshDatabase(undefined, await migratedDatabase()) : null
  return {
    folder,
    databaseUrl: database?.url ?? null,
    async remove() {
      await database?.drop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/**
 * On PostgreSQL a body runs again whenever its commit loses a race. Here every other commit loses one: so that a body with an
 * effect outside its transaction, or with another outcome the second time, is found out by whatever test runs it.
 */
export function unlucky(): StoreHooks {
  let commits = 0
  const lost = () => Object.assign(new Error('lost'), { code: 'ERR_POSTGRES_SERVER_ERROR', errno: '40001' })
  if (dialect() === 'sqlite') return {}
  return {
    beforeCommit() {
      if (commits++ % 2 === 0) throw lost()
    },
  }
}

/** The store alone, without a house around it, in a place of its own. Returns how to close it and clear up. */
export async function openFreshStore(options: StoreOptions = {}): Promise<() => Promise<void>> {
  setUpLog({ level: 'error' })
  const { folder, databaseUrl, remove } = await freshPlace()
  await openStore(folder, { databaseUrl, hooks: unlucky(), ...options })
  return async () => {
    await closeStore()
    await remove()
  }
}
