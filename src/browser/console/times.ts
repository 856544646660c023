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
    const at = new Date(element.dateTime)
    const shown = element.dataset.ago === undefined ? formatFor(at, now).format(at) : agoOf(at, now)
    if (element.textContent === shown) continue
    element.textContent = shown
    element.title = whole.format(at)
  }
}

const minuteMs = 60_000
const minutes = new Intl.NumberFormat(language, { style: 'unit', unit: 'minute' })
const hours = new Intl.NumberFormat(language, { style: 'unit', unit: 'hour', unitDisplay: 'narrow' })
const justNow = new Intl.RelativeTimeFormat(language, { numeric: 'auto' }).format(0, 'second')
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
