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
    const shown = formatFor(at, now).format(at)
    if (element.textContent === shown) continue
    element.textContent = shown
    element.title = whole.format(at)
  }
}

function formatFor(at: Date, now: Date): Intl.DateTimeFormat {
  if (at.toDateString() === now.toDateString()) return today
  return at.getFullYear() === now.getFullYear() ? thisYear : earlier
}
