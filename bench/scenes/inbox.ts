/**
 * An agent's pages with little and with much in the store: the list Waiting, its first and its twentieth page, the whole
 * page also by an agent who has read everything, and a conversation opened. One browser asks, one request after another; the time is the client's, to the last byte. Every
 * answer is made anew: lists that many consoles ask for at once are shared, but not with who asks without htmx.
 */
import type { Postgres } from '../../tests/support/postgres.ts'
import { type Figure, type Pair, type Run, type Round, type Scene, scene } from '../scene.ts'
import { Agent } from '../support/agent.ts'
import { cpuSeconds, machineCpuSeconds } from '../support/process.ts'
import { postgresHere } from '../support/postgres.ts'
import { secondEmail, type Seed, seededEmail, seededPassword, seededZones } from '../support/seed-store.ts'
import type { Server } from '../support/servers.ts'
import { startSown } from '../support/sown.ts'
import { rounded, roundedSummary, type Summary, summarize } from '../support/stats.ts'

/** `reader` has nothing unread. */
type House = { server: Server; agent: Agent; reader: Agent; ids: string[] }

const rowsOnPage = 50

/** A house with what was sown, and an agent who is signed in. */
async function openHouse(seed: Seed, postgres: Postgres | null): Promise<House> {
  const { server, ids } = await startSown(seed, postgres)
  try {
    const nothing = () => undefined
    const signIn = (email: string): Promise<Agent> =>
      Agent.signIn({
        ...{ url: server.url, email, password: seededPassword, folder: 'waiting', locale: 'en' },
        throttleMs: 0,
        on: { fragment: nothing, poke: nothing, list: nothing, trouble: nothing },
      })
    const [agent, reader] = [await signIn(seededEmail), await signIn(secondEmail)]
    await reader.readAll()
    return { server, agent, reader, ids }
  } catch (error) {
    await server.stop()
    throw error
  }
}

/** The path of the twentieth page, found as a browser finds it: by following each page's way to the next. */
async function twentiethPage(agent: Agent): Promise<string> {
  let path = '/inbox/rows?folder=waiting'
  for (let number = 1; number < 20; number++) {
    const rows = await agent.page(path)
    const next = /"(\/inbox\/rows\?[^"]*before=[^"]*)"/.exec(rows)?.[1]
    if (next === undefined) throw new Error(`the list ends at page ${number}`)
    path = next.replaceAll('&amp;', '&')
  }
  return path
}

