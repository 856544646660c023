import { CannotStart } from '../../lib/cannot-start.ts'
import { movedTo, noteMoved } from '../moved.ts'
import { isConnectionLost } from '../postgres/errors.ts'
import { beginMarks, endMarks, isUnfinishedCopy, type Mark, readMarks } from './marks.ts'
import { type Fingerprint, quoted } from './rows.ts'
import { batchesOf, countRows, inspect, mustBeSound, openSource, type Source } from './source.ts'
import { type CopyTable, tablesToCopy } from './tables.ts'
import { addRows, mustBeEmpty, openTarget, type Target } from './target.ts'
import { type Compared, compare } from './verify.ts'

export type CopyStep = 'check' | 'copy' | 'verify'

/** Who watches the copy, and may stop it between two batches. */
export type Watch = {
  begins(step: CopyStep, rows: number): void
  did(rows: number): void
  signal: AbortSignal
}

/** Null when it was stopped: the same call goes on from there. */
export type Copied = { shown: string; tables: Compared[] } | null

/**
 * Copies the shop in `<folder>/kontuar.db` into the PostgreSQL database that `url` names, or goes on with a copy of it that
 * was interrupted; then reads all of it from both and compares. When everything is the same the target is a database
 * like any other and the folder is marked as moved; else the target stays one that nobody can serve.
 *
 * Throws `CannotStart` with one line for a person: when either is served, when the target holds something else, when the
 * source has changed since the copy was begun or has what PostgreSQL cannot keep, and when the connection is lost.
 */
export async function copyStore(folder: string, url: string, watch: Watch): Promise<Copied> {
  const source = openSource(folder)
  try {
    const target = await openTarget(url)
    try {
      return await copyAll(source, target, watch)
    } catch (error) {
      throw isConnectionLost(error) ? lost(target, error) : error
    } finally {
      await target.close()
    }
  } catch (error) {
    if (error === stopped) return null
    throw error
  } finally {
    source.close()
  }
}

const stopped = new Error('stopped')

const lost = ({ shown }: Target, error: unknown): CannotStart =>
  new CannotStart(
    `The connection to the database ${shown} was lost (${error instanceof Error ? error.message : String(error)}). What was copied is kept there: run the same command again to go on.`,
  )

async function copyAll(source: Source, target: Target, watch: Watch): Promise<Copied> {
  const tables = await tablesToCopy(source.sqlite, target.one)
  const begun = (await isUnfinishedCopy(target.one)) ? await readMarks(target.one) : null
  if (!begun) await mustBeFresh(source, target, tables)
  const wanted = await check(source, tables, watch)
  if (begun) mustBeTheSame(source, target, begun, wanted)
  const marks = begun ?? (await beginMarks(target.one, wanted))
  await copyRows(source, target, tables, marks, watch)
  const compared = await verify(source, target, tables, watch)
  if (compared.every(({ same }) => same)) await finish(source, target, marks)
  return { shown: target.shown, tables: compared }
}

type Wanted = Fingerprint & { name: string }

async function mustBeFresh(source: Source, target: Target, tables: CopyTable[]): Promise<void> {
  try {
    await mustBeEmpty(target, tables)
  } catch (error) {
    if (movedTo(source.folder) !== target.shown) throw error
    throw new CannotStart(`The shop in ${source.folder} was moved to the database ${target.shown} already.`)
  }
}

/** Reads all of the source once, before anything is begun. */
async function check(source: Source, tables: CopyTable[], watch: Watch): Promise<Wanted[]> {
  watch.begins('check', sum(tables.map((table) => countRows(source, table))))
  mustBeSound(source)
  const wanted: Wanted[] = []
  for (const table of tables) wanted.push({ name: table.name, ...(await inspect(source, table, heedful(watch))) })
  return wanted
}

const sum = (numbers: number[]): number => numbers.reduce((one, other) => one + other, 0)

/** Counts what was done and stops the work, by throwing, where that was asked for. */
const heedful = (watch: Watch) => (rows: number) => {
  if (watch.signal.aborted) throw stopped
  watch.did(rows)
}

/** An interrupted copy goes on only from the very rows with which it was begun. */
function mustBeTheSame({ folder }: Source, { shown }: Target, begun: Mark[], wanted: Wanted[]): void {
  const lines = (all: Wanted[]) => all.map(({ name, rows, checksum }) => `${name} ${rows} ${checksum}`).toSorted()
  const known = new Set(lines(begun))
  if (begun.length === wanted.length && lines(wanted).every((line) => known.has(line))) return
  throw new CannotStart(
    `The database ${shown} holds the beginning of a copy, and not of what is in ${folder} now: that has changed since, or it is another shop. Copy into an empty database.`,
  )
}

async function copyRows(
  source: Source,
  target: Target,
  tables: CopyTable[],
  marks: Mark[],
  watch: Watch,
): Promise<void> {
  const count = heedful(watch)
  watch.begins('copy', sum(marks.map(({ rows, copied }) => rows - copied)))
  for (const table of tables) {
    const lastKey = marks.find(({ name }) => name === table.name)?.lastKey ?? null
    for (const batch of batchesOf(source, table, lastKey)) {
      await addRows(target, table, batch)
      count(batch.length)
    }
  }
}

async function verify(source: Source, target: Target, tables: CopyTable[], watch: Watch): Promise<Compared[]> {
  watch.begins('verify', sum(tables.map((table) => countRows(source, table))))
  const compared: Compared[] = []
  for (const table of tables) compared.push(await compare(source, target, table, heedful(watch)))
  return compared
}

async function finish(source: Source, target: Target, marks: Mark[]): Promise<void> {
  if (!(await target.stillOurs()))
    throw new CannotStart(
      `The database ${target.shown} was taken by another Kontuar meanwhile. Run the same command again.`,
    )
  // Before the copy can be served, so that there is no moment at which both can.
  noteMoved(source.folder, target.shown)
  await endMarks(target.one, marks)
  // Without it the first queries would be planned for empty tables.
  await target.one.unsafe(`ANALYZE ${marks.map(({ name }) => quoted(name)).join(', ')}`)
}
