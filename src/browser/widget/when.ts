import type { Say } from '../../catalogues/widget-words.ts'

export type When = { time(at: number): string; day(at: number): string }

/** Times and days as the visitor's language and zone write them. `now` is asked, for what is today changes at midnight. */
export function whenIn(locale: string, say: Say, now: () => number): When {
  const time = new Intl.DateTimeFormat(locale, { hour: 'numeric', minute: '2-digit' })
  const date = new Intl.DateTimeFormat(locale, { weekday: 'long', day: 'numeric', month: 'long' })
  const dateWithYear = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'long', year: 'numeric' })
  return {
    time: (at) => time.format(at),
    day(at) {
      const days = daysBetween(at, now())
      if (days === 0) return say('today')
      if (days === 1) return say('yesterday')
      return (days < 180 ? date : dateWithYear).format(at)
    },
  }
}

const midnight = (at: number) => new Date(at).setHours(0, 0, 0, 0)

// Rounded: a day on which the clocks change has 23 or 25 hours.
const daysBetween = (from: number, to: number) => Math.round((midnight(to) - midnight(from)) / 86_400_000)

export const sameDay = (one: number, other: number) => midnight(one) === midnight(other)
