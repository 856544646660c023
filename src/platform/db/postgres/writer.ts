import type { ReservedSQL, SQL } from 'bun'
import { log } from '../../lib/log.ts'
import { postgresExecutorOf, type Tx } from '../executor.ts'
import { answer, follow, type Job, openAgainAfter } from '../settle.ts'
import { modeOf, refusalOf, setStoreMode } from '../state.ts'
import type { Asked, Body, StoreHooks, Writer } from '../write.ts'
import { isConnectionLost, isLostRace, isTakenKey } from './errors.ts'

type LaneJob = Job & { body: Body; asked: Asked }
/** One transaction at a time, on a connection of its own with the queries that are prepared on its executor. */
type Lane = { connection: { client: ReservedSQL; tx: Tx } | null; job: LaneJob | null }

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
  whenIdle: (() => void)[]
}

// How often a body may lose a race before its caller is told to come back. Waits between tries grow to tens of milliseconds.
const mostTries = 60
// No race is lost to the same key again and again: that is a bug of the body.
const mostTriesForKey = 5
// A server that has answered nothing for so long is taken for dead. Whether the write is kept is then unknown; it may be repeated.
const longestWriteMs = 15_000

/** Runs every body in a transaction of its own, on up to `most` connections of the pool at once. */
export function startLaneWriter(pool: SQL, most: number, hooks: StoreHooks): Writer {
  const lanes = Array.from({ length: most }, (): Lane => ({ connection: null, job: null }))
  const writer: LaneWriter = {
    pool,
    lanes,
    idle: [...lanes],
    queue: [],
    turns: new Map(),
    committing: new Map(),
    hooks,
    whenIdle: [],
  }
  return {
    run: (body, asked) => enqueue(writer, body, asked),
    reactionsOf: (tx) => lanes.find(({ connection }) => connection?.tx === tx)?.job?.reactions ?? null,
    stop: () => stop(writer),
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
  if (writer.idle.length < writer.lanes.length)
    await new Promise<void>((resolve) => {
      writer.whenIdle.push(resolve)
    })
  for (const lane of writer.lanes) drop(lane)
}

/** Runs the body until it is kept, or fails for good; notes the outcome in the job. */
async function runJob(writer: LaneWriter, lane: Lane, job: LaneJob): Promise<void> {
  let reconnected = false
  for (let tries = 1; ; tries++) {
    const failure = await withinLimit(attempt(writer, lane, job))
    if (failure === null) return openAgainAfter([job])
    const { thrown, mayBeKept } = failure
    if (isConnectionLost(thrown)) {
      drop(lane)
      // A connection that had stood idle may have died unnoticed: a new one tells whether the server is there.
      if (!mayBeKept && !reconnected) {
        reconnected = true
        continue
      }
    }
    if (isLostRace(thrown) && tries < (isTakenKey(thrown) ? mostTriesForKey : mostTries)) {
      await pause(tries)
      continue
    }
    return fail(job, thrown)
  }
}

/** Why a try has failed, and whether the server may have kept it all the same. */
type Failure = { thrown: unknown; mayBeKept: boolean }

async function attempt(writer: LaneWriter, lane: Lane, job: LaneJob): Promise<Failure | null> {
  let committing = false
  job.reactions = []
  try {
    lane.connection ??= await connect(writer.pool)
    const { client, tx } = lane.connection
    await client.unsafe(job.asked.locks ? 'BEGIN' : 'BEGIN ISOLATION LEVEL SERIALIZABLE')
    const value = await job.body(tx)
    writer.hooks.beforeCommit?.()
    // Given up meanwhile, for want of an answer: its caller was told so.
    if (lane.job !== job) throw new NoAnswer()
    committing = true
    writer.committing.set(job, { answered: false })
    const { command } = (await client.unsafe('COMMIT')) as { command?: string }
    // What PostgreSQL answers when a query of the body had failed and the body went on regardless.
    if (command !== 'COMMIT') throw new Error(`the transaction was not kept: ${command}`)
    job.outcome = { ok: true, value }
    writer.hooks.afterCommit?.()
    writer.hooks.beforeAck?.()
    return null
  } catch (thrown) {
    job.reactions = []
    if (writer.committing.delete(job)) followInOrder(writer)
    const lost = isConnectionLost(thrown)
    if (!lost) await rollBack(lane)
    return { thrown, mayBeKept: committing && lost }
  }
}

async function connect(pool: SQL): Promise<NonNullable<Lane['connection']>> {
  const client = await pool.reserve()
  return { client, tx: postgresExecutorOf(client) as Tx }
}

async function rollBack(lane: Lane): Promise<void> {
  try {
    await lane.connection?.client.unsafe('ROLLBACK')
  } catch {
    drop(lane)
  }
}

function drop(lane: Lane): void {
  const { connection } = lane
  lane.connection = null
  connection?.client.close({ timeout: 0 }).catch(() => undefined)
}

function fail(job: LaneJob, thrown: unknown): void {
  const mode = modeOf(thrown)
  if (mode) {
    log.error('a write failed', { mode, error: thrown })
    setStoreMode(mode)
  }
  const refused = mode ?? (isLostRace(thrown) && !isTakenKey(thrown) ? 'failed' : null)
  job.reactions = []
  job.outcome = { ok: false, error: refused ? refusalOf(refused) : thrown }
}

async function withinLimit(work: Promise<Failure | null>): Promise<Failure | null> {
  const late = Promise.withResolvers<Failure>()
  const timer = setTimeout(() => late.resolve({ thrown: new NoAnswer(), mayBeKept: true }), longestWriteMs)
  const failure = await Promise.race([work, late.promise])
  clearTimeout(timer)
  return failure
}

/** Counts as a lost connection. */
class NoAnswer extends Error {
  readonly code = 'ERR_POSTGRES_NO_ANSWER'
}

const pause = (tries: number): Promise<void> => Bun.sleep(Math.random() * Math.min(50, 2 ** Math.min(tries, 6)))
