import { type Locale, locales } from '../../platform/lib/i18n.ts'
import { type Calendar, calendarUntil } from './calendar.ts'
import { type Random, randomOf } from './random.ts'
import { staff } from './staff.ts'

/** How much there is to be: `messages` counts texts of all kinds of authors, `open` what waits or is active at the end. */
export type Amounts = {
  conversations: number
  messages: number
  open: number
  /** The texts of the longest conversation, exactly; one of `shortTexts` is then there, too. */
  longest: number | null
  /** At least so many clients, some of whom have never written; null: those who write. */
  contacts: number | null
  /** The moment at which the demo ends (UTC ms). */
  until: number
}

export const shortTexts = 10
const hourMs = 3_600_000

/** What is settled about one conversation before anybody says a word. */
export type Planned = {
  index: number
  texts: number
  state: 'waiting' | 'active' | 'finished'
  /** Who has it while it is active: a place in `staff`. */
  holder: number
  /** The index of the first conversation of the same visitor. */
  visitor: number
  /** The index of the first visitor who is the same known person; -1 for a stranger. */
  contact: number
  site: number
  locale: Locale
  /** It takes place between these moments. */
  notBefore: number
  endsAt: number
}

export type Plan = { calendar: Calendar; longestAt: number; shortAt: number; at(index: number): Planned }

/** Settles everything that conversations have to agree on, so that each can then be written by itself. */
export function planDemo(amounts: Amounts): Plan {
  const { conversations: size, open, longest, until } = amounts
  const random = randomOf('plan', size, amounts.messages, open, longest ?? 0)
  const calendar = calendarUntil(until)
  const finished = size - open
  const endsAt = endsOf(random, calendar, finished, open)
  const longestAt = longest === null ? -1 : (finished > 0 ? finished : size) - 1
  const shortAt = longest === null ? -1 : longestAt > 0 ? longestAt - 1 : longestAt + 1
  const texts = textsOf(random, amounts, [longestAt, shortAt])
  const people = peopleOf(random, { size, finished, texts, endsAt, from: calendar.from })
  const waiting = open === 0 ? 0 : Math.max(1, Math.round(open * 0.4))
  const waits = (place: number) => Math.floor(((place + 1) * waiting) / open) > Math.floor((place * waiting) / open)
  return {
    calendar,
    longestAt,
    shortAt,
    at(index) {
      const visitor = people.visitor[index] as number
      return {
        index,
        texts: texts[index] as number,
        state: index < finished ? 'finished' : waits(index - finished) ? 'waiting' : 'active',
        holder: people.holder(index),
        visitor,
        contact: people.contact[visitor] as number,
        site: people.site[visitor] as number,
        locale: locales[people.locale[visitor] as number] as Locale,
        notBefore: people.notBefore[index] as number,
        endsAt: endsAt[index] as number,
      }
    },
  }
}

/** First what is finished, over the whole month; then what is open, as recent as its number lets it be. */
function endsOf(random: Random, calendar: Calendar, finished: number, open: number): Float64Array {
  const { from, until } = calendar
  const ends = new Float64Array(finished + open)
  for (let at = 0; at < finished; at++)
    ends[at] = calendar.moment(random, { from: from + 6 * hourMs, until: until - 300_000, open: true })
  const recently = Math.min(until - from - 6 * hourMs, Math.max(4 * hourMs, open * 180_000))
  for (let at = finished; at < ends.length; at++)
    ends[at] = calendar.moment(random, { from: until - recently, until: until - 20_000, open: false })
  ends.subarray(0, finished).sort()
  ends.subarray(finished).sort()
  return ends
}

