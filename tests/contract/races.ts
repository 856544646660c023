import { and, eq, inArray } from 'drizzle-orm'
import {
  type AgentActor,
  conversationsOf,
  finishConversation,
  takeConversation,
} from '../../src/features/conversations/index.ts'
import { type Ack, readAll, readUpTo, sendMessage, undoReadAll } from '../../src/features/messages/index.ts'
import { reads } from '../../src/features/messages/schema.ts'
import { createSite, type SiteRow } from '../../src/features/sites/index.ts'
import { db } from '../../src/platform/db/open.ts'
import { write } from '../../src/platform/db/write.ts'
import { newId } from '../../src/platform/lib/id.ts'
import { Refusal } from '../../src/platform/lib/refuse.ts'
import { type Random, randomFor } from '../crash/random.ts'
import { hire, newVisitor } from '../support/cast.ts'
import { openHouse } from '../support/house.ts'
import { listen, type Told, turn } from './listen.ts'
import { logFaults, readStored } from './log-faults.ts'

/** How many act at once. */
export const atOnce = 16

/** What is raced. A test puts a verb with a fault in and sees it found out. */
export const verbs = { takeConversation, sendMessage, finishConversation, readUpTo, readAll, undoReadAll }

/** Where races are run: a house with sixteen agents, and what is told of in it. */
export type Ground = {
  site: SiteRow
  greeted: SiteRow
  agents: AgentActor[]
  random: Random
  told: Told
  verbs: typeof verbs
  close(): Promise<void>
}

export async function openGround(seed: number): Promise<Ground> {
  const house = await openHouse({ 'no-limits': true }, { hooks: {} })
  return {
    site: house.site,
    greeted: await write((tx) => createSite(tx, { name: 'Water', greeting: 'Ask about an order' })),
    agents: await Promise.all(Array.from({ length: atOnce }, (_, n) => hire(`Agent${n}`))),
    random: randomFor(seed, 'races'),
    told: listen(),
    verbs,
    close: () => house.close(),
  }
}

export type Score = { rounds: number; bodies: number; seconds: number; violations: string[] }

/** Runs a race so many times, each round on something fresh, and looks after each at what came of it. */
export async function runRace(ground: Ground, race: RaceName, rounds: number): Promise<Score> {
  const started = performance.now()
  const violations: string[] = []
  for (let round = 1; round <= rounds; round++) {
    const found = [...(await races[race](ground)), ...(await ground.told.faults())]
    violations.push(...found.map((one) => `round ${round}: ${one}`))
  }
  return { rounds, bodies: rounds * atOnce, seconds: (performance.now() - started) / 1000, violations }
}

/** One round; returns what is wrong. */
type Race = (ground: Ground) => Promise<string[]>

const races = {
  'take/take': takeTake,
  'send/finish': sendFinish,
  'first-send/first-send': firstSends,
  'same clientId twice': sameClientId,
  'read/read-all': readReadAll,
  'read/read-all/undo': readReadAllUndo,
} as const satisfies Record<string, Race>

export type RaceName = keyof typeof races
export const raceNames = Object.keys(races) as RaceName[]

/** Sixteen agents take one conversation. */
async function takeTake({ site, agents, random, verbs }: Ground): Promise<string[]> {
  const { conversationId } = await sendMessage(newVisitor(site.id), say('hello'))
  const takers = shuffled(random, agents)
  const outcomes = await all(takers.map((agent) => () => verbs.takeConversation(agent, conversationId)))
  const stored = await readStored(conversationId)
  const faults = logFaults(stored)
  const [winner, ...more] = takers.filter((_, n) => outcomes[n]?.value)
  if (!winner || more.length > 0)
    return [...faults, `${winner ? more.length + 1 : 0} agents were told that they have it`]
  if (stored.summary.agentId !== winner.agentId) faults.push('another agent has it than who was told so')
  const events = stored.log.flatMap(({ kind, body }) => (kind === 'event' ? [body] : []))
  if (events.join() !== 'taken') faults.push(`the log says ${events.join()}`)
  const told = new Set(outcomes.flatMap(({ error }) => (error ? [inWords(error)] : [])))
  const expected = `conversation_taken by ${winner.name}`
  return [...told].join() === expected
    ? faults
    : [...faults, `the others were told ${[...told].join()}, not ${expected}`]
}

