import type { Random } from './random.ts'

const hourMs = 3_600_000
/** Where the shop is: its hours and its quiet Sundays follow the clock there. */
const zone = 'Europe/Warsaw'
const [opensAt, closesAt] = [8, 21]

// How much people write in each hour of the day, and on each day of the week from Sunday on.
const byHour = [
  ...[0.05, 0.03, 0.02, 0.02, 0.03, 0.1, 0.3, 0.8, 1.6, 2.2, 2.4, 2.2],
  ...[2, 1.7, 1.6, 1.6, 1.8, 2.1, 2.2, 1.9, 1.4, 0.8, 0.4, 0.15],
]
const byDay: Record<string, number> = { Sun: 0.35, Mon: 1.25, Tue: 1, Wed: 1, Thu: 1, Fri: 1.1, Sat: 0.8 }

type Hour = { open: boolean; weight: number }

/** Thirty days of a shop, up to a moment: when people write, and when somebody is there to answer. */
export type Calendar = {
  from: number
  until: number
  /** A moment between `from` and `until`, more often at a busy time; `open`: while somebody is there. */
  moment(random: Random, between: { from: number; until: number; open: boolean }): number
  /** The same moment if the shop is open then, else one shortly before it closed the last time. */
  whileOpen(random: Random, at: number): number
  /** A moment of the night before the shop opened on that day. */
  beforeOpening(random: Random, at: number): number
}

export const calendarDays = 30

export function calendarUntil(until: number): Calendar {
  const from = until - calendarDays * 24 * hourMs
  const first = Math.floor(from / hourMs)
  const inZone = zoneFormat()
  const hours = Array.from({ length: Math.floor(until / hourMs) - first + 1 }, (_, n) =>
    hourAt((first + n) * hourMs, inZone),
  )
  const anyTime = runningSums(hours.map(({ weight }) => weight))
  const openTime = runningSums(hours.map(({ weight, open }) => (open ? weight : 0)))
  const isOpen = (hour: number) => hours[hour - first]?.open ?? false
  const closing = (at: number) => {
    let hour = Math.floor(at / hourMs)
    while (hour > first && !isOpen(hour)) hour--
    return (hour + 1) * hourMs
  }
  return {
    from,
    until,
    moment(random, between) {
      const sums = between.open ? openTime : anyTime
      const low = sumAt(sums, between.from / hourMs - first)
      const high = sumAt(sums, between.until / hourMs - first)
      // Nobody is there in all that time: then at any time of it.
      if (high <= low) return Math.floor(between.from + random.next() * (between.until - between.from))
      return Math.floor((first + placeOf(sums, low + random.next() * (high - low))) * hourMs)
    },
    whileOpen(random, at) {
      if (isOpen(Math.floor(at / hourMs))) return at
      return Math.min(at, Math.floor(closing(at) - random.next() * 2 * hourMs))
    },
    beforeOpening(random, at) {
      let hour = Math.floor(at / hourMs)
      while (hour > first && isOpen(hour)) hour--
      return Math.floor((hour + 1) * hourMs - random.next() ** 2 * 11 * hourMs)
    },
  }
}

// Made when it is needed: it takes as long as a quarter of a server's start.
const zoneFormat = () =>
  new Intl.DateTimeFormat('en-GB', { timeZone: zone, weekday: 'short', hour: 'numeric', hourCycle: 'h23' })

function hourAt(at: number, inZone: Intl.DateTimeFormat): Hour {
  const parts = new Map(inZone.formatToParts(at).map(({ type, value }) => [type, value]))
  const hour = Number(parts.get('hour'))
  const weight = (byHour[hour] ?? 0) * (byDay[parts.get('weekday') ?? ''] ?? 0)
  return { open: hour >= opensAt && hour < closesAt, weight }
}

/** What has summed up at the beginning of each hour, and at the end of the last. */
function runningSums(weights: number[]): Float64Array {
  const sums = new Float64Array(weights.length + 1)
  for (const [at, weight] of weights.entries()) sums[at + 1] = (sums[at] as number) + weight
  return sums
}

function sumAt(sums: Float64Array, place: number): number {
  const whole = Math.max(0, Math.min(sums.length - 2, Math.floor(place)))
  const [low, high] = [sums[whole] as number, sums[whole + 1] as number]
  return low + (high - low) * Math.max(0, Math.min(1, place - whole))
}

/** The place, in hours and parts of them, up to which this much has summed up. */
function placeOf(sums: Float64Array, sum: number): number {
  let [low, high] = [0, sums.length - 1]
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if ((sums[middle] as number) <= sum) low = middle
    else high = middle
  }
  const [at, next] = [sums[low] as number, sums[high] as number]
  return low + (next > at ? (sum - at) / (next - at) : 0)
}
