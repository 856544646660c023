import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildAssets } from '../../src/build/assets.ts'
import { AgentClient } from '../support/agent-client.ts'
import { freshDatabase, type Postgres, startPostgres } from '../support/postgres.ts'
import { session } from '../support/visitor-client.ts'
import { check, type Evidence, type Verdict } from './checker.ts'
import { flagsOf, type Place, readEnds, readFinal } from './final.ts'
import { History, writeJsonLines } from './history.ts'
import { Lives } from './lives.ts'
import { type Field, isPossible, type NemesisName, nemeses } from './nemeses.ts'
import { Proxy } from './proxy.ts'
import { type Random, randomFor } from './random.ts'
import { ConsoleReader, HttpReader, SocketReader } from './readers.ts'
import type { Account } from './server-settings.ts'
import { ServerProcess } from './server-process.ts'
import { Sink } from './sink.ts'
import { SlowFsync } from './slow-fsync.ts'
import { SmallDisk } from './small-disk.ts'
import { until } from './waiting.ts'
import { think, type World } from './world.ts'
import { AgentWriter, Newcomers, VisitorWriter } from './writers.ts'

export type Plan = {
  seed: number
  /** One after another, in this order; a generator may go on until the time is up. */
  nemeses: Iterable<NemesisName>
  thinkMs?: number
  /** Size of the disk that the data folder stands on, where that holds everything. */
  diskMegabytes?: number
  /** Everything is kept in a PostgreSQL that the run starts for itself. */
  postgres?: boolean
  say?: (line: string) => void
}

export type Run = Verdict & { folder: string }

const conversations = 8
const drainsWithinMs = 20_000

const password = 'crash-suite-password'
const account = (name: string, role: Account['role']): Account => ({
  name,
  email: `${name}@water.test`,
  role,
  password,
})
const admin = account('clara', 'admin')
const agents = ['anna', 'adam', 'agata', 'aleksy'].map((name) => account(name, 'agent'))

/** Runs writers, readers and nemeses against the house and holds what came of it against the promises. */
export async function runCrash(plan: Plan): Promise<Run> {
  const folder = mkdtempSync(join(tmpdir(), 'kontuar-crash-'))
  const data = join(folder, 'data')
  mkdirSync(data)
  await buildAssets()
  const slowFsync = SlowFsync.build(folder)
  // PostgreSQL may run as somebody else, who has to come at the shim.
  if (plan.postgres) chmodSync(folder, 0o755)
  const postgres = plan.postgres ? await startPostgres(slowFsync.environment) : null
  const disk = postgres ? null : SmallDisk.mount(data, plan.diskMegabytes ?? 64)
  const server = new ServerProcess(join(folder, 'server.log'), slowFsync.environment)
  const sink = new Sink(randomFor(plan.seed, 'sink'))
  const proxy = await Proxy.listen()
  try {
    const database = postgres ? (await freshDatabase(postgres.url)).url : null
    const place = { data, database }
    const evidence = await gather(plan, { folder, place, disk, slowFsync, postgres, server, sink, proxy })
    const verdict = check(evidence)
    keep(folder, data, evidence, verdict, disk !== null)
    return { ...verdict, folder }
  } finally {
    await server.kill()
    await proxy.close()
    await sink.close()
    await postgres?.stop()
    slowFsync.close()
    disk?.unmount()
  }
}

type Ground = {
  folder: string
  place: Place
  disk: SmallDisk | null
  slowFsync: SlowFsync
  postgres: Postgres | null
  server: ServerProcess
  sink: Sink
  proxy: Proxy
}