/** Eight agents finish it while four more answer, and the visitor writes from four tabs. */
async function sendFinish({ site, agents, random, verbs }: Ground): Promise<string[]> {
  const visitor = newVisitor(site.id)
  const { conversationId } = await sendMessage(visitor, say('hello'))
  const [first, ...others] = shuffled(random, agents) as [AgentActor, ...AgentActor[]]
  if (random.chance(0.5)) await takeConversation(first, conversationId)
  const finishing = others.slice(0, 8).map((agent) => () => verbs.finishConversation(agent, conversationId))
  const authors = [...others.slice(8, 12), visitor, visitor, visitor, visitor]
  const sends = authors.map((author) => ({ author, message: { ...say('and more'), conversationId } }))
  const sending = sends.map(
    ({ author, message }) =>
      () =>
        verbs.sendMessage(author, message),
  )
  const outcomes = await allMixed<unknown>(random, [...finishing, ...sending])
  const stored = await readStored(conversationId)
  const faults = logFaults(stored)
  for (const { error } of outcomes.slice(0, finishing.length))
    if (error) faults.push(`to finish was refused: ${inWords(error)}`)
  if (!stored.log.some(({ body }) => body === 'finished')) faults.push('nobody has finished it')
  const kept = new Map(stored.log.map((entry) => [entry.clientId, entry]))
  sends.forEach(({ author, message }, n) => {
    const { value: ack, error } = outcomes[finishing.length + n] as Outcome<Ack>
    const entry = kept.get(message.clientId)
    if (ack && (entry?.seq !== ack.seq || entry.at !== ack.at || entry.authorKind !== author.kind))
      faults.push(`what was acknowledged as ${ack.seq} does not stand there`)
    if (error && entry) faults.push(`what was refused stands at ${entry.seq}`)
    if (error && !(author.kind === 'agent' && inWords(error) === 'conversation_finished'))
      faults.push(`a message of the ${author.kind} was refused: ${inWords(error)}`)
  })
  return faults
}

/** Somebody nobody knows writes sixteen first messages. */
async function firstSends({ site, greeted, random, verbs }: Ground): Promise<string[]> {
  const where = random.pick([site, greeted])
  const visitor = newVisitor(where.id)
  const messages = Array.from({ length: atOnce }, (_, n) => say(`number ${n}`))
  const outcomes = await all(messages.map((message) => () => verbs.sendMessage(visitor, message)))
  const [conversation, ...more] = await conversationsOf(visitor.visitorId)
  if (!conversation || more.length > 0) return [`${conversation ? more.length + 1 : 0} conversations were opened`]
  const stored = await readStored(conversation.id)
  const faults = logFaults(stored)
  const before = where.greeting ? 1 : 0
  if (stored.log.length !== atOnce + before) faults.push(`${stored.log.length} entries are kept`)
  messages.forEach(({ clientId }, n) => {
    // What one sender sends stands in the order in which it was sent.
    const seq = n + 1 + before
    const { value, error } = outcomes[n] ?? {}
    if (value?.seq !== seq) faults.push(`message ${seq} was answered ${inWords(error ?? value)}`)
    if (stored.log[seq - 1]?.clientId !== clientId) faults.push(`another message stands at ${seq}`)
  })
  return faults
}

/** One message is sent sixteen times over: a visitor's first, a later one, or an agent's. */
async function sameClientId({ site, agents, random, verbs }: Ground): Promise<string[]> {
  const visitor = newVisitor(site.id)
  const isFirst = random.chance(0.3)
  const conversationId = isFirst ? null : (await sendMessage(visitor, say('hello'))).conversationId
  const author = isFirst ? visitor : random.pick([visitor, ...agents.slice(0, 1)])
  const message = { ...say('once'), conversationId }
  const outcomes = await all(Array.from({ length: atOnce }, () => () => verbs.sendMessage(author, message)))
  const [conversation, ...more] = await conversationsOf(visitor.visitorId)
  if (!conversation || more.length > 0) return [`${conversation ? more.length + 1 : 0} conversations were opened`]
  const stored = await readStored(conversation.id)
  const faults = logFaults(stored)
  const copies = stored.log.filter(({ body }) => body === message.body)
  if (copies.length !== 1) faults.push(`${copies.length} copies are kept`)
  const [{ seq, at } = { seq: 0, at: 0 }] = copies
  const ack = JSON.stringify({ clientId: message.clientId, conversationId: conversation.id, seq, at })
  const told = new Set(outcomes.map(({ value, error }) => inWords(error ?? value)))
  return [...told].join() === ack ? faults : [...faults, `the copies were answered ${[...told].join()}, not ${ack}`]
}

/** One agent's windows read here and there in three conversations, and all of some of them. */
async function readReadAll({ site, agents, random, verbs }: Ground): Promise<string[]> {
  const [agent] = agents as [AgentActor]
  const lengths = [3, 5, 8]
  const ids = await Promise.all(lengths.map((length) => converse(site, length)))
  const asked = ids.map(() => 0)
  const ask = (index: number, seq: number) => {
    asked[index] = Math.max(asked[index] ?? 0, Math.min(seq, lengths[index] ?? 0))
    return ids[index] ?? ''
  }
  const readers = Array.from({ length: atOnce - 2 }, () => {
    const index = random.between(0, 2)
    const seq = random.between(1, (lengths[index] ?? 0) - 1)
    const conversationId = ask(index, seq)
    return () => verbs.readUpTo(agent, { conversationId, seq })
  })
  const allReaders = [1, 2].map(() => {
    const some = shuffled(random, [0, 1, 2]).slice(0, 2)
    const conversationIds = some.map((index) => ask(index, Number.MAX_SAFE_INTEGER))
    return () => verbs.readAll(agent, conversationIds)
  })
  const watched = watchMarks(agent.agentId, ids)
  const outcomes = await allMixed<unknown>(random, [...readers, ...allReaders])
  const faults = await watched.stop()
  for (const { error } of outcomes) if (error) faults.push(`reading was refused: ${inWords(error)}`)
  const marks = await marksOf(agent.agentId, ids)
  asked.forEach((seq, index) => {
    const mark = marks.get(ids[index] ?? '') ?? 0
    if (mark !== seq) faults.push(`a mark stands at ${mark}, not at ${seq}`)
  })
  return faults
}