/** How many conversations a page lists. */
const rowsOn = async (agent: Agent, path: string): Promise<number> =>
  [...(await agent.page(path)).matchAll(/<li id="row-/g)].length

/** A path of each of two houses, or two paths of one. */
type Question = { ours: [Agent, string]; other: [Agent, string] }

/** Asks both in short turns, so that whatever slows the machine down meets both of them. */
async function ask(run: Run, { ours, other }: Question): Promise<{ ours: Summary; other: Summary }> {
  const turns = run.of({ full: 60, quick: 10, smoke: 1 })
  const took = { ours: [] as number[], other: [] as number[] }
  // The first turns are for the servers to warm up.
  for (let turn = -turns / 4; turn < turns; turn++) {
    const into = turn < 0 ? { ours: [], other: [] } : took
    await timed(...ours, into.ours)
    await timed(...other, into.other)
  }
  return { ours: roundedSummary(summarize(took.ours), 3), other: roundedSummary(summarize(took.other), 3) }
}

async function timed(agent: Agent, path: string, took: number[]): Promise<void> {
  for (let time = 0; time < 5; time++) {
    const startedAt = performance.now()
    await agent.page(path)
    took.push(performance.now() - startedAt)
  }
}

/** Plays rounds of questions to houses that stay open meanwhile. */
async function* questions(
  run: Run,
  openPostgres: () => Promise<Postgres | null>,
  open: (sow: (seed: Seed) => Promise<House>) => Promise<Record<string, Question>>,
): AsyncGenerator<Round> {
  const postgres = await openPostgres()
  const houses: House[] = []
  try {
    const asked = await open(async (seed) => {
      run.note(`seeding ${seed.conversations} conversations`)
      const house = await openHouse(seed, postgres)
      houses.push(house)
      return house
    })
    for (;;) yield await playRound(run, houses, asked)
  } finally {
    for (const { agent, reader, server } of houses) {
      agent.close()
      reader.close()
      await server.stop()
    }
    await postgres?.stop()
  }
}

async function playRound(run: Run, houses: House[], asked: Record<string, Question>): Promise<Round> {
  await run.calm()
  const pids = [process.pid, ...houses.map(({ server }) => server.pid)]
  const ownCpu = (): number => pids.reduce((sum, pid) => sum + cpuSeconds(pid), 0)
  const [machineBefore, ownBefore, startedAt] = [machineCpuSeconds(), ownCpu(), performance.now()]
  const pairs: Record<string, Pair> = {}
  const raw: Record<string, object> = {}
  for (const [key, question] of Object.entries(asked)) {
    const answer = await ask(run, question)
    raw[key] = answer
    pairs[key] = { ours: answer.ours.p50, other: answer.other.p50 }
    pairs[`${key}P99`] = { ours: answer.ours.p99, other: answer.other.p99 }
  }
  const others = machineCpuSeconds() - machineBefore - (ownCpu() - ownBefore)
  const seconds = (performance.now() - startedAt) / 1_000
  return { pairs, othersCpuShare: rounded(Math.max(0, others / seconds)), troubles: [], raw }
}

const figures = (key: string, name: string, against: string): Record<string, Figure> => ({
  [key]: { name: `${name}, p50`, unit: 'ms', against, ratio: { atMost: 1.3 } },
  [`${key}P99`]: { name: `${name}, p99`, unit: 'ms', against },
})

const few = 'with 1,000'
const many = '100,000 conversations open'

const nowhere = async (): Promise<null> => null

const inboxSceneOn = (name: string, on: string, openPostgres: () => Promise<Postgres | null>): Scene =>
  scene({
    name,
    figures: {
      ...figures('first', `${on}inbox rows, first page, ${many}`, few),
      ...figures('twentieth', `${on}inbox rows, 20th page, ${many}`, few),
      ...figures('whole', `${on}inbox, the whole page, ${many}`, few),
      ...figures('read', `${on}the same by who has read everything, ${many}`, few),
      ...figures('zoned', `${on}the inbox of two zones, unread alone, ${many} and 50,000 contacts`, few),
      ...figures('zonedRead', `${on}two zones, unread alone, by who has read everything, ${many}`, few),
    },
    play: (run) =>
      questions(run, openPostgres, async (sow) => {
        const houseOf = (conversations: number): Promise<House> =>
          sow({
            ...{ conversations, open: conversations, messages: 2 * conversations },
            contacts: conversations / 2,
          })
        const small = await houseOf(20 * rowsOnPage)
        const large = await houseOf(run.of({ full: 100_000, quick: 5_000, smoke: 1_100 }))
        const both = (ours: string, other = ours): Question => ({
          ours: [large.agent, ours],
          other: [small.agent, other],
        })
        const zoned = `/inbox?folder=waiting&unread=1&zone=${seededZones[2]}.${seededZones[7]}`
        for (const { agent, reader } of [small, large]) {
          if ((await rowsOn(agent, zoned)) === 0) throw new Error('nothing is unread in the two zones')
          if ((await rowsOn(reader, zoned)) > 0) throw new Error('something is unread by who has read everything')
        }
        return {
          first: both('/inbox/rows?folder=waiting'),
          twentieth: both(await twentiethPage(large.agent), await twentiethPage(small.agent)),
          whole: both('/inbox'),
          read: { ours: [large.reader, '/inbox'], other: [small.reader, '/inbox'] },
          zoned: both(zoned),
          zonedRead: { ours: [large.reader, zoned], other: [small.reader, zoned] },
        }
      }),
  })

export const inboxScene = inboxSceneOn('inbox', '', nowhere)
export const postgresInboxScene = inboxSceneOn('postgres-inbox', 'PostgreSQL: ', postgresHere)

export const conversationScene: Scene = scene({
  name: 'conversation',
  figures: figures('opened', 'open a conversation of 5,000 messages', 'of 10'),
  play: (run) =>
    questions(run, nowhere, async (sow) => {
      const house = await sow({ conversations: 1_000, open: 100, messages: 10_000, longest: 5_000 })
      const [long, short] = house.ids
      if (long === undefined || short === undefined) throw new Error('the seed names no conversations')
      return { opened: { ours: [house.agent, `/c/${long}`], other: [house.agent, `/c/${short}`] } }
    }),
})