/** Most are short, a few very long; in all exactly as many as were asked for, and at least one each. */
function textsOf(random: Random, { conversations, messages, longest, open }: Amounts, [longestAt, shortAt]: number[]) {
  const texts = new Int32Array(conversations)
  const free = Array.from(texts.keys()).filter((at) => at !== longestAt && at !== shortAt)
  const spent = longest === null ? 0 : longest + shortTexts
  const most = longest === null ? Math.max(5000, 3 * Math.ceil(messages / conversations)) : longest - 1
  if (longest !== null) {
    texts[longestAt as number] = longest
    texts[shortAt as number] = shortTexts
  }
  const weights = free.map(() => Math.exp(random.normal() * 0.8) * lengthening(random))
  const weighed = weights.reduce((sum, weight) => sum + weight, 0)
  const spare = messages - spent - free.length
  for (const [n, at] of free.entries())
    texts[at] = Math.min(most, 1 + Math.floor((spare * (weights[n] as number)) / weighed))
  let left = messages - texts.reduce((sum, one) => sum + one, 0)
  for (let n = random.below(free.length || 1); left > 0 && free.length > 0; n++) {
    const at = free[n % free.length] as number
    const more = Math.min(most - (texts[at] as number), Math.ceil(left / free.length))
    texts[at] = (texts[at] as number) + more
    left -= more
  }
  moveLongOnes(random, texts, conversations - open, [longestAt as number, shortAt as number])
  return texts
}

function lengthening(random: Random): number {
  const draw = random.next()
  return draw < 0.0002 ? 250 : draw < 0.002 ? 30 : draw < 0.02 ? 6 : 1
}

/** What is long needs a month behind it: it changes places with a short one that ended later. */
function moveLongOnes(random: Random, texts: Int32Array, finished: number, fixed: number[]): void {
  const late = Math.floor(finished / 2)
  for (let at = 0; at < texts.length; at++) {
    if ((texts[at] as number) <= 40 || (at >= late && at < finished) || fixed.includes(at)) continue
    for (let tries = 0; tries < 20 && late < finished; tries++) {
      const other = random.from(late, finished - 1)
      if ((texts[other] as number) > 40 || fixed.includes(other)) continue
      ;[texts[at], texts[other]] = [texts[other] as number, texts[at] as number]
      break
    }
  }
}

type Facts = { size: number; finished: number; texts: Int32Array; endsAt: Float64Array; from: number }

/** Who writes: most once, some again in a conversation of its own; some are known, a few of them from two browsers. */
function peopleOf(random: Random, { size, finished, texts, endsAt, from }: Facts) {
  const visitor = Int32Array.from({ length: size }, (_, index) => index)
  const contact = new Int32Array(size).fill(-1)
  const [site, locale, continued] = [new Uint8Array(size), new Uint8Array(size), new Uint8Array(size)]
  const notBefore = new Float64Array(size).fill(from)
  const lastKnown = new Map<number, number>()
  const holder = (index: number) => (index < finished ? -1 : (index - finished) % staff.length)
  for (let index = 0; index < size; index++) {
    const ended = Math.min(index, finished)
    const again = ended > 0 && (texts[index] as number) <= 30 && random.chance(0.04)
    const earlier = again ? random.below(ended) : -1
    const restMs = earlier < 0 ? 0 : (endsAt[index] as number) - (endsAt[earlier] as number)
    if (restMs > 36 * hourMs && continued[earlier] === 0) {
      continued[earlier] = 1
      visitor[index] = visitor[earlier] as number
      notBefore[index] = (endsAt[earlier] as number) + hourMs
      continue
    }
    site[index] = random.chance(0.25) ? 1 : 0
    locale[index] = locales.indexOf(random.pick(staff[holder(index)]?.speaks ?? languages))
    if (!random.chance(0.6)) continue
    const spoken = locale[index] as number
    const same = random.chance(0.05) ? lastKnown.get(spoken) : undefined
    contact[index] = same ?? index
    lastKnown.set(spoken, same ?? index)
  }
  return { visitor, contact, site, locale, notBefore, holder }
}

const languages: readonly Locale[] = 'ru ru ru ru ru ru ru ru pl pl pl pl pl fr fr fr en en en en'.split(
  ' ',
) as Locale[]
