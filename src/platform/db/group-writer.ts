import type { Database, Statement } from 'bun:sqlite'
import { log } from '../lib/log.ts'
import { executorOf, type Tx } from './executor.ts'
import { type Job, openAgainAfter, settle } from './settle.ts'
import { modeOf, refusalOf, setStoreMode } from './state.ts'
import type { Body, StoreHooks, Writer } from './write.ts'

type GroupJob = Job & { body: Body }

// A commit costs an fsync whatever it holds; past a few hundred bodies a longer group only makes the first wait.
const groupSize = 256

type GroupWriter = {
  sqlite: Database
  tx: Tx
  begin: Statement
  savepoint: Statement
  release: Statement
  rollbackTo: Statement
  commit: Statement
  changes: Statement<{ n: number }, []>
  hooks: StoreHooks
  queue: GroupJob[]
  current: GroupJob | null
  running: boolean
  idle: (() => void)[]
}

/** Runs bodies through this handle, the only one that writes: those of one turn of the event loop in one transaction. */
export function startGroupWriter(sqlite: Database, hooks: StoreHooks): Writer {
  const writer: GroupWriter = {
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
    idle: [],
  }
  return {
    run: (body, { evenWhenFull }) => enqueue(writer, body, evenWhenFull),
    reactionsOf: (tx) => (tx === writer.tx ? (writer.current?.reactions ?? null) : null),
    stop: () => stop(writer),
  }
}

async function stop(writer: GroupWriter): Promise<void> {
  if (writer.running) await new Promise<void>((resolve) => writer.idle.push(resolve))
  for (const statement of ['begin', 'savepoint', 'release', 'rollbackTo', 'commit', 'changes'] as const)
    writer[statement].finalize()
}

function enqueue(to: GroupWriter, body: Body, evenWhenFull: boolean): Promise<unknown> {
  return new Promise((resolve, reject) => {
    to.queue.push({ body, resolve, reject, outcome: { ok: true, value: undefined }, reactions: [], evenWhenFull })
    if (to.running) return
    to.running = true
    setImmediate(runGroups, to)
  })
}

function runGroups(to: GroupWriter): void {
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

async function runGroup(to: GroupWriter): Promise<void> {
  const group: GroupJob[] = []
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
  openAgainAfter(group)
  to.hooks.beforeAck?.()
  settle(group)
}

/**
 * Runs a body straight in the group's transaction; false when it threw after it had changed something. A savepoint for
 * each would double the cost of a message, and refusals nearly always come before the first change: so the rare other
 * case pays, by running its group again, each body apart.
 */
async function runBody(to: GroupWriter, job: GroupJob): Promise<boolean> {
  const changesBefore = to.changes.get()?.n
  const error = await attempt(to, job)
  if (error === null) return true
  if (!to.sqlite.inTransaction) throw error.thrown
  return to.changes.get()?.n === changesBefore
}

async function runApart(to: GroupWriter, job: GroupJob): Promise<void> {
  to.savepoint.run()
  const error = await attempt(to, job)
  if (error !== null) {
    if (!to.sqlite.inTransaction) throw error.thrown
    to.rollbackTo.run()
  }
  to.release.run()
}

/** Runs the body and notes its outcome. Returns what it threw, if it did. */
async function attempt(to: GroupWriter, job: GroupJob): Promise<{ thrown: unknown } | null> {
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

function refuseGroup(group: GroupJob[], error: unknown): void {
  const mode = modeOf(error) ?? 'failed'
  log.error('a group of writes was rolled back', { mode, bodies: group.length, error })
  setStoreMode(mode)
  for (const job of group) job.reject(refusalOf(mode))
}
