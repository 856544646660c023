/**
 * The visitors' figures with everything in PostgreSQL: our server and the bare limit, each in a database of its own on one
 * server, Debian's, with the durability that it has by default. Reported; there is nothing to reach.
 */
import { freshDatabase } from '../../tests/support/postgres.ts'
import type { Scene } from '../scene.ts'
import { postgresHere } from '../support/postgres.ts'
import { startOurs, startPostgresLimit } from '../support/servers.ts'
import { bothServers, closedLoop, cpuPerMessage, loadScene, openLoop, type Stage } from './visitors.ts'

const against = 'bare limit'

async function stage(): Promise<Stage> {
  const postgres = await postgresHere()
  // The databases go with the server.
  const database = async (): Promise<string> => (await freshDatabase(postgres.url)).url
  try {
    const servers = await bothServers(
      async () => startOurs({ env: { DATABASE_URL: await database() } }),
      async () => startPostgresLimit(await database()),
    )
    return {
      ...servers,
      async end() {
        try {
          await servers.end()
        } finally {
          await postgres.stop()
        }
      },
    }
  } catch (error) {
    await postgres.stop()
    throw error
  }
}

const sendersScene = (senders: number): Scene =>
  loadScene(
    `postgres-${senders}`,
    { load: closedLoop(senders), stage },
    {
      acked: {
        name: `PostgreSQL: acknowledged/s, ${senders} senders`,
        unit: '/s',
        against,
        of: (result) => result.ackedPerSecond,
      },
      cpu: {
        name: `PostgreSQL: server CPU per message, ${senders} senders`,
        unit: 'us',
        against,
        of: cpuPerMessage,
      },
    },
  )

const steadyScene = loadScene(
  'postgres-500',
  { load: openLoop, stage },
  {
    p50: { name: 'PostgreSQL: ack p50, 500 msg/s', unit: 'ms', against, of: (result) => result.latencyMs.p50 },
    p99: { name: 'PostgreSQL: ack p99, 500 msg/s', unit: 'ms', against, of: (result) => result.latencyMs.p99 },
  },
)

export const postgresScenes: Scene[] = [sendersScene(64), sendersScene(256), steadyScene]
