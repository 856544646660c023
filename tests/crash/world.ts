import type { History, Who } from './history.ts'
import type { Random } from './random.ts'

/** A conversation's visitor as the suite knows it: the token is its identity, the conversation is learnt from acks. */
export type Visitor = { name: string; token: string; conversationId: string | null }

/** What writers, readers and nemeses share. */
export type World = {
  seed: number
  /** Where clients go: the proxy, which is also the server's public origin. */
  base: string
  siteId: string
  history: History
  onPostgres: boolean
  visitors: Visitor[]
  /** Bodies by the code that stands at their beginning, for readers who see them inside markup. */
  bodies: Map<string, string>
  /** No new messages; what is queued is still drained. */
  quiet: boolean
  /** Everybody goes home. */
  over: boolean
  /** Milliseconds between two messages of a writer, on average. */
  thinkMs: number
}

/** How long a client waits for an answer before it holds the connection for dead. */
export const patienceMs = 1500

const words = [
  'water',
  'вода 19 л',
  'Żywiec & сок',
  '<b>not bold</b>',
  'déjà payé',
  '🚚 tomorrow?',
  '"quoted"',
  'line\nbreak',
  '👩‍👩‍👧 family pack',
  '{{no template}}',
]

/** A body that occurs once in the whole run, and starts with a code that no markup changes. */
export function newBody(world: World, random: Random, who: Who, turn: number): string {
  const code = `${who.name}.${turn}.${random.between(0, 0xffffff).toString(36)}`
  const tail = Array.from({ length: random.between(1, 6) }, () => random.pick(words)).join(' ')
  const body = `[${code}] ${tail}${random.chance(0.01) ? ' long'.repeat(1200) : ''}`
  world.bodies.set(code, body)
  return body
}

/** Waits `ms` give or take the half, or less when the run ends. */
export async function think(world: World, random: Random, ms: number): Promise<void> {
  const until = performance.now() + ms * (0.5 + random.next())
  while (!world.over && performance.now() < until) await Bun.sleep(Math.min(100, until - performance.now()))
}
