import { entriesOverHttp } from '../support/visitor-client.ts'
import type { Postgres } from '../support/postgres.ts'
import type { HistoryEvent } from './history.ts'
import type { Lives } from './lives.ts'
import { postgresNemeses } from './postgres-nemeses.ts'
import type { Fault, Proxy } from './proxy.ts'
import type { Random } from './random.ts'
import type { FailPoint } from './server-settings.ts'
import type { SlowFsync } from './slow-fsync.ts'
import type { SmallDisk } from './small-disk.ts'
import { readyzSays, until } from './waiting.ts'
import type { World } from './world.ts'

export type Field = {
  world: World
  lives: Lives
  proxy: Proxy
  random: Random
  /** Null where nothing may be mounted. */
  disk: SmallDisk | null
  slowFsync: SlowFsync
  /** Null where everything is kept in a file. */
  postgres: Postgres | null
  /** The address of the database in it. */
  database: string | null
}

export type NemesisName =
  | keyof typeof postgresNemeses
  | 'kill'
  | FailPoint
  | 'terminate'
  | 'kill-while-stopping'
  | 'stop-and-continue'
  | 'slow-fsync'
  | 'disk-full'
  | 'start-on-full-disk'
  | Exclude<Fault, 'pass'>

const needsSmallDisk: readonly NemesisName[] = ['disk-full', 'start-on-full-disk']

/** Whether the field has what this one takes away. A full disk is tried where the data folder holds everything. */
export const isPossible = (name: NemesisName, { disk, postgres }: Pick<Field, 'disk' | 'postgres'>): boolean =>
  (postgres !== null || !isForPostgres(name)) && (disk !== null || !needsSmallDisk.includes(name))

export const isForPostgres = (name: NemesisName): boolean => name in postgresNemeses

type Nemesis = (field: Field) => Promise<void>

export const nemeses: Record<NemesisName, Nemesis> = {
  ...onDatabase(),
  kill: async ({ lives, random }) => {
    await Bun.sleep(random.between(100, 700))
    await lives.kill()
    await lives.start()
  },
  'before-commit': (field) => diesAt(field, 'before-commit'),
  'after-commit': (field) => diesAt(field, 'after-commit'),
  'before-ack': (field) => diesAt(field, 'before-ack'),
  terminate: async ({ lives, random }) => {
    await Bun.sleep(random.between(100, 500))
    await lives.stop()
    await lives.start()
  },
  'kill-while-stopping': async ({ lives, random }) => {
    await Bun.sleep(random.between(100, 500))
    lives.leave()
    await Bun.sleep(random.between(0, 40))
    await lives.kill()
    await lives.start()
  },
  'stop-and-continue': async ({ lives, random }) => {
    lives.server.signal('SIGSTOP')
    await Bun.sleep(random.between(300, 2500))
    lives.server.signal('SIGCONT')
  },
  'slow-fsync': async ({ slowFsync, lives, random }) => {
    lives.slowed = true
    slowFsync.delay(random.between(10, 120))
    await Bun.sleep(random.between(700, 1500))
    if (random.chance(0.5)) {
      await lives.kill()
      await lives.start()
    }
    slowFsync.delay(0)
    lives.slowed = false
  },
  'disk-full': fillDisk,
  'start-on-full-disk': async ({ disk, lives, random }) => {
    if (!disk) return
    disk.fill()
    await Bun.sleep(random.between(0, 300))
    await lives.kill()
    await lives.tryToStart()
    disk.empty()
    await lives.start()
  },
  blackhole: (field) => troubleNetwork(field, 'blackhole'),
  'half-close': (field) => troubleNetwork(field, 'half-close'),
  reset: (field) => troubleNetwork(field, 'reset'),
  trickle: (field) => troubleNetwork(field, 'trickle'),
}

function onDatabase(): Record<keyof typeof postgresNemeses, Nemesis> {
  const all = Object.entries(postgresNemeses).map(([name, nemesis]): [string, Nemesis] => [
    name,
    async (field) => {
      if (field.postgres) await nemesis({ ...field, postgres: field.postgres })
    },
  ])
  return Object.fromEntries(all) as Record<keyof typeof postgresNemeses, Nemesis>
}

async function diesAt({ lives, random }: Field, point: FailPoint): Promise<void> {
  await lives.stop()
  await lives.dieAt(point, random.between(1, 60))
  await lives.start()
}

async function troubleNetwork({ proxy, random }: Field, fault: Fault): Promise<void> {
  const share = random.between(3, 10) / 10
  proxy.inflict(fault, () => random.chance(share))
  await Bun.sleep(fault === 'reset' || fault === 'half-close' ? random.between(20, 300) : random.between(300, 1200))
  proxy.lift()
}

/** Fills the disk, waits until a write is nacked, reads everything, makes room, waits until a write is acknowledged. */
async function fillDisk({ disk, lives, world, proxy }: Field): Promise<void> {
  if (!disk) return
  const { history } = world
  const server = `http://127.0.0.1:${proxy.target}`
  const pid = lives.server.pid
  const nacks = () => since(full, (event) => event.type === 'refused' && event.code === 'storage_full')
  await until(() => world.visitors.every(({ conversationId }) => conversationId !== null))
  disk.fill()
  const full = history.events.length
  const since = (from: number, match: (event: HistoryEvent) => boolean) =>
    history.events.slice(from).filter(match).length
  await until(() => nacks() >= 5)
  const reads = await Promise.allSettled(world.visitors.map(({ token }) => entriesOverHttp(server, token)))
  const readyzWhileFull = await readyzSays(503, server)
  const nacked = nacks()
  disk.empty()
  const free = history.events.length
  const resumed = await until(() => since(free, (event) => event.type === 'ok') >= 5)
  history.add({
    type: 'disk-full',
    reads: reads.length,
    readsFailed: reads.filter(({ status }) => status === 'rejected').length,
    nacked,
    readyzWhileFull,
    readyzAfter: await readyzSays(200, server),
    resumed,
    restarted: lives.server.pid !== pid,
  })
}
