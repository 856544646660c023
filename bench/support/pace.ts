/** Calls `each` at fixed times, whatever else happens. Timers are only exact to a millisecond: the rest is spun away. */
export function pace(perSecond: number, each: (index: number, due: number) => void): () => void {
  const gap = 1_000 / perSecond
  const startedAt = performance.now()
  let index = 0
  let stopped = false
  const turn = (): void => {
    if (stopped) return
    const now = performance.now()
    while (startedAt + index * gap <= now) {
      each(index, startedAt + index * gap)
      index += 1
    }
    const wait = startedAt + index * gap - performance.now()
    if (wait > 1.7) setTimeout(turn, Math.floor(wait - 0.7))
    else setImmediate(turn)
  }
  turn()
  return () => {
    stopped = true
  }
}
