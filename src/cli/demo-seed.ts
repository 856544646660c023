import { type Config, readConfig, storeFlags } from '../config.ts'
import { closeStore, openStore } from '../platform/db/open.ts'
import { CannotStart } from '../platform/lib/cannot-start.ts'
import { now } from '../platform/lib/clock.ts'
import { newSecret } from '../platform/lib/id.ts'
import { setUpLog } from '../platform/lib/log.ts'
import { Refusal } from '../platform/lib/refuse.ts'
import { addressOf } from '../serve.ts'
import { type Command, print } from './command.ts'
import { type Amounts, shortTexts } from './demo-seed/plan.ts'
import type { Seeded } from './demo-seed/seed.ts'
import { staff } from './demo-seed/staff.ts'
import { type Flags, UsageError } from './flags.ts'
import { showProgress } from './progress.ts'
import { table } from './table.ts'

const mostConversations = 100_000
const mostMessages = 1_000_000
const mostContacts = 100_000
const usually = { conversations: 400, messagesEach: 8 }

export const demoSeed: Command = {
  usage:
    'demo seed [--conversations N] [--messages N] [--contacts N] [--data FOLDER] [--database-url URL] [more flags]',
  summary: 'Fill a fresh data folder with a shop: its conversations of the past month, its contacts and agents.',
  details: `
A water-and-grocery delivery in four languages, to look around in and to measure with: zones, clients with addresses, orders
and containers that they owe, templates, conversations. The folder must be fresh, and no
server may run on it. The password of its accounts is printed at the end.

  --conversations N          how many, up to ${mostConversations.toLocaleString('en')} (${usually.conversations})
  --messages N               texts in all of them together, up to ${mostMessages.toLocaleString('en')} (${usually.messagesEach} for each conversation)
  --contacts N               at least so many clients, up to ${mostContacts.toLocaleString('en')} (those who write)
  --open N                   how many are waiting or active in the end (8 of a hundred, at most 160)
  --longest N                one has exactly so many texts, and one exactly ${shortTexts} (else as it comes)
  --until TIME               when the month ends, as 2026-01-31T18:00Z (now)
  --password PASSWORD        of all accounts, ten characters or more (a random one)
  --quiet                    no progress

The same numbers and the same --until give the same rows, ids included; only passwords are hashed anew.`,
  flags: {
    conversations: 'value',
    messages: 'value',
    contacts: 'value',
    open: 'value',
    longest: 'value',
    until: 'value',
    password: 'value',
    quiet: 'switch',
    ...storeFlags,
  },
  async run(flags) {
    const amounts = readAmounts(flags)
    const config = readConfig(onlySettings(flags))
    const password = typeof flags.password === 'string' ? flags.password : newSecret(12)
    const began = performance.now()
    const seeded = await fill(config, amounts, password, flags.quiet === true)
    await print(summary(config, amounts, { seeded, password, seconds: (performance.now() - began) / 1000 }))
    return 0
  },
}

/** Where the store is, and the address that `serve` would have there, for the lines at the end. */
const onlySettings = (flags: Flags): Flags =>
  Object.fromEntries(Object.entries(flags).filter(([name]) => Object.hasOwn(storeFlags, name)))

async function fill(config: Config, amounts: Amounts, password: string, quiet: boolean): Promise<Seeded> {
  const stop = listenForSignals()
  const progress = quiet ? null : showProgress(amounts.messages, 'messages')
  // What goes wrong ends the command, and is told in its one line.
  setUpLog({ print: () => undefined })
  // With all that people say, which no server needs.
  const { seedDemo, unfinished } = await import('./demo-seed/seed.ts')
  try {
    await openStore(config.data, { databaseUrl: config.databaseUrl })
    return await seedDemo(config, amounts, password, {
      wrote: (texts) => progress?.at(texts),
      stopped: () => stop.asked,
    })
  } catch (error) {
    throw isFull(error) ? new CannotStart(`The disk is full. ${unfinished(config)}`) : error
  } finally {
    progress?.end()
    await closeStore()
  }
}

