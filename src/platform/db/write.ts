import type { Database, Statement } from 'bun:sqlite'
import { log } from '../lib/log.ts'
import { refuse } from '../lib/refuse.ts'
import { executorOf, type Tx } from './executor.ts'
import { modeOf, refusalOf, setStoreMode, storeState } from './state.ts'

/** Moments at which a test may stop the process: where a crash would hurt most. */
export type StoreHooks = { beforeCommit?(): void; afterCommit?(): void; beforeAck?(): void }

type Body = (tx: Tx) => Promise<unknown>
type Job = {
  body: Body
  resolve: (value: unknown) => void
  reject: (error: unknown) => void
  outcome: { ok: true; value: unknown } | { ok: false; error: unknown }
  reactions: (() => void)[]
  evenWhenFull: boolean
}

// A commit costs an fsync whatever it holds; past a few hundred bodies a longer group only makes the first wait.
const groupSize = 256

let writer: Writer | null = null

type Writer = {
  sqlite: Database
  tx: Tx
  begin: Statement
  savepoint: Statement
  release: Statement
  rollbackTo: Statement
  commit: Statement
  changes: Statement<{ n: number }, []>
  hooks: StoreHooks
  queue: Job[]
  current: Job | null
  running: boolean
  closing: boolean
  idle: (() => void)[]
}

/** Makes the handle the one writer of this process. */
export function startWriter(sqlite: Database, hooks: StoreHooks): void {
  writer = {
    sqlite,
    tx: executorOf(sqlite) as Tx,
    begin: sqlite.prepare('BEGIN IMMEDIATE'),
    savepoint: sqlite.prepare('SAVEPOINT body'),
    release: sqlite.prepare('RELEASE body'),
    rollbackTo: sqlite.prepare('ROLLBACK TO body'),
    commit: sqlite.prepare('COMMIT'),
    changes: sqlite.prepare('SELECT total_changes() AS n'),
    hooks,
    queue: [],
    current: null,
    running: false,
    closing: false,
    idle: [],
  }
}

/** Lets what was asked for finish, refuses the rest with `stopping`, and gives the handle back to be closed. */
export async function stopWriter(): Promise<void> {
  const stopped = writer
  if (!stopped) return
  stopped.closing = true
  if (stopped.running) await new Promise<void>((resolve) => stopped.idle.push(resolve))
  for (const statement of ['begin', 'savepoint', 'release', 'rollbackTo', 'commit', 'changes'] as const)
    stopped[statement].finalize()
  writer = null
}

/**
 * The only way to change anything. Runs the body in the single writer's transaction and settles once it is on disk
 * (COMMIT with fsync), together with the other bodies of this turn of the event loop.
 *
 * The body uses `tx` alone, awaits nothing but queries on it, and may run again: it must have no effect outside `tx`
 * other than through `afterCommit`. What it throws rolls back its own changes and rejects here.
 *
 * Refuses `storage_full`, `storage_failed`, `storage_damaged` and `stopping`; all of them are worth retrying.
 */
export function write<T>(body: (tx: Tx) => Promise<T>): Promise<T> {
  return enqueue(body, false) as Promise<T>
}

/** As `write`, and also tried while the store is known to be full or failing: how it is found out that it works again. */
export function writeToProbe<T>(body: (tx: Tx) => Promise<T>): Promise<T> {
  return enqueue(body, true) as Promise<T>
}

/** Calls `reaction` once the body that runs in `tx` is on disk and acknowledged; never if it is rolled back. */
export function afterCommit(tx: Tx, reaction: () => void): void {
  if (writer?.tx !== tx || !writer.current) throw new Error('afterCommit outside of a write body')
  writer.current.reactions.push(reaction)
}

function enqueue(body: Body, evenWhenFull: boolean): Promise<unknown> {
  const to = writer
  if (!to || to.closing) return Promise.reject(refuse('stopping', { retryAfterMs: 1000 }))
  const { mode } = storeState()
  if (mode !== 'ok' && !evenWhenFull) return Promise.reject(refusalOf(mode))
  return new Promise((resolve, reject) => {
    to.queue.push({ body, resolve, reject, outcome: { ok: true, value: undefined }, reactions: [], evenWhenFull })
    if (to.running) return
    to.running = true
    setImmediate(runGroups, to)
  })
}

