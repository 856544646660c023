import type { AgentActor, Deed } from '../../features/conversations/index.ts'
import type { HadRead, History } from '../../features/messages/index.ts'
import type { Locale, Values } from '../../platform/lib/i18n.ts'
import type { Calendar } from './calendar.ts'
import { oneOf, sayIn, type SeedKey } from './lines.ts'
import { phoneOf } from './people.ts'
import type { Planned } from './plan.ts'
import { type Random, randomOf } from './random.ts'
import { staff } from './staff.ts'
import { burst, type Line, talk } from './talk.ts'
import { type Hand, handOf, typed } from './typing.ts'

/** The shop as conversations need it: `agents` in the order of `staff`. */
export type Shop = { calendar: Calendar; greetings: readonly (string | null)[]; agents: readonly AgentActor[] }

/** What is done in a conversation, in order, before it has its times: `beforeMs` passes before it. */
type Step = { beforeMs: number; overnight?: boolean; stretch: number } & (
  | { does: 'greet' }
  | { does: 'write'; by: 'visitor' | AgentActor; key: SeedKey }
  | { does: 'take' | 'finish' | 'reopen'; by: AgentActor }
)

/** Everything that is said and done in one conversation. The same plan gives the same conversation, ids included. */
export function compose(planned: Planned, woman: boolean | null, shop: Shop): Omit<History, 'visitorId'> {
  const random = randomOf('conversation', planned.index)
  const steps = stepsOf(random, planned, woman, shop)
  const times = timesOf(random, steps, planned, shop.calendar)
  const deeds = deedsOf(random, steps, times, planned, shop)
  const id = random.id(times[0] as number)
  return { id, deeds, reads: readsOf(random, deeds, planned, shop) }
}

// --- what happens

function stepsOf(random: Random, planned: Planned, woman: boolean | null, shop: Shop): Step[] {
  const { texts, state, site } = planned
  const greeted = texts > 1 && shop.greetings[site] !== null
  const steps: Step[] = greeted ? [{ does: 'greet', beforeMs: 0, stretch: 0 }] : []
  const lengths = stretchesOf(random, texts - (greeted ? 1 : 0), state)
  let agent: AgentActor | null = null
  for (const [stretch, length] of lengths.entries()) {
    const last = stretch === lengths.length - 1
    const before = agent
    agent = agentFor(random, last ? planned : { ...planned, holder: -1 }, before, shop)
    const closing = !last || state === 'finished'
    const begins = stretch === 0 ? 'first' : random.chance(0.06) && length > 2 ? 'follow' : 'back'
    const stretched = { length, begins, woman } as const
    const lines = last && state === 'waiting' ? burst(random, stretched) : talk(random, { ...stretched, closing })
    if (begins === 'follow' && lines[0]?.by === 'agent') steps.push({ does: 'reopen', by: agent, beforeMs: 0, stretch })
    steps.push(...performed(random, lines, agent, stretch))
    const taken = steps.some((step) => step.stretch === stretch && 'by' in step && step.by !== 'visitor')
    if (last && state === 'active' && !taken)
      steps.push({ does: 'take', by: agent, beforeMs: around(random, 150), stretch })
    if (closing) steps.push({ does: 'finish', by: agent, beforeMs: around(random, 240), stretch })
  }
  apart(random, steps, planned)
  return steps
}

/** How many texts each stretch of talk has, between one end of the conversation and the next. */
function stretchesOf(random: Random, texts: number, state: Planned['state']): number[] {
  const still = state === 'waiting' ? Math.min(texts, texts < 5 ? texts : random.from(1, 3)) : 0
  const said = texts - still
  const ends = still > 0 ? [still] : []
  if (said === 0) return ends
  const many = said < 8 ? 1 : Math.max(1, Math.min(40, Math.round(said / random.from(8, 20))))
  const lengths = Array.from(
    { length: many },
    (_, at) => Math.floor((said * (at + 1)) / many) - Math.floor((said * at) / many),
  )
  for (let at = 1; at < many; at++) {
    const moved = random.below(Math.max(1, Math.floor((lengths[at] as number) / 2)))
    lengths[at] = (lengths[at] as number) - moved
    lengths[at - 1] = (lengths[at - 1] as number) + moved
  }
  return [...lengths, ...ends]
}

