let read = () => Date.now()

/** The present, in UTC milliseconds. The only clock of the house, so that tests can hold it. */
export const now = (): number => read()

/** Holds the clock for a test; call without an argument to let it run again. */
export function holdClock(at?: () => number): void {
  read = at ?? (() => Date.now())
}