function runGroups(to: Writer): void {
  runGroup(to).then(
    () => {
      if (to.queue.length > 0) return void setImmediate(runGroups, to)
      to.running = false
      for (const resolve of to.idle.splice(0)) resolve()
    },
    // runGroup settles its bodies itself; what arrives here is a bug, and must not leave callers waiting.
    (error: unknown) => {
      log.error('the writer failed', { error })
      for (const job of to.queue.splice(0)) job.reject(error)
      to.running = false
    },
  )
}

async function runGroup(to: Writer): Promise<void> {
  const group: Job[] = []
  let apart = false
  try {
    to.begin.run()
    for (let job = to.queue[0]; job && group.length < groupSize; job = to.queue[0]) {
      to.queue.shift()
      group.push(job)
      if (apart) await runApart(to, job)
      else if (!(await runBody(to, job))) {
        apart = true
        to.sqlite.run('ROLLBACK')
        to.begin.run()
        for (const again of group) await runApart(to, again)
      }
    }
    to.hooks.beforeCommit?.()
    to.commit.run()
  } catch (error) {
    // SQLite has ended the transaction, or never began it: nothing of the group is kept, whatever its bodies returned.
    if (to.sqlite.inTransaction) to.sqlite.run('ROLLBACK')
    if (group.length === 0) group.push(...to.queue.splice(0))
    return refuseGroup(group, error)
  }
  to.hooks.afterCommit?.()
  setStoreModeAfterSuccess(group)
  to.hooks.beforeAck?.()
  settle(group)
}

/**
 * Runs a body straight in the group's transaction; false when it threw after it had changed something. A savepoint for
 * each would double the cost of a message, and refusals nearly always come before the first change: so the rare other
 * case pays, by running its group again, each body apart.
 */
async function runBody(to: Writer, job: Job): Promise<boolean> {
  const changesBefore = to.changes.get()?.n
  const error = await attempt(to, job)
  if (error === null) return true
  if (!to.sqlite.inTransaction) throw error.thrown
  return to.changes.get()?.n === changesBefore
}

async function runApart(to: Writer, job: Job): Promise<void> {
  to.savepoint.run()
  const error = await attempt(to, job)
  if (error !== null) {
    if (!to.sqlite.inTransaction) throw error.thrown
    to.rollbackTo.run()
  }
  to.release.run()
}

/** Runs the body and notes its outcome. Returns what it threw, if it did. */
async function attempt(to: Writer, job: Job): Promise<{ thrown: unknown } | null> {
  job.reactions = []
  to.current = job
  try {
    job.outcome = { ok: true, value: await job.body(to.tx) }
    return null
  } catch (thrown) {
    const mode = modeOf(thrown)
    if (mode) setStoreMode(mode)
    job.reactions = []
    job.outcome = { ok: false, error: mode ? refusalOf(mode) : thrown }
    return { thrown }
  } finally {
    to.current = null
  }
}

function refuseGroup(group: Job[], error: unknown): void {
  const mode = modeOf(error) ?? 'failed'
  log.error('a group of writes was rolled back', { mode, bodies: group.length, error })
  setStoreMode(mode)
  for (const job of group) job.reject(refusalOf(mode))
}

// A probe that reached the disk says that writing works again; a damaged file stays damaged.
function setStoreModeAfterSuccess(group: Job[]): void {
  const { mode } = storeState()
  if (mode !== 'ok' && mode !== 'damaged' && group.some((job) => job.evenWhenFull && job.outcome.ok)) setStoreMode('ok')
}

function settle(group: Job[]): void {
  const reactions: (() => void)[] = []
  for (const { outcome, resolve, reject, reactions: own } of group) {
    if (outcome.ok) resolve(outcome.value)
    else reject(outcome.error)
    reactions.push(...own)
  }
  // One turn later, so that acknowledgements leave before anything is shown to others; in the order of the commits.
  if (reactions.length > 0) setImmediate(react, reactions)
}

function react(reactions: (() => void)[]): void {
  for (const reaction of reactions) {
    try {
      reaction()
    } catch (error) {
      log.error('a reaction failed', { error })
    }
  }
}
