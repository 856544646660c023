import { pool, type SeedKey, type Topic, topics, type Turn } from './lines.ts'
import type { Random } from './random.ts'

const pools = {
  hello: pool('hello.v'),
  helloBack: pool('hello.a'),
  wait: pool('wait.a'),
  ok: pool('ok.v'),
  thanks: pool('thanks.v'),
  welcome: pool('welcome.a'),
  ping: pool('ping.v'),
  more: pool('more.v'),
  back: pool('back.v'),
  lone: pool('lone.v'),
  follow: pool('follow.a'),
}

/** What only women say in some of the languages. */
const saidByWomen = ['complaint']

/**
 * A stretch of talk of exactly `length` texts: how it `begins` (a first time, a visitor who is back, an agent who comes back
 * to something), and whether it comes to an end. `woman`: null when nobody knows.
 */
export type Stretch = {
  length: number
  begins: 'first' | 'back' | 'follow'
  closing: boolean
  woman: boolean | null
}

/** One text: who writes it, and which line of the catalogue it is. */
export type Line = { by: Turn['by']; key: SeedKey }

export function talk(random: Random, { length, begins, closing, woman }: Stretch): Line[] {
  if (length === 1 && begins === 'first' && closing && random.chance(0.8)) return said(random, [pools.lone])
  const end = closing && length >= 4 ? said(random, [pools.thanks, pools.welcome]) : []
  const begun = said(random, beginning(random, begins)).slice(0, length - end.length)
  return [...begun, ...middle(random, length - end.length - begun.length, woman), ...end]
}

/** What somebody who still waits has written: their question, perhaps after a greeting, and that they are still there. */
export function burst(random: Random, { length, begins, woman }: Omit<Stretch, 'closing'>): Line[] {
  const question = topicFor(random, 1, woman === false).turns[0] as Turn
  const greeted = length > 1 && random.chance(0.6) ? [begins === 'first' ? pools.hello : pools.back] : []
  const lines = [...greeted, question].slice(0, length)
  while (lines.length < length) lines.push(pools.ping)
  return said(random, lines)
}

const said = (random: Random, turns: Turn[]): Line[] => turns.map(({ by, keys }) => ({ by, key: random.pick(keys) }))

function beginning(random: Random, begins: Stretch['begins']): Turn[] {
  if (begins === 'follow') return [pools.follow, pools.thanks]
  if (begins === 'back') return random.chance(0.5) ? [pools.back] : []
  return random.chance(0.3) ? [pools.hello] : []
}

function middle(random: Random, length: number, woman: boolean | null): Line[] {
  const lines: Line[] = []
  while (lines.length < length) {
    const room = length - lines.length
    if (lines.length > 0 && room <= 2) return [...lines, ...said(random, [pools.ok, pools.wait].slice(0, room))]
    if (lines.length > 0) lines.push(...said(random, [pools.more]))
    const { turns } = topicFor(random, length - lines.length, woman === false)
    const firstAnswer = turns.findIndex(({ by }) => by === 'agent')
    // The first way of asking is answered in the first way, as far as there are as many.
    const way = random.below(turns[0]?.keys.length ?? 1)
    for (const [place, { by, keys }] of turns.entries()) {
      const before = random.chance(0.6) ? pools.helloBack : pools.wait
      if (place === firstAnswer && random.chance(0.3)) lines.push(...said(random, [before]))
      lines.push({ by, key: keys[way] ?? random.pick(keys) })
    }
  }
  return lines.slice(0, length)
}

/** Of a few topics the one that is about as long as there is room. */
function topicFor(random: Random, room: number, man: boolean): Topic {
  let best: Topic | null = null
  for (let tries = 0; tries < 3; tries++) {
    const topic = random.pick(topics)
    if (man && saidByWomen.includes(topic.name)) continue
    const off = (one: Topic) => Math.abs(one.turns.length - room)
    if (!best || off(topic) < off(best)) best = topic
  }
  return best ?? (topics[0] as Topic)
}
