import { describe, expect, test } from 'bun:test'
import type { Figure, Scene } from '../../bench/scene.ts'
import { pace } from '../../bench/support/pace.ts'
import { median, percentile, summarize } from '../../bench/support/stats.ts'
import { rowOf, tableOf } from '../../bench/table.ts'

// A table that flatters is worse than none: what stands between a measurement and its row is proved here.

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1)

describe('a percentile', () => {
  test('is a value that was measured, and no smaller than that share of them', () => {
    expect(percentile(upTo(100), 0.99)).toBe(99)
    expect(percentile(upTo(100), 0.5)).toBe(50)
    expect(percentile([5], 0.99)).toBe(5)
    expect(percentile([1, 9], 0.99)).toBe(9)
  })

  test('of nothing is no number', () => {
    expect(percentile([], 0.5)).toBeNaN()
    expect(summarize([]).p99).toBeNaN()
  })

  test('does not depend on the order in which things were measured', () => {
    expect(summarize([3, 100, 2, 1])).toEqual(summarize([1, 2, 3, 100]))
    expect(summarize([3, 100, 2, 1])).toEqual({ count: 4, p50: 2, p95: 100, p99: 100, max: 100 })
  })
})

test('the median of an even number lies between the two in the middle', () => {
  expect(median([4, 1, 3, 2])).toBe(2.5)
  expect(median([10, 9])).toBe(9.5)
})

test('what is sent at fixed times keeps its times over a stall: nothing due is passed over, nothing is put off', async () => {
  const due: number[] = []
  const enough = Promise.withResolvers<void>()
  const stop = pace(1_000, (index, at) => {
    due.push(at)
    // A stall of the sender: twenty times are missed.
    if (index === 5) for (const until = performance.now() + 20; performance.now() < until; );
    if (index === 60) enough.resolve()
  })
  await enough.promise
  stop()
  const gaps = due.slice(1).map((at, index) => at - (due[index] ?? 0))
  for (const gap of gaps) expect(gap).toBeCloseTo(1, 3)
})

const faster: Figure = { name: 'acked', unit: '/s', against: 'bare limit', ratio: { atLeast: 0.8 } }
const small: Figure = { name: 'memory', unit: 'KB', value: { atMost: 10 } }

describe('a row', () => {
  test('takes the ratio within each round, so that a slow round is not set against a fast one', () => {
    const row = rowOf(faster, [
      { ours: 90, other: 100 },
      { ours: 9, other: 10 },
      { ours: 700, other: 1_000 },
    ])
    expect(row).toEqual([
      'acked',
      '90.0 /s (9.0..700.0)',
      'bare limit 100 /s (10..1000)',
      '0.90',
      '0.70..0.90',
      '>= 0.8 reached',
    ])
  })

  test('names a figure that falls short, on whichever side', () => {
    expect(rowOf(faster, [{ ours: 79, other: 100 }]).at(-1)).toBe('>= 0.8 MISSED')
    expect(rowOf({ ...faster, ratio: { atMost: 1.3 } }, [{ ours: 131, other: 100 }]).at(-1)).toBe('<= 1.3 MISSED')
    expect(rowOf(small, [{ ours: 10.1, other: 1 }]).at(-1)).toBe('<= 10 KB MISSED')
  })

  test('judges a figure that stands alone by itself', () => {
    expect(rowOf(small, [{ ours: 4 }, { ours: 40 }, { ours: 5 }])).toEqual([
      'memory',
      '5.00 KB (4.00..40.00)',
      '',
      '',
      '',
      '<= 10 KB reached',
    ])
  })

  test('never counts what is no number as reached', () => {
    expect(rowOf(faster, [{ ours: Number.NaN, other: 100 }]).at(-1)).toBe('>= 0.8 MISSED')
    expect(rowOf(small, [{ ours: Number.NaN }]).at(-1)).toBe('<= 10 KB MISSED')
  })
})

test('a scene that could not be played says why in its rows, and leaves the others theirs', () => {
  const scene = (name: string, figure: Figure): Scene => ({
    name,
    figures: { it: figure },
    play: () => {
      throw new Error('not played')
    },
  })
  const table = tableOf([
    { scene: scene('postgres', faster), rounds: [], failure: 'no PostgreSQL' },
    {
      scene: scene('idle', small),
      rounds: [{ pairs: { it: { ours: 5 } }, othersCpuShare: 0, troubles: [] }],
    },
  ])
  expect(table).toContain('not measured: no PostgreSQL')
  expect(table).toContain('<= 10 KB reached')
  expect(new Set(table.split('\n').map((line) => line.length)).size).toBe(1)
})