/** Mostly whoever had it before; else somebody who speaks the language. */
function agentFor(
  random: Random,
  { holder, locale }: Planned,
  before: AgentActor | null,
  { agents }: Shop,
): AgentActor {
  if (holder >= 0) return agents[holder] as AgentActor
  if (before && random.chance(0.7)) return before
  return random.pick(agents.filter((_, place) => staff[place]?.speaks.includes(locale)))
}

function performed(random: Random, lines: Line[], agent: AgentActor, stretch: number): Step[] {
  const steps: Step[] = []
  let answered = lines[0]?.by === 'agent'
  for (const [place, { by, key }] of lines.entries()) {
    const same = lines[place - 1]?.by === by
    if (by === 'visitor') {
      steps.push({ does: 'write', by, key, stretch, beforeMs: around(random, same ? 20 : 50) })
      continue
    }
    const first = !answered
    answered = true
    const beforeMs = around(random, first ? 150 : same ? 30 : 55)
    const overnight = first && random.chance(0.12)
    if (first && random.chance(0.4)) {
      steps.push({ does: 'take', by: agent, stretch, beforeMs, overnight })
      steps.push({ does: 'write', by: agent, key, stretch, beforeMs: around(random, 25) })
    } else steps.push({ does: 'write', by: agent, key, stretch, beforeMs, overnight })
  }
  return steps
}

/** Milliseconds around so many seconds: often less, at times much more. */
const around = (random: Random, seconds: number): number =>
  Math.round(1000 * seconds * Math.exp(Math.max(-2, Math.min(2.5, random.normal())) * 0.9)) + 1500

/** Puts hours and days between one stretch and the next. */
function apart(random: Random, steps: Step[], { endsAt, notBefore }: Planned): void {
  const stretches = (steps.at(-1)?.stretch ?? 0) + 1
  const usual = Math.min(60 * 3_600_000, (endsAt - notBefore) / stretches)
  for (const [place, step] of steps.entries()) {
    if (place === 0 || steps[place - 1]?.stretch === step.stretch) continue
    step.beforeMs = Math.round(600_000 - Math.log(1 - random.next()) * usual * 0.6)
  }
}

// --- when

/** The time of each step, from the last one backwards: agents do things while the shop is open. */
function timesOf(random: Random, steps: Step[], { endsAt, notBefore }: Planned, calendar: Calendar): number[] {
  const times: number[] = []
  let at = endsAt
  for (let place = steps.length - 1; place >= 0; place--) {
    const { beforeMs, overnight, ...step } = steps[place] as Step
    if ('by' in step && step.by !== 'visitor') at = calendar.whileOpen(random, at)
    times[place] = at
    if (place > 0 && steps[place - 1]?.does !== 'greet') at -= beforeMs
    if (overnight) at = Math.min(at, calendar.beforeOpening(random, times[place] as number))
  }
  const [start, end] = [times[0] as number, times.at(-1) as number]
  if (start >= notBefore) return times
  // On the first night nobody had been there since the month began: then whoever ends it is there at night.
  const room = ((end > notBefore ? end : endsAt) - notBefore) / (end - start)
  return times.map((time) => Math.floor(notBefore + (time - start) * room))
}

// --- in which words

function deedsOf(random: Random, steps: Step[], times: number[], planned: Planned, shop: Shop): Deed[] {
  const { locale, site } = planned
  const hand = handOf(random)
  let values: Values = {}
  let of = -1
  return steps.map((step, place): Deed => {
    const at = times[place] as number
    if (step.does === 'greet') return { does: 'greet', body: shop.greetings[site] ?? '', at }
    if (step.does !== 'write') return { does: step.does, by: step.by, at }
    const opening = step.stretch !== of
    of = step.stretch
    if (opening) values = valuesAt(random, locale, at)
    const { by, key } = step
    const agent = by === 'visitor' ? '' : (by.name.split(' ')[0] ?? '')
    const said = sayIn(locale, key, { ...values, agent })
    const body = by === 'visitor' ? inHand(random, said, hand, locale) : said
    const page = by === 'visitor' && random.chance(opening ? 0.9 : 0.25) ? pageOf(random, locale, site) : null
    return { does: 'write', by, clientId: random.clientId(planned.endsAt), body, page, at }
  })
}

