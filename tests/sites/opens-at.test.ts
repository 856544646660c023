import { describe, expect, test } from 'bun:test'
import { opensAt } from '../../src/features/sites/index.ts'

type Span = { from: number; to: number }
const at = (text: string): number => {
  const [hour = 0, minute = 0] = text.split(':').map(Number)
  return hour * 60 + minute
}
const span = (text: string): Span => {
  const [from = '', to = ''] = text.split('-')
  return { from: at(from), to: at(to) }
}
/** Opening hours by day, Monday first: `'9:00-17:00'`, '' for none. */
const hours = (zone: string, ...days: string[]) => ({
  zone,
  week: Array.from({ length: 7 }, (_, day) => (days[day] ?? '').split(' ').filter(Boolean).map(span)),
})
const next = (open: ReturnType<typeof hours>, now: string): string | null => {
  const moment = opensAt(open, Date.parse(now))
  return moment === null ? null : new Date(moment).toISOString().replace(':00.000Z', 'Z')
}

const day = '9:00-17:00'
const office = hours('Europe/Warsaw', day, day, day, day, day)

test.each([
  ['before the morning, the same day', '2026-01-12T07:00Z', '2026-01-12T08:00Z'],
  ['a moment before', '2026-01-12T07:59:59.999Z', '2026-01-12T08:00Z'],
  ['when it opens: it is open', '2026-01-12T08:00Z', null],
  ['a moment before it closes: it is open', '2026-01-12T15:59:59.999Z', null],
  ['when it closes, the next day', '2026-01-12T16:00Z', '2026-01-13T08:00Z'],
  ['after Friday, on Monday', '2026-01-16T16:00Z', '2026-01-19T08:00Z'],
  ['over the weekend on which the clocks go forward', '2026-03-27T17:00Z', '2026-03-30T07:00Z'],
  ['over the weekend on which they go back', '2026-10-23T17:00Z', '2026-10-26T08:00Z'],
])('an office opens next, %s', (_, now, expected) => {
  expect(next(office, now)).toBe(expected)
})

test('a day may have several spans, and a night is two of them', () => {
  const pizza = hours('Europe/Warsaw', '', '', '', '', '11:00-14:00 18:00-24:00', '0:00-2:00')
  expect(next(pizza, '2026-01-16T11:00Z')).toBeNull()
  expect(next(pizza, '2026-01-16T13:00Z')).toBe('2026-01-16T17:00Z')
  expect(next(pizza, '2026-01-16T22:59:59Z')).toBeNull()
  expect(next(pizza, '2026-01-16T23:30Z')).toBeNull()
  expect(next(pizza, '2026-01-17T01:00Z')).toBe('2026-01-23T10:00Z')
})

describe('on the night when the clocks change', () => {
  const sunday = (time: string) => hours('Europe/Warsaw', '', '', '', '', '', '', time)

  test('what begins in the hour that is left out begins when it would have ended', () => {
    expect(next(sunday('2:30-6:00'), '2026-03-29T00:00Z')).toBe('2026-03-29T01:00Z')
    expect(next(sunday('2:30-6:00'), '2026-03-29T01:00Z')).toBeNull()
  })

  test('what lies in it as a whole is left out with it', () => {
    expect(next(sunday('2:15-2:45'), '2026-03-29T00:00Z')).toBe('2026-04-05T00:15Z')
  })

  test('what lies in the hour that comes twice is open twice', () => {
    expect(next(sunday('2:15-2:45'), '2026-10-24T20:00Z')).toBe('2026-10-25T00:15Z')
    expect(next(sunday('2:15-2:45'), '2026-10-25T00:50Z')).toBe('2026-10-25T01:15Z')
    expect(next(sunday('2:15-2:45'), '2026-10-25T01:50Z')).toBe('2026-11-01T01:15Z')
  })
})

test('it is the day of the zone that counts, not that of Greenwich', () => {
  expect(next(hours('Pacific/Apia', day), '2026-06-14T18:00Z')).toBe('2026-06-14T20:00Z')
  expect(next(hours('Asia/Kathmandu', day), '2026-06-15T00:00Z')).toBe('2026-06-15T03:15Z')
  expect(next(hours('America/St_Johns', '', day), '2026-06-17T00:00Z')).toBe('2026-06-23T11:30Z')
})

test('nobody knows without hours, when it never opens, and in a zone that is none', () => {
  expect(opensAt(null, 0)).toBeNull()
  expect(next(hours('UTC'), '2026-01-01T00:00Z')).toBeNull()
  expect(next(hours('Europe/Atlantis', day), '2026-01-12T07:00Z')).toBeNull()
})

/** The same by looking at the clock on the wall, minute after minute. */
function seenOnTheWall({ zone, week }: ReturnType<typeof hours>, now: number): number | null {
  const clock = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
  const open = (moment: number): boolean => {
    const [weekday = '', time = ''] = clock.format(moment).split(/,? /)
    const today = week[['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'].indexOf(weekday)] ?? []
    return today.some(({ from, to }) => from <= at(time) && at(time) < to)
  }
  if (open(now)) return null
  for (let moment = now; moment < now + 15 * 86_400_000; moment += 60_000) if (open(moment)) return moment
  return null
}

test.each([
  ['Europe/Warsaw', '2026-03-28T22:00Z'],
  ['Europe/Warsaw', '2026-10-24T21:00Z'],
  ['America/New_York', '2026-03-08T03:00Z'],
  ['America/Santiago', '2026-09-05T20:00Z'],
  ['Australia/Lord_Howe', '2026-04-04T10:00Z'],
  ['Africa/Casablanca', '2026-02-14T22:00Z'],
])('in %s from %s it is the moment that a watcher of the clock would name', (zone, from) => {
  const weeks = [
    hours(zone, '', '', '', '', '', '1:30-2:20', '1:40-3:10 23:50-24:00'),
    hours(zone, '0:00-0:10', '', '5:05-6:00', '', '', '2:00-2:30', '0:00-0:45 2:29-2:31'),
    hours(zone, '', '', '', '', '', '23:30-24:00', '3:00-3:01'),
  ]
  for (const week of weeks) {
    for (let hour = 0; hour < 12; hour++) {
      const now = Date.parse(from) + hour * 37 * 60_000
      expect([now, opensAt(week, now)]).toEqual([now, seenOnTheWall(week, now)])
    }
  }
})
