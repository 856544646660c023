import { varietyOf } from '../variety.ts'

const language = varietyOf(document.documentElement.lang, navigator.languages)

const format = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(language, options)
const clock = { hour: '2-digit', minute: '2-digit' } as const
const today = format(clock)
const thisYear = format({ day: 'numeric', month: 'short', ...clock })
const earlier = format({ day: 'numeric', month: 'short', year: 'numeric', ...clock })
const whole = format({ dateStyle: 'full', timeStyle: 'medium' })

/** Shows every moment in the reader's zone and language: the hour today, with the date before. */
export function showTimes(): void {
  const now = new Date()
  for (const element of document.querySelectorAll('time')) {
    const at = momentOf(element)
    const shown = wordsOf(element, at, now)
    if (element.textContent === shown) continue
    element.textContent = shown
    element.title = isDay(element) ? '' : whole.format(at)
  }
}

function wordsOf(element: HTMLTimeElement, at: Date, now: Date): string {
  if (isDay(element)) return dayWords(at, now)
  return element.dataset.ago === undefined ? formatFor(at, now).format(at) : agoOf(at, now)
}

/** Of a day alone, its noon where the reader is: midnight of UTC is another day in half of the world. */
const momentOf = (element: HTMLTimeElement): Date =>
  new Date(isDay(element) ? `${element.dateTime}T12:00` : element.dateTime)
const isDay = ({ dateTime }: HTMLTimeElement): boolean => dateTime.length === 10

/** The day of a moment (UTC ms) where the reader is: `2026-11-22`. */
export function dayOf(at: number): string {
  const date = new Date(at)
  const two = (part: number) => `${part}`.padStart(2, '0')
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}

const near = new Intl.RelativeTimeFormat(language, { numeric: 'auto' })
const wholeDay = { weekday: 'long', day: 'numeric', month: 'long' } as const
const dayThisYear = format(wholeDay)
const dayEarlier = format({ ...wholeDay, year: 'numeric' })

function dayWords(at: Date, now: Date): string {
  const before = Math.round((new Date(now).setHours(12, 0, 0, 0) - at.getTime()) / 86_400_000)
  const words =
    before === 0 || before === 1
      ? near.format(-before, 'day')
      : (at.getFullYear() === now.getFullYear() ? dayThisYear : dayEarlier).format(at)
  return words.charAt(0).toLocaleUpperCase(language) + words.slice(1)
}

const minuteMs = 60_000
const minutes = new Intl.NumberFormat(language, { style: 'unit', unit: 'minute' })
const hours = new Intl.NumberFormat(language, { style: 'unit', unit: 'hour', unitDisplay: 'narrow' })
const justNow = near.format(0, 'second')
const day = format({ day: 'numeric', month: 'short' })
const dayOfYear = format({ day: 'numeric', month: 'short', year: 'numeric' })

/** How long ago, as far as that is quicker to read than the date. */
function agoOf(at: Date, now: Date): string {
  const ago = Math.floor((now.getTime() - at.getTime()) / minuteMs)
  if (ago < 1) return justNow
  if (ago < 60) return minutes.format(ago)
  if (ago < 24 * 60) return hours.format(Math.floor(ago / 60))
  return (at.getFullYear() === now.getFullYear() ? day : dayOfYear).format(at)
}

const clocks = new Map<string, Intl.DateTimeFormat>()

/** Shows what time it is for somebody in another zone. */
export function showClocks(): void {
  const now = new Date()
  for (const element of document.querySelectorAll<HTMLElement>('.clock[data-zone]')) {
    const timeZone = element.dataset.zone ?? 'UTC'
    const known = clocks.get(timeZone) ?? format({ ...clock, timeZone })
    clocks.set(timeZone, known)
    const shown = known.format(now)
    if (element.textContent !== shown) element.textContent = shown
  }
}

function formatFor(at: Date, now: Date): Intl.DateTimeFormat {
  if (at.toDateString() === now.toDateString()) return today
  return at.getFullYear() === now.getFullYear() ? thisYear : earlier
}
