import { buildAssets } from '../../src/build/assets.ts'
import { readConfig } from '../../src/config.ts'
import { createSite } from '../../src/features/sites/index.ts'
import type { SiteRow } from '../../src/features/sites/index.ts'
import { write } from '../../src/platform/db/write.ts'
import { setUpLog } from '../../src/platform/lib/log.ts'
import { serve, type ServeOptions } from '../../src/serve.ts'
import { freshPlace, unlucky } from './store.ts'

export type TestHouse = { url: string; folder: string; site: SiteRow; close(): Promise<void>; reopen(): Promise<void> }

let built: Promise<unknown> | null = null

/** The real house on a free port, in a fresh data folder (and database, where `DATABASE_URL` names a server) of its own, with one site. */
export async function openHouse(
  flags: Record<string, string | true> = {},
  options: ServeOptions = {},
  env: Record<string, string> = {},
): Promise<TestHouse> {
  setUpLog({ level: 'error' })
  await (built ??= buildAssets())
  const { folder, databaseUrl, remove } = await freshPlace()
  const place: Record<string, string> = databaseUrl === null ? {} : { 'database-url': databaseUrl }
  const start = (port: string) =>
    serve(readConfig({ data: folder, port, ...place, ...flags }, env), { hooks: unlucky(), ...options })
  let running = await start('0')
  const site = await write((tx) => createSite(tx, { name: 'Water' }))
  return {
    url: running.url,
    folder,
    site,
    async close() {
      await running.stop()
      await remove()
    },
    /** Stops and starts it on the same port and folder. */
    async reopen() {
      const { port } = running
      await running.stop()
      running = await start(`${port}`)
    },
  }
}
