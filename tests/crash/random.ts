/** Numbers that are the same for the same seed and name, so that a failing run can be tried again. */
export type Random = {
  /** A float in [0, 1). */
  next(): number
  /** An integer in [from, to]. */
  between(from: number, to: number): number
  chance(probability: number): boolean
  pick<T>(from: readonly T[]): T
}

/** A generator of its own for `name`: one actor's choices do not depend on how often another one chose. */
export function randomFor(seed: number, name: string): Random {
  let state = Number(Bun.hash.xxHash32(name, seed >>> 0))
  // mulberry32
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
  const between = (from: number, to: number) => from + Math.floor(next() * (to - from + 1))
  return {
    next,
    between,
    chance: (probability) => next() < probability,
    pick: (from) => from[between(0, from.length - 1)] as never,
  }
}
