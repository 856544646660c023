import type { Wanted } from '../../lib/words/query.ts'

/** One text of a log, by the words that it is found by. */
export type Doc = { log: string; seq: number; at: number; words: string[] }
/** Where a hit stands: `place` grows with time, and is what the next page begins after. */
export type Hit = { place: number; log: string; seq: number }

/**
 * An index of words beside the store, made from it and made again whenever it is missing, damaged or of another store. It
 * knows how far each log has been taken in, so that it goes on where it stopped, however it stopped.
 */
export type SearchIndex = {
  /** Makes it an index of what `mark` names: of another it is emptied first. */
  open(mark: string): Promise<void>
  /** Up to where each of these logs was taken in; those of which nothing was are missing. */
  reached(logs: readonly string[]): Promise<Map<string, number>>
  /** Takes in these texts, and remembers up to where their logs are known now: all of it or none. */
  take(docs: readonly Doc[], reached: ReadonlyMap<string, number>): Promise<void>
  /** The newest of what has every one of these words, from before a place on. */
  find(wanted: readonly Wanted[], before: number | null, limit: number): Promise<Hit[]>
  /** How many logs it knows. */
  logs(): Promise<number>
  /** Throws everything away. */
  clear(): Promise<void>
}

// 2020-01-01. Seconds since, and which one in its second: below 2^53 for longer than this will be read.
const epochSeconds = 1_577_836_800
const inOneSecond = 2 ** 16

/** The first place of the second in which something happened. */
export const firstPlace = (at: number): number => Math.max(0, Math.floor(at / 1000) - epochSeconds) * inOneSecond

/**
 * Gives each text its place in time, in the order of time: the next free one in its second. `highest` says which was given out
 * last in the second that begins there.
 */
export function placed<D extends Doc>(
  docs: readonly D[],
  highest: (firstPlace: number) => number | null,
): (D & { place: number })[] {
  const given = new Map<number, number>()
  return docs
    .toSorted((a, b) => a.at - b.at || a.seq - b.seq)
    .map((doc) => {
      const first = firstPlace(doc.at)
      const last = given.get(first) ?? highest(first) ?? first - 1
      // A second so full that it has no place left lends of the next one.
      given.set(first, last + 1)
      return { ...doc, place: last + 1 }
    })
}

/** The last place of a second. */
export const lastPlace = (first: number): number => first + inOneSecond - 1
