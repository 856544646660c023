import type { SQL } from 'bun'
import { log } from '../../lib/log.ts'
import type { Refusal } from '../../lib/refuse.ts'
import { answer, follow, type Job, openAgainAfter } from '../settle.ts'
import { modeOf, refusalOf, setStoreMode, tellUntold, unanswered } from '../state.ts'
import type { Asked, Body, StoreHooks, Writer } from '../write.ts'
import { isConnectionLost, isLostRace, isAboutKeys } from './errors.ts'
import * as lanes from './lane.ts'
import { NoAnswer, withinMs } from './patience.ts'

type LaneJob = Job & { body: Body; asked: Asked }
type Lane = lanes.Lane<LaneJob>

type LaneWriter = {
  pool: SQL
  lanes: Lane[]
  idle: Lane[]
  queue: LaneJob[]
  /** By key, who waits for the one that runs or is queued. */
  turns: Map<string, LaneJob[]>
  /** Whose COMMIT was sent, in that order, and whether the caller was answered. */
  committing: Map<LaneJob, { answered: boolean }>
  hooks: StoreHooks
  mayWrite: () => boolean
  whenIdle: (() => void)[]
}

// How often a body may lose a race before its caller is told to come back. Waits between tries grow to tens of milliseconds.
const mostTries = 60
// No race for a key, or for what a key refers to, is lost again and again: that is a bug of the body.
const mostTriesForKey = 5
// A transaction that has not ended by then is given up, and its connection with it.
const longestWriteMs = 15_000
const finishesWithinMs = 3000
const stopsWithinMs = 5000

export type DatabaseWriter = Writer & {
  /** Ends what waits for an answer of the server. */
  giveUp(): void
  /** Finds out whether what was left in doubt is decided by now, and has everybody look again if it is. */
  settleDoubts(): void
  /** Has everybody look again, once nothing is in doubt. */
  tellOnceDecided(): void
}

/**
 * Runs every body in a transaction of its own, on up to `most` connections of the pool at once, for as long as `mayWrite`
 * says that this process may.
 */
export function startLaneWriter(pool: SQL, most: number, hooks: StoreHooks, mayWrite: () => boolean): DatabaseWriter {
  const all = Array.from({ length: most }, (_, fence): Lane => ({ fence, connection: null, job: null, inDoubt: false }))
  const writer: LaneWriter = {
    pool,
    lanes: all,
    idle: [...all],
    queue: [],
    turns: new Map(),
    committing: new Map(),
    hooks,
    mayWrite,
    whenIdle: [],
  }
  return {
    run: (body, asked) => enqueue(writer, body, asked),
    reactionsOf: (tx) => all.find(({ connection }) => connection?.tx === tx)?.job?.reactions ?? null,
    stop: () => stop(writer),
    giveUp: () => all.forEach(lanes.drop),
    settleDoubts: () => settleDoubts(writer),
    tellOnceDecided: () => tellOnceDecided(writer),
  }
}

function enqueue(writer: LaneWriter, body: Body, asked: Asked): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const { evenWhenFull } = asked
    const outcome = { ok: true, value: undefined } as const
    const job = { body, asked, resolve, reject, outcome, reactions: [], evenWhenFull }
    const before = asked.turn === null ? undefined : writer.turns.get(asked.turn)
    if (before) before.push(job)
    else start(writer, job)
  })
}

function start(writer: LaneWriter, job: LaneJob): void {
  if (job.asked.turn !== null && !writer.turns.has(job.asked.turn)) writer.turns.set(job.asked.turn, [])
  writer.queue.push(job)
  const lane = writer.idle.pop()
  if (lane) void drain(writer, lane)
}

/** Lets the next one of the same key begin. */
function passTurn(writer: LaneWriter, { asked: { turn } }: LaneJob): void {
  if (turn === null) return
  const next = writer.turns.get(turn)?.shift()
  if (next) start(writer, next)
  else writer.turns.delete(turn)
}

async function drain(writer: LaneWriter, lane: Lane): Promise<void> {
  for (let job = writer.queue.shift(); job; job = writer.queue.shift()) {
    lane.job = job
    await runJob(writer, lane, job)
    lane.job = null
    answer(job)
    const commit = writer.committing.get(job)
    if (commit) commit.answered = true
    followInOrder(writer)
    passTurn(writer, job)
  }
  writer.idle.push(lane)
  if (writer.idle.length === writer.lanes.length) for (const resolve of writer.whenIdle.splice(0)) resolve()
}

/**
 * The server may answer two commits in another order than it made them. Whoever waited for a lock sent theirs after the one
 * that freed it: so what follows from them follows in the order in which they were sent.
 */
function followInOrder({ committing }: LaneWriter): void {
  for (const [job, { answered }] of committing) {
    if (!answered) return
    committing.delete(job)
    follow([job])
  }
}

