import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { formatPosition, highestPosition, parsePosition, placeBetween } from '../../views/templates/position.ts'

const millionths = (positions: number[]) => positions.map((one) => Math.round(one * 1_000_000))
const moved = (positions: number[], at: number) =>
  [...placeBetween(millionths(positions), at)].map(([place, position]) => [place, formatPosition(position)] as const)

const position = fc.integer({ min: 0, max: highestPosition })

describe('a position', () => {
  test.each([
    ['1', 1_000_000],
    ['1.5', 1_500_000],
    ['1,5', 1_500_000],
    [' 2 ', 2_000_000],
    ['.25', 250_000],
    ['5.', 5_000_000],
    ['0', 0],
    ['007', 7_000_000],
    ['1.000001', 1_000_001],
    ['999999', highestPosition],
  ])('%j is one', (written, expected) => expect(parsePosition(written)).toBe(expected))

  test.each([
    '',
    '.',
    ',',
    '-1',
    '+1',
    '1e3',
    '1.2345678',
    '1,000.5',
    '1.5.5',
    '1000000',
    '999999.1',
    'x',
    '１',
    '1 000',
  ])('%j is none', (written) => expect(parsePosition(written)).toBeNull())

  test('comes back as it was written, with a comma and with a point', () => {
    fc.assert(
      fc.property(position, fc.constantFrom('.' as const, ',' as const), (one, sign) => {
        expect(parsePosition(formatPosition(one, sign))).toBe(one)
      }),
    )
  })

  test('is written in no more places than it has', () => {
    fc.assert(fc.property(position, (one) => expect(formatPosition(one)).toMatch(/^\d+(\.\d{0,5}[1-9])?$/)))
  })
})

describe('what is moved', () => {
  test.each([
    ['between two', [1, 0, 2], 1, [[1, '1.5']]],
    ['between two that are far from each other', [3, 0, 10], 1, [[1, '6']]],
    ['between two that are close', [1, 0, 1.000002], 1, [[1, '1.000001']]],
    ['to the end', [1, 4.25, 0], 2, [[2, '5']]],
    ['to the beginning', [0, 1, 2], 0, [[0, '0.5']]],
    ['into an empty list', [0], 0, [[0, '1']]],
  ] as const)('goes %s', (_, positions, at, expected) => expect(moved([...positions], at)).toEqual([...expected]))

  test.each([
    [
      'two of the same position',
      [3, 0, 3, 10],
      [
        [1, '5'],
        [2, '7'],
      ],
    ],
    [
      'two without a decimal between them',
      [1, 0, 1.000001, 2],
      [
        [1, '1.3'],
        [2, '1.6'],
      ],
    ],
  ] as const)('has room made for it between %s', (_, positions, expected) =>
    expect(moved([...positions], 1)).toEqual(expected.map(([place, written]) => [place, written])),
  )

  test('stands between its neighbours, wherever it goes and however crowded it is there', () => {
    const crowded = fc.array(fc.oneof(position, fc.integer({ min: 0, max: 4 })), { maxLength: 40 })
    const full = fc.array(fc.integer({ min: highestPosition - 3, max: highestPosition }), { maxLength: 10 })
    fc.assert(
      fc.property(fc.oneof(crowded, full), fc.nat(), (list, anywhere) => {
        const others = list.toSorted((a, b) => a - b)
        const at = anywhere % (others.length + 1)
        const before = others.toSpliced(at, 0, 0)
        const found = placeBetween(before, at)
        const after = before.map((one, place) => found.get(place) ?? one)
        expect(found.has(at)).toBe(true)
        expect(after.every((one) => Number.isSafeInteger(one) && one >= 0 && one <= highestPosition)).toBe(true)
        // Those that were moved stand apart from all that is beside them; the others are as they were.
        const places = [...found.keys()].toSorted((a, b) => a - b)
        expect(places).toEqual(places.map((_, n) => (places[0] ?? 0) + n))
        for (const place of places) {
          if (place > 0) expect(after[place]).toBeGreaterThan(after[place - 1] as number)
          if (place < after.length - 1) expect(after[place]).toBeLessThan(after[place + 1] as number)
        }
      }),
      { numRuns: 500 },
    )
  })

  test('finds room again and again in the same gap', () => {
    let list = millionths([1, 2])
    for (let n = 0; n < 200; n++) {
      const found = placeBetween(list.toSpliced(1, 0, 0), 1)
      list = list.toSpliced(1, 0, 0).map((one, place) => found.get(place) ?? one)
      expect(new Set(list).size).toBe(list.length)
      expect(list).toEqual(list.toSorted((a, b) => a - b))
    }
  })
})
