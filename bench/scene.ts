/**
 * What a scene of the table is: something that is played in rounds, each of which measures the same figures of ours and
 * of what they are compared with, close together in time.
 */

export type Bound = { atLeast: number } | { atMost: number }

export type Figure = {
  name: string
  unit: string
  /** What ours is compared with; absent where it stands alone. */
  against?: string
  /** What is to be reached: by the ratio ours / other, or by ours itself, in its unit. */
  ratio?: Bound
  value?: Bound
}

/** One figure in one round. */
export type Pair = { ours: number; other?: number }

export type Round<Key extends string = string> = {
  pairs: Record<Key, Pair>
  /** What everybody else on the machine used meanwhile, in cores. */
  othersCpuShare: number
  /** What makes the round void: lost messages, closed sockets, a busy generator. */
  troubles: string[]
  /** Everything that was measured, for --json. */
  raw?: unknown
}

/** `quick` is to see that a scene works on this machine, `smoke` that it works at all; only `full` is to be quoted. */
export type Size = 'full' | 'quick' | 'smoke'

export type Run = {
  /** How much of something there is in a run of this size. */
  of<T>(sizes: Record<Size, T>): T
  /** Waits until nobody else works on the machine, or patience has run out. */
  calm(): Promise<void>
  /** A line of progress. */
  note(text: string): void
}

export type Scene<Key extends string = string> = {
  /** For --only. */
  name: string
  figures: Record<Key, Figure>
  /** How many rounds, where it is not what --rounds says: a start is short, ten minutes are long. */
  rounds?(wanted: number, size: Size): number
  /**
   * Plays round after round until nobody asks for the next one, and then puts everything away (`finally`).
   * Throws `CannotMeasure` where this machine lacks something.
   */
  play(run: Run): AsyncGenerator<Round<Key>>
}

/** This machine lacks what the scene needs; said in its rows. */
export class CannotMeasure extends Error {}

/** Keeps the names of a scene's figures, so that its rounds must give a pair for each. */
export const scene = <Key extends string>(made: Scene<Key>): Scene => made
