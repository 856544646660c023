import { type Fingerprint, fingerprinter, type Key, keyOf, type Row, rowName } from './rows.ts'
import { batchesOf, type Source } from './source.ts'
import type { CopyTable } from './tables.ts'
import { rowsBetween, type Target } from './target.ts'

export type Compared = {
  table: string
  source: Fingerprint
  target: Fingerprint
  same: boolean
  /** The first row that is not the same in both, as a person can find it; null when all are. */
  firstDifference: string | null
}

// Of rows that the source does not have, so many are looked at: one is enough for the table to differ.
const mostExtra = 1000

/** Reads the table from both stores in the order of its key, piece by piece. `read` may stop it by throwing. */
export async function compare(
  source: Source,
  target: Target,
  table: CopyTable,
  read: (rows: number) => void,
): Promise<Compared> {
  const [ours, theirs] = [fingerprinter(), fingerprinter()]
  let after: Key | null = null
  let firstDifference: string | null = null
  const take = (batch: Row[], found: Row[]) => {
    ours.add(batch)
    theirs.add(found)
    firstDifference ??= differenceIn(table, batch, found)
    read(batch.length)
  }
  for (const batch of batchesOf(source, table, null)) {
    const upTo = keyOf(table, batch.at(-1) ?? [])
    take(batch, await rowsBetween(target, table, after, upTo, batch.length + mostExtra))
    after = upTo
  }
  take([], await rowsBetween(target, table, after, null, mostExtra))
  const [here, there] = [ours.done(), theirs.done()]
  const same = here.rows === there.rows && here.checksum === there.checksum
  return { table: table.name, source: here, target: there, same, firstDifference }
}

function differenceIn(table: CopyTable, batch: Row[], found: Row[]): string | null {
  const places = Math.max(batch.length, found.length)
  for (let at = 0; at < places; at++) {
    const [ours, theirs] = [batch[at], found[at]]
    if (JSON.stringify(ours) === JSON.stringify(theirs)) continue
    return rowName(table, ours ?? theirs ?? [])
  }
  return null
}
