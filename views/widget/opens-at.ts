import type { WidgetSettings } from './settings.ts'

type Hours = NonNullable<WidgetSettings['hours']>

const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs
// A week, and another for a span that a change of the clocks has swallowed once.
const daysAhead = 14

/**
 * The next moment at which a site opens, in UTC milliseconds; null when it is open now, when it never opens, and when its
 * zone is not known here. A span is the times of day from `from` until before `to`, as clocks on the wall show them: one
 * that begins in an hour that is left out begins when that hour would have ended, one in an hour that comes twice is
 * open twice.
 */
export function opensAt(hours: Hours | null, now: number): number | null {
  if (hours === null || !isZone(hours.zone) || isOpen(hours, now)) return null
  const today = Math.floor((now + offsetAt(hours.zone, now)) / dayMs)
  for (let day = today; day <= today + daysAhead; day++) {
    const openings = spansOf(hours, day).flatMap(({ from }) => momentsOf(hours.zone, day * dayMs + from * minuteMs))
    const next = openings.filter((moment) => moment > now && isOpen(hours, moment))
    if (next.length > 0) return Math.min(...next)
  }
  return null
}

/** Whether this is a time zone that is known here, by its IANA name. */
export function isZone(zone: string): boolean {
  try {
    return clockIn(zone) !== null
  } catch {
    return false
  }
}

function isOpen(hours: Hours, moment: number): boolean {
  const wall = moment + offsetAt(hours.zone, moment)
  const day = Math.floor(wall / dayMs)
  const minute = (wall - day * dayMs) / minuteMs
  return spansOf(hours, day).some(({ from, to }) => from <= minute && minute < to)
}

// Day 0 of the epoch was a Thursday; weeks here begin with Monday.
const spansOf = ({ week }: Hours, day: number) => week[(((day + 3) % 7) + 7) % 7] ?? []

/** When clocks in `zone` show `wall` (counted as if it were UTC): once, twice, or at the jump that leaves it out. */
function momentsOf(zone: string, wall: number): number[] {
  const before = offsetAt(zone, wall - dayMs)
  const after = offsetAt(zone, wall + dayMs)
  const shown = [...new Set([before, after])].map((offset) => wall - offset)
  const real = shown.filter((moment) => moment + offsetAt(zone, moment) === wall)
  return real.length > 0 ? real : [jumpBetween(zone, wall - after, wall - before)]
}

/** The first moment with the offset of `late`, which lies after `early`. */
function jumpBetween(zone: string, early: number, late: number): number {
  const offset = offsetAt(zone, late)
  let [wrong, right] = [early, late]
  while (right - wrong > 1) {
    const middle = Math.floor((wrong + right) / 2)
    if (offsetAt(zone, middle) === offset) right = middle
    else wrong = middle
  }
  return right
}

/** How far clocks in `zone` are ahead of UTC, in milliseconds. */
function offsetAt(zone: string, moment: number): number {
  const parts = clockIn(zone).formatToParts(moment)
  const shown = (type: string): number => Number(parts.find((part) => part.type === type)?.value)
  const wall = Date.UTC(
    shown('year'),
    shown('month') - 1,
    shown('day'),
    shown('hour'),
    shown('minute'),
    shown('second'),
  )
  return wall - Math.floor(moment / 1000) * 1000
}

const clocks = new Map<string, Intl.DateTimeFormat>()

/** Throws a RangeError for what is no zone. */
function clockIn(timeZone: string): Intl.DateTimeFormat {
  const known = clocks.get(timeZone)
  if (known) return known
  const numbers = { year: 'numeric', month: 'numeric', day: 'numeric' } as const
  const times = { hour: 'numeric', minute: 'numeric', second: 'numeric', hourCycle: 'h23' } as const
  const made = new Intl.DateTimeFormat('en-US', { timeZone, calendar: 'gregory', ...numbers, ...times })
  clocks.set(timeZone, made)
  return made
}
