/**
 * Words looked for in a million messages, by one agent who asks again and again: a rare word, a common one, two, and one in
 * another form than it was written in. And what those who write feel of it: acks of a steady load with and without an agent
 * who searches meanwhile.
 */
import type { Postgres } from '../../tests/support/postgres.ts'
import { type Pair, type Round, type Run, type Scene, scene } from '../scene.ts'
import { Agent } from '../support/agent.ts'
import { postgresHere } from '../support/postgres.ts'
import { seededEmail, seededPassword } from '../support/seed-store.ts'
import { holdLoad, type Server } from '../support/servers.ts'
import { startSown } from '../support/sown.ts'
import { roundedSummary, type Summary, summarize } from '../support/stats.ts'
import { troublesOf } from './visitors.ts'

const many = '1,000,000 messages'
const kinds = ['rare', 'common', 'two', 'inflected'] as const
type Kind = (typeof kinds)[number]
const named: Record<Kind, string> = {
  rare: 'a rare word',
  common: 'a common word',
  two: 'two words',
  inflected: 'an inflected word',
}

const figuresOf = (kind: Kind, on: string) => ({
  [kind]: { name: `${on}search ${named[kind]} in ${many}, p50`, unit: 'ms' },
  [`${kind}P99`]: { name: `${on}search ${named[kind]} in ${many}, p99`, unit: 'ms', value: { atMost: 50 } },
})

const searchSceneOn = (name: string, on: string, openPostgres: () => Promise<Postgres | null>): Scene =>
  scene({
    name,
    figures: {
      ...Object.assign({}, ...kinds.map((kind) => figuresOf(kind, on))),
      ack: {
        name: `${on}ack p99 while somebody searches, 100 msg/s`,
        unit: 'ms',
        against: 'nobody does',
        ratio: { atMost: 2 },
      },
    },
    async *play(run) {
      const conversations = run.of({ full: 100_000, quick: 10_000, smoke: 200 })
      const seed = { conversations, open: Math.min(1000, conversations), messages: 10 * conversations }
      const postgres = await openPostgres()
      try {
        run.note(`seeding ${seed.messages} messages`)
        const { server } = await startSown(seed, postgres)
        try {
          const agent = await signIn(server)
          run.note('waiting until all of it can be found')
          const queries = await findQueries(agent)
          for (;;) yield await playRound(run, server, agent, queries)
        } finally {
          await server.stop()
        }
      } finally {
        await postgres?.stop()
      }
    },
  })

export const searchScene = searchSceneOn('search', '', async () => null)
export const postgresSearchScene = searchSceneOn('postgres-search', 'PostgreSQL: ', postgresHere)

const signIn = (server: Server): Promise<Agent> =>
  Agent.signIn({
    ...{ url: server.url, email: seededEmail, password: seededPassword, folder: 'waiting', locale: 'en' },
    throttleMs: 1_000_000,
    on: { fragment: () => undefined, poke: () => undefined, list: () => undefined, trouble: () => undefined },
  })

type Answer = { messages: { pieces: { text: string }[] }[]; progress: { isWhole: boolean } }

const search = async (agent: Agent, query: string): Promise<Answer> =>
  JSON.parse(await agent.json(`/search?q=${encodeURIComponent(query)}`)) as Answer

/** Once the whole store is taken in. The rare word is the number of an order that somebody wrote about. */
async function findQueries(agent: Agent): Promise<Record<Kind, string>> {
  while (!(await search(agent, 'вода')).progress.isWhole) await Bun.sleep(500)
  const { messages } = await search(agent, 'заказ')
  const texts = messages.map(({ pieces }) => pieces.map(({ text }) => text).join(''))
  const number = texts.map((text) => /\d{5}/.exec(text)?.[0]).find((found) => found !== undefined)
  return { rare: `${number ?? 'кулер'} `, common: 'вода ', two: 'заказ сегодня ', inflected: 'доставкою ' }
}

async function playRound(run: Run, server: Server, agent: Agent, queries: Record<Kind, string>): Promise<Round> {
  await run.calm()
  const times = run.of({ full: 300, quick: 60, smoke: 3 })
  const took = new Map<Kind, number[]>(kinds.map((kind) => [kind, []]))
  for (let time = -times / 10; time < times; time++) {
    for (const kind of kinds) {
      const startedAt = performance.now()
      await search(agent, queries[kind])
      if (time >= 0) took.get(kind)?.push(performance.now() - startedAt)
    }
  }
  const summaries = kinds.map((kind): [Kind, Summary] => [kind, roundedSummary(summarize(took.get(kind) ?? []), 3)])
  // The first is for the disk, which is still busy with a store of a gigabyte, and for the server to warm up.
  await load(run, server, null)
  const quiet = await load(run, server, null)
  const busy = await load(run, server, async (at) => void (await search(agent, queries[kinds[at % 4] ?? 'common'])))
  const pairs: Record<string, Pair> = Object.fromEntries(
    summaries.flatMap(([kind, { p50, p99 }]) => [
      [kind, { ours: p50 }],
      [`${kind}P99`, { ours: p99 }],
    ]),
  )
  return {
    pairs: { ...pairs, ack: { ours: busy.latencyMs.p99, other: quiet.latencyMs.p99 } },
    othersCpuShare: Math.max(quiet.othersCpuShare, 0),
    troubles: [...troublesOf('alone', quiet), ...troublesOf('while searching', busy)],
    raw: { searches: Object.fromEntries(summaries), quiet, busy },
  }
}

/** A steady load, and meanwhile, if anybody searches, ten searches a second. */
async function load(run: Run, server: Server, searching: ((at: number) => Promise<void>) | null) {
  const { rate, seconds, warmup } = run.of({
    full: { rate: 100, seconds: 8, warmup: 1 },
    quick: { rate: 100, seconds: 2, warmup: 0.5 },
    smoke: { rate: 20, seconds: 2, warmup: 0.1 },
  })
  const held = holdLoad(server, { senders: 16, rate, seconds, warmup })
  await held.ready
  held.go()
  const until = performance.now() + 1_000 * (seconds + warmup)
  for (let at = 0; searching !== null && performance.now() < until; at++) {
    await searching(at)
    await Bun.sleep(100)
  }
  return await held.result
}
