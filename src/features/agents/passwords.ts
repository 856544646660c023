import { refuse } from '../../platform/lib/refuse.ts'

// OWASP's floor for argon2id: 19 MiB, two passes. About 25 ms of a core each.
const cost = { algorithm: 'argon2id', memoryCost: 19_456, timeCost: 2 } as const

// Two at once leave the chat its cores; past forty in line an answer would come too late to be of use.
const atOnce = 2
const longestQueue = 40

// Of a random password nobody knows, at the same cost: an unknown e-mail must take as long as a known one.
const nobody =
  '$argon2id$v=19$m=19456,t=2,p=1$2pa9Q6B9GHj1TNPqViEdNBtqliHPYQjPvzvTRyPBGvQ$QSwCyzgG1XrYH0JFlUA21Isp8GUB86VGCvOc/wKavtw'

let running = 0
type Queue = (() => void)[]
// Browsers that an agent has signed in with before go first, in a queue of their own: guesses from everywhere keep the
// other one full, and those who work here still get in.
const known: Queue = []
const unknown: Queue = []

/** Hashes with argon2id. Refuses `busy` when too many wait already. */
export const hashPassword = (password: string): Promise<string> =>
  bounded(() => Bun.password.hash(password, cost), known)

/**
 * Compares with a stored hash, or with nobody's when there is none: then false, after the same time. `fromKnown` says that
 * the browser has signed in before. Refuses `busy`.
 */
export async function verifyPassword(password: string, hash: string | null, fromKnown: boolean): Promise<boolean> {
  const same = await bounded(() => Bun.password.verify(password, hash ?? nobody), fromKnown ? known : unknown)
  return same && hash !== null
}

/** How many hashes run and wait now. */
export const passwordLoad = (): { running: number; waiting: number } => ({
  running,
  waiting: known.length + unknown.length,
})

async function bounded<T>(work: () => Promise<T>, queue: Queue): Promise<T> {
  if (running >= atOnce) await turn(queue)
  else running++
  try {
    return await work()
  } finally {
    const next = known.shift() ?? unknown.shift()
    if (next) next()
    else running--
  }
}

function turn(queue: Queue): Promise<void> {
  if (queue.length >= longestQueue) throw refuse('busy', { retryAfterMs: 2000 })
  return new Promise((resolve) => queue.push(resolve))
}