/** Whoever writes at length takes care. */
const inHand = (random: Random, said: string, hand: Hand, locale: Locale): string =>
  said.length > 250 ? said : typed(said, hand, locale, random)

/** What a stretch of talk is about: the same order, street and hours from beginning to end. */
function valuesAt(random: Random, locale: Locale, at: number): Values {
  const hour = random.from(9, 18)
  const minutes = random.pick(['00', '30'])
  return {
    order: String(random.from(41_000, 58_999)),
    time: clockTime(locale, hour, minutes),
    time2: clockTime(locale, hour + 2, minutes),
    date: dayIn(locale).format(at + random.from(1, 4) * 86_400_000),
    lately: dayIn(locale).format(at - random.from(1, 3) * 86_400_000),
    street: oneOf(random, locale, 'streets'),
    flat: String(random.from(2, 98)),
    sum: oneOf(random, locale, 'sums'),
    count: random.from(2, 6),
    count2: random.from(7, 20),
    product: oneOf(random, locale, 'products'),
    water: oneOf(random, locale, 'waters'),
    company: oneOf(random, locale, 'companies'),
    phone: phoneOf(random, locale),
    link: `https://northwater.example/${random.pick(['orders', 'catalogue', 'delivery', 'help'])}/${random.from(100, 999)}`,
  }
}

const clockTime = (locale: Locale, hour: number, minutes: string): string =>
  locale === 'fr' ? `${hour} h ${minutes}` : `${hour}:${minutes}`

const days = new Map<Locale, Intl.DateTimeFormat>()

function dayIn(locale: Locale): Intl.DateTimeFormat {
  let format = days.get(locale)
  if (!format) {
    const named = locale === 'en' ? 'en-GB' : locale
    days.set(locale, (format = new Intl.DateTimeFormat(named, { day: 'numeric', month: 'long', timeZone: 'UTC' })))
  }
  return format
}

const hosts = ['northwater.example', 'offices.northwater.example']
const pages = ['home', 'water', 'pumps', 'zones', 'basket', 'orders'] as const

function pageOf(random: Random, locale: Locale, site: number) {
  const page = random.pick(pages)
  const path = page === 'home' ? '' : page
  return { url: `https://${hosts[site]}/${locale}/${path}`, title: sayIn(locale, `page.${page}`, {}) }
}

// --- who has read it

function readsOf(random: Random, deeds: Deed[], { state, index }: Planned, { calendar, agents }: Shop): HadRead[] {
  const end = (deeds.at(-1) as Deed).at
  const later = Math.min(calendar.until, end + around(random, 400))
  const lastDoneBy = new Map<'visitor' | AgentActor, number>()
  for (const deed of deeds) if ('by' in deed) lastDoneBy.set(deed.by, deed.at)
  return [...lastDoneBy]
    .map(([by, at]) => {
      const seesTheEnd = by === 'visitor' ? 0.85 : state === 'active' ? 0.6 : state === 'waiting' ? 0 : 0.9
      return { by, at: random.chance(seesTheEnd) ? later : at }
    })
    .concat(state === 'waiting' && random.chance(0.2) ? onlooker(agents, index, lastDoneBy, later) : [])
}

/** A colleague who has looked, and has not taken it. */
function onlooker(
  agents: readonly AgentActor[],
  index: number,
  known: ReadonlyMap<'visitor' | AgentActor, number>,
  at: number,
): HadRead[] {
  const by = agents[index % agents.length] as AgentActor
  return known.has(by) ? [] : [{ by, at }]
}