const isFull = (error: unknown): boolean =>
  error instanceof Refusal ? error.code === 'storage_full' : /^SQLITE_FULL|^ENOSPC/.test(codeOf(error))

const codeOf = (error: unknown): string => String((error as { code?: unknown }).code)

/** The first signal asks for a stop after the write that is under way, one after a second more ends the process. */
function listenForSignals(): { asked: boolean } {
  const stop = { asked: false, at: 0 }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (stop.asked && performance.now() - stop.at > 1000) process.exit(1)
      if (!stop.asked) Object.assign(stop, { asked: true, at: performance.now() })
    })
  }
  return stop
}

function readAmounts(flags: Flags): Amounts {
  const conversations = whole(flags, 'conversations', 1, mostConversations) ?? usually.conversations
  const longest = whole(flags, 'longest', shortTexts + 1, mostMessages) ?? null
  const enough = Math.max(conversations * usually.messagesEach, conversations + (longest ?? 0) + shortTexts)
  const messages = whole(flags, 'messages', conversations, mostMessages) ?? Math.min(mostMessages, enough)
  const few = Math.min(160, Math.max(1, Math.round(conversations * 0.08)))
  const open = whole(flags, 'open', 0, conversations) ?? few
  if (longest !== null) mustFit(longest, conversations, messages)
  const contacts = whole(flags, 'contacts', 0, mostContacts) ?? null
  return { conversations, messages, open, longest, contacts, until: momentOf(flags) }
}

/** The longest and the short one take their share; the others need one text each, and are shorter than the longest. */
function mustFit(longest: number, conversations: number, messages: number): void {
  const [others, rest] = [conversations - 2, messages - longest - shortTexts]
  if (others < 0) throw new UsageError('--longest needs at least 2 conversations')
  if (rest < others)
    throw new UsageError(
      `--longest ${longest} needs at least ${longest + shortTexts + others} messages, not ${messages}`,
    )
  if (rest > others * (longest - 1))
    throw new UsageError(
      `--longest ${longest} is too little for ${messages} messages in ${conversations} conversations`,
    )
}

function whole(flags: Flags, name: string, least: number, most: number): number | undefined {
  const value = flags[name]
  if (typeof value !== 'string') return undefined
  const number = /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN
  if (!(number >= least && number <= most))
    throw new UsageError(`--${name} must be a whole number from ${least} to ${most}, not "${value}"`)
  return number
}

function momentOf({ until }: Flags): number {
  if (typeof until !== 'string') return now()
  const moment = /^\d{4}-\d\d-\d\d/.test(until) ? Date.parse(until) : Number.NaN
  if (!(moment >= Date.UTC(2000, 0, 1) && moment <= now()))
    throw new UsageError(`--until must be a time in the past such as 2026-01-31T18:00Z, not "${until}"`)
  return moment
}

type Outcome = { seeded: Seeded; password: string; seconds: number }

// From a source tree there is no program of that name.
const program = Bun.isStandaloneExecutable ? 'kontuar' : 'node_modules/.bin/bun src/main.ts'

function summary(config: Config, amounts: Amounts, { seeded, password, seconds }: Outcome): string {
  const { data, databaseUrl } = config
  const address = config.publicUrl ?? addressOf(config, config.port)
  const { conversations, messages, open, longest } = amounts
  const exact = (id: string | null, texts: number | null) => (id ? [`With ${texts} messages: ${address}/c/${id}`] : [])
  return [
    `${conversations} conversations (${open} open) with ${messages} messages, in ${seconds.toFixed(1)} s.`,
    ...exact(seeded.longest, longest),
    ...exact(seeded.short, shortTexts),
    '',
    `Start it:  ${program} serve --data ${/[^\w./-]/.test(data) ? `'${data.replaceAll("'", `'\\''`)}'` : data}${databaseUrl === null ? '' : ' --database-url URL'}`,
    `Sign in:   ${address}/sign-in`,
    `Password:  ${password}`,
    '',
    table(staff, ['email', 'role', 'name']),
  ].join('\n')
}