async function gather(plan: Plan, ground: Ground): Promise<Evidence> {
  const { folder, place, disk, slowFsync, postgres, server, sink, proxy } = ground
  const base = `http://127.0.0.1:${proxy.port}`
  const history = new History(join(folder, 'history.jsonl'))
  const world: World = {
    seed: plan.seed,
    base,
    siteId: '',
    history,
    onPostgres: postgres !== null,
    visitors: [],
    bodies: new Map(),
    quiet: false,
    over: false,
    thinkMs: plan.thinkMs ?? 40,
  }
  const flags = { ...flagsOf(place), port: '0', 'public-url': base, 'no-limits': true, 'log-level': 'warn' } as const
  const lives = new Lives(server, { flags, sink: sink.url, agents: [admin, ...agents] }, proxy, world)
  const started = await lives.start()
  world.siteId = started!.siteId
  for (let number = 1; number <= conversations; number++) {
    const { visitorToken } = await session(base, world.siteId)
    world.visitors.push({ name: `visitor${number}`, token: visitorToken, conversationId: null })
  }

  const visitorWriters = world.visitors.flatMap((visitor, index) =>
    // Every other visitor writes in two tabs.
    (index % 2 === 0 ? ['', 'tab'] : ['']).map((tab) => new VisitorWriter(world, visitor, { tab })),
  )
  const agentWriters = agents.map((agent) => new AgentWriter(world, agent))
  const readers = [
    ...world.visitors.flatMap((visitor) => [
      new SocketReader(world, visitor, 'live'),
      new SocketReader(world, visitor, 'flapping'),
      new HttpReader(world, visitor),
    ]),
    ...agentWriters.map((agent, index) => new ConsoleReader(world, world.visitors[index]!, agent)),
  ]
  const reading = Promise.all(readers.map((reader) => reader.run()))
  const writing = Promise.all([...visitorWriters, ...agentWriters, new Newcomers(world)].map((writer) => writer.run()))
  const switching = switchChat(world, randomFor(plan.seed, 'switch'))

  const random = randomFor(plan.seed, 'nemeses')
  const field: Field = { world, lives, proxy, random, disk, slowFsync, postgres, database: place.database }
  await Promise.race([rage(plan, field), lives.accident, failing(reading), failing(writing), failing(switching)])

  world.quiet = true
  await switching
  if (!(await settlesWithin(drainsWithinMs, writing))) plan.say?.('the writers did not drain their queues')
  const ends = await readEnds(place)
  const streams = readers.map(({ stream }) => stream.reader)
  await until(
    () => streams.every((one) => one.watermark >= (ends.get(one.conversationId)?.[one.sees] ?? 0)),
    drainsWithinMs,
  )
  const texts = (await readFinal(place)).messages.filter(({ kind }) => kind === 'text').length
  await until(
    () => new Set(sink.copies.map(({ conversationId, seq }) => `${conversationId}:${seq}`)).size >= texts,
    drainsWithinMs,
  )
  world.over = true
  await Promise.all([reading, writing])
  await lives.stop()
  history.flush()
  return {
    onPostgres: postgres !== null,
    history: history.events,
    final: await readFinal(place),
    readers: streams,
    sink: sink.copies,
  }
}

async function rage(plan: Plan, field: Field): Promise<void> {
  const { world, random } = field
  for (const name of plan.nemeses) {
    if (!isPossible(name, field)) continue
    world.history.add({ type: 'nemesis', name })
    plan.say?.(name)
    await nemeses[name](field)
    // Between two troubles there is some ordinary life to break.
    await think(world, random, 300)
  }
}

/** An admin who switches the chat off now and then, and leaves it on. */
async function switchChat(world: World, random: Random): Promise<void> {
  const clara = new AgentClient(world.base)
  let signedIn = false
  while (!world.quiet) {
    await think(world, random, 1200)
    signedIn ||= await clara.signIn(admin.email, admin.password).then(
      () => true,
      () => false,
    )
    if (!signedIn || !(await tell(world, clara, false))) continue
    await think(world, random, 200)
    while (!(await tell(world, clara, true))) await think(world, random, 100)
  }
}

async function tell(world: World, clara: AgentClient, on: boolean): Promise<boolean> {
  const askedAt = world.history.events.length
  const status = await clara.switchChat(world.siteId, on).then(
    (answer) => answer.status,
    () => 0,
  )
  world.history.add({ type: 'switch', on, status, askedAt })
  return status >= 200 && status < 300
}

/** Never resolves: only what goes wrong in `work` is of interest. */
function failing(work: Promise<unknown>): Promise<never> {
  return new Promise((_, reject) => void work.catch(reject))
}

async function settlesWithin(ms: number, work: Promise<unknown>): Promise<boolean> {
  const late = Bun.sleep(ms).then(() => false)
  return await Promise.race([work.then(() => true), late])
}

/** Leaves in the folder what a person needs to see why a run failed; the mounted disk is about to go. */
function keep(folder: string, data: string, evidence: Evidence, verdict: Verdict, mounted: boolean): void {
  if (verdict.violations.length === 0) return
  writeJsonLines(join(folder, 'readers.jsonl'), evidence.readers)
  writeJsonLines(join(folder, 'sink.jsonl'), evidence.sink)
  writeJsonLines(join(folder, 'messages.jsonl'), evidence.final.messages)
  writeFileSync(join(folder, 'verdict.json'), JSON.stringify(verdict, null, 2))
  if (mounted) cpSync(data, join(folder, 'data-at-the-end'), { recursive: true })
}

export function forget(run: Run): void {
  rmSync(run.folder, { recursive: true, force: true })
}

/** The figures on one line, the first six as the promise names them. */
export function inOneLine({ figures }: Verdict): string {
  const words = (name: string) => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
  return Object.entries(figures)
    .map(([name, value]) => `${words(name)} ${Math.round(value)}`)
    .join(', ')
}
