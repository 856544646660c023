import type { Values } from '../../catalogues/pattern.ts'
import type { Say, WidgetKey } from '../../catalogues/widget-words.ts'

export type When = {
  time(at: number): string
  day(at: number): string
  /** which message says that somebody is back `at` then, and what fills it in */
  back(at: number): [WidgetKey, Values]
}

/**
 * Times and days as the visitor's language and zone write them. `now` is asked, for what is today changes at midnight; it is
 * the server's, for the visitor's clock may be wrong.
 */
export function whenIn(locale: string, say: Say, now: () => number): When {
  const format = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, options)
  const time = format({ hour: 'numeric', minute: '2-digit' })
  const date = format({ weekday: 'long', day: 'numeric', month: 'long' })
  const dateWithYear = format({ day: 'numeric', month: 'long', year: 'numeric' })
  const weekday = format({ weekday: 'long' })
  return {
    time: (at) => time.format(at),
    day(at) {
      const days = daysBetween(at, now())
      if (days === 0) return say('today')
      if (days === 1) return say('yesterday')
      return (days < 180 ? date : dateWithYear).format(at)
    },
    back(at) {
      const days = daysBetween(now(), at)
      const values = { time: time.format(at) }
      if (days < 2) return [days < 1 ? 'back.today' : 'back.tomorrow', values]
      return ['back.later', { ...values, day: (days < 7 ? weekday : date).format(at) }]
    },
  }
}

const midnight = (at: number) => new Date(at).setHours(0, 0, 0, 0)

// Rounded: a day on which the clocks change has 23 or 25 hours.
const daysBetween = (from: number, to: number) => Math.round((midnight(to) - midnight(from)) / 86_400_000)

export const sameDay = (one: number, other: number) => midnight(one) === midnight(other)