async function stop(writer: LaneWriter): Promise<void> {
  if (writer.idle.length < writer.lanes.length) {
    const idle = new Promise<void>((resolve) => {
      writer.whenIdle.push(resolve)
    })
    const late = setTimeout(() => {
      writer.mayWrite = () => false
      writer.lanes.forEach(lanes.drop)
    }, finishesWithinMs)
    await withinMs(stopsWithinMs, idle).catch(() => undefined)
    clearTimeout(late)
  }
  writer.lanes.forEach(lanes.drop)
}

/** Runs the body until it is kept, or fails for good; notes the outcome in the job. */
async function runJob(writer: LaneWriter, lane: Lane, job: LaneJob): Promise<void> {
  let reconnected = false
  for (let tries = 1; ; tries++) {
    const failure = await attempt(writer, lane, job)
    if (failure === null) return openAgainAfter([job])
    const { thrown, inDoubt } = failure
    if (inDoubt) {
      lane.inDoubt = true
      // Where the server is still there, that decides it.
      await connectionOf(writer, lane).catch(() => undefined)
    }
    // A connection may have died unnoticed while it stood idle: a new one tells whether the server is there.
    if (isConnectionLost(thrown) && !(thrown instanceof NoAnswer) && !inDoubt && !reconnected && writer.mayWrite()) {
      reconnected = true
      continue
    }
    if (isLostRace(thrown) && tries < (isAboutKeys(thrown) ? mostTriesForKey : mostTries)) {
      await pause(tries)
      continue
    }
    return fail(job, failure)
  }
}

/** Why a try has failed. In doubt: COMMIT was sent and not answered, so that it may be kept all the same. */
type Failure = { thrown: unknown; inDoubt: boolean }

async function attempt(writer: LaneWriter, lane: Lane, job: LaneJob): Promise<Failure | null> {
  job.reactions = []
  try {
    const connection = await connectionOf(writer, lane)
    const value = await withinMs(longestWriteMs, transact(writer, lane, connection, job))
    job.outcome = { ok: true, value }
    connection.usedAt = performance.now()
    writer.hooks.afterCommit?.()
    writer.hooks.beforeAck?.()
    return null
  } catch (thrown) {
    const lost = isConnectionLost(thrown)
    const inDoubt = writer.committing.delete(job) && lost
    followInOrder(writer)
    if (lost) lanes.drop(lane)
    else await lanes.rollBack(lane)
    return { thrown, inDoubt }
  }
}

/** The body in a transaction, on the connection that it is given: one that was given up can do no harm later. */
async function transact(writer: LaneWriter, lane: Lane, connection: lanes.Connection, job: LaneJob): Promise<unknown> {
  const { client, tx } = connection
  await client.unsafe(job.asked.locks ? 'BEGIN' : 'BEGIN ISOLATION LEVEL SERIALIZABLE')
  const value = await job.body(tx)
  writer.hooks.beforeCommit?.()
  if (!writer.mayWrite()) throw new LockLost()
  // Given up meanwhile, for want of an answer: its caller was told so.
  if (lane.connection !== connection) throw new NoAnswer('the write was given up')
  writer.committing.set(job, { answered: false })
  const { command } = (await client.unsafe('COMMIT')) as { command?: string }
  // What PostgreSQL answers when a query of the body had failed and the body went on regardless.
  if (command !== 'COMMIT') throw new Error(`the transaction was not kept: ${command}`)
  return value
}

async function connectionOf(writer: LaneWriter, lane: Lane): Promise<lanes.Connection> {
  if (!writer.mayWrite()) throw new LockLost()
  const connection = await lanes.connectionOf(writer.pool, lane)
  if (lane.inDoubt) {
    lane.inDoubt = false
    tellOnceDecided(writer)
  }
  return connection
}

function settleDoubts(writer: LaneWriter): void {
  const doubtful = writer.idle.filter(({ inDoubt }) => inDoubt)
  writer.idle = writer.idle.filter(({ inDoubt }) => !inDoubt)
  for (const lane of doubtful)
    void connectionOf(writer, lane)
      .catch(() => undefined)
      .then(() => drain(writer, lane))
}

function tellOnceDecided(writer: LaneWriter): void {
  if (!writer.lanes.some(({ inDoubt }) => inDoubt)) tellUntold()
}

function fail(job: LaneJob, { thrown, inDoubt }: Failure): void {
  job.reactions = []
  job.outcome = { ok: false, error: inDoubt ? doubtOf(thrown) : refusalFor(thrown) }
}

function doubtOf(thrown: unknown): Refusal {
  log.error('a commit was not answered', { error: thrown })
  return unanswered()
}

function refusalFor(thrown: unknown): unknown {
  const mode = modeOf(thrown)
  if (!mode) return isLostRace(thrown) && !isAboutKeys(thrown) ? refusalOf('failed') : thrown
  if (!(thrown instanceof LockLost)) log.error('a write failed', { mode, error: thrown })
  setStoreMode(mode)
  return refusalOf(mode)
}

/** Another process may serve the database by now. Counts as a lost connection. */
class LockLost extends Error {
  readonly code = 'ERR_POSTGRES_LOCK_LOST'
}

const pause = (tries: number): Promise<void> => Bun.sleep(Math.random() * Math.min(50, 2 ** Math.min(tries, 6)))