/** One agent's windows read here and there while all is read at once, and that is undone. Undone once more, only what was read stays. */
async function readReadAllUndo({ site, agents, random, verbs }: Ground): Promise<string[]> {
  const [agent] = agents as [AgentActor]
  const raisedBy = newId()
  const lengths = [3, 5, 8]
  const ids = await Promise.all(lengths.map((length) => converse(site, length)))
  const read = ids.map(() => 0)
  const readSome = () => {
    const index = random.between(0, 2)
    const seq = random.between(1, lengths[index] ?? 0)
    read[index] = Math.max(read[index] ?? 0, seq)
    return () => verbs.readUpTo(agent, { conversationId: ids[index] ?? '', seq })
  }
  await readSome()()
  const readers = Array.from({ length: atOnce - 6 }, readSome)
  const allReaders = [1, 2, 3].map(() => {
    const some = shuffled(random, [0, 1, 2]).slice(0, random.between(1, 3))
    return () =>
      verbs.readAll(
        agent,
        some.map((index) => ids[index] ?? ''),
        raisedBy,
      )
  })
  const undoers = [1, 2, 3].map(() => () => verbs.undoReadAll(agent, raisedBy))
  const outcomes = await allMixed<unknown>(random, [...readers, ...allReaders, ...undoers])
  const faults = outcomes.flatMap(({ error }) => (error ? [`reading was refused: ${inWords(error)}`] : []))
  await verbs.undoReadAll(agent, raisedBy)
  const marks = await marksOf(agent.agentId, ids)
  read.forEach((seq, index) => {
    const mark = marks.get(ids[index] ?? '') ?? 0
    if (mark !== seq) faults.push(`a mark is back at ${mark}, not at ${seq}`)
  })
  return faults
}

async function converse(site: SiteRow, length: number): Promise<string> {
  const visitor = newVisitor(site.id)
  const acks = await Promise.all(Array.from({ length }, () => sendMessage(visitor, say('hello'))))
  return acks[0]?.conversationId ?? ''
}

async function marksOf(readerId: string, ids: string[]): Promise<Map<string, number>> {
  const ofReader = and(inArray(reads.conversationId, ids), eq(reads.readerId, readerId))
  const rows = await db.select().from(reads).where(ofReader)
  return new Map(rows.map((row) => [row.conversationId, row.seq]))
}

/** Reads the marks over and over while they are raised: none may ever be lower than it was. */
function watchMarks(readerId: string, ids: string[]): { stop(): Promise<string[]> } {
  const faults: string[] = []
  const seen = new Map<string, number>()
  let watching = true
  const look = async () => {
    for (const [id, seq] of await marksOf(readerId, ids)) {
      const before = seen.get(id) ?? 0
      if (seq < before) faults.push(`a mark went down from ${before} to ${seq}`)
      seen.set(id, seq)
    }
  }
  const looking = (async () => {
    for (; watching; await turn()) await look()
  })()
  return {
    async stop() {
      watching = false
      await looking
      return faults
    },
  }
}

let made = 0
const say = (body: string) => ({ clientId: `m${++made}`, body })

type Work<T> = () => Promise<T>
type Outcome<T> = { value?: T; error?: unknown }

/** Begins everything in one turn of the event loop, and waits for all of it. */
const all = <T>(work: Work<T>[]): Promise<Outcome<T>[]> =>
  Promise.all(
    work.map((run) =>
      run().then(
        (value): Outcome<T> => ({ value }),
        (error: unknown) => ({ error }),
      ),
    ),
  )

/** As `all`, in any order; the outcomes come in the order of the work. */
async function allMixed<T>(random: Random, work: Work<T>[]): Promise<Outcome<T>[]> {
  const order = shuffled(random, [...work.keys()])
  const outcomes = await all(order.map((index) => work[index] as Work<T>))
  return work.map((_, index) => outcomes[order.indexOf(index)] ?? {})
}

function shuffled<T>(random: Random, from: readonly T[]): T[] {
  const left = [...from]
  return from.map(() => left.splice(random.between(0, left.length - 1), 1)[0] as T)
}

function inWords(outcome: unknown): string {
  if (!(outcome instanceof Error)) return JSON.stringify(outcome)
  if (!(outcome instanceof Refusal)) return outcome.stack ?? String(outcome)
  return outcome.values.by === undefined ? outcome.code : `${outcome.code} by ${outcome.values.by}`
}
