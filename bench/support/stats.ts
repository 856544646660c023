export function percentile(sorted: ArrayLike<number>, share: number): number {
  if (sorted.length === 0) return Number.NaN
  const index = Math.min(sorted.length - 1, Math.max(0, Math.ceil(sorted.length * share) - 1))
  return sorted[index] ?? Number.NaN
}

export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2
}

export type Summary = { count: number; p50: number; p95: number; p99: number; max: number }

export function summarize(values: Iterable<number>): Summary {
  const sorted = Float64Array.from(values).toSorted()
  return {
    count: sorted.length,
    p50: percentile(sorted, 0.5),
    p95: percentile(sorted, 0.95),
    p99: percentile(sorted, 0.99),
    max: percentile(sorted, 1),
  }
}

export function rounded(value: number, digits = 2): number {
  return Number(value.toFixed(digits))
}

export function roundedSummary(summary: Summary, digits = 2): Summary {
  return {
    count: summary.count,
    p50: rounded(summary.p50, digits),
    p95: rounded(summary.p95, digits),
    p99: rounded(summary.p99, digits),
    max: rounded(summary.max, digits),
  }
}
