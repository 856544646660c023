/** Exponential wait with full jitter above a floor, in milliseconds; `attempt` counts from 0. */
export function backoffMs(attempt: number, random: number, firstMs = 500, mostMs = 15_000): number {
  const ceiling = Math.min(mostMs, firstMs * 2 ** Math.min(attempt, 20))
  return Math.round(ceiling / 2 + (random * ceiling) / 2)
}
