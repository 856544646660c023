import { now } from '../../platform/lib/clock.ts'
import { MailTrouble, type TroubleKind } from '../../providers/mail/trouble.ts'

// A server that is away, or does not let us in, is not asked by each mail that waits: a thousand refused logins in an hour
// get an account locked. For a while they fail by what the first of them was told.

const shortestMs = 2000
const longestMs = 60_000

/** What is about one mail or its reader alone. */
const ofOneMail: TroubleKind[] = ['recipient_refused', 'greylisted', 'message_refused', 'for_now', 'unknown']

type Told = { trouble: MailTrouble; until: number; times: number }
let last: Told | null = null

// A clock that was set back does not make it last.
const isFresh = ({ until }: Told): boolean => now() < until && until - now() <= longestMs

/** Throws what the last one was told, while that is fresh. */
export function mustNotRest(): void {
  if (last && isFresh(last)) throw new MailTrouble(last.trouble.kind, last.trouble.line)
}

/** The server took a mail, or somebody wants it tried now. */
export function endRest(): void {
  last = null
}

/** What came of a try. */
export function restAfter(error: unknown): void {
  if (!(error instanceof MailTrouble) || ofOneMail.includes(error.kind)) return
  if (last && isFresh(last)) return
  const times = (last?.times ?? 0) + 1
  last = { trouble: error, times, until: now() + Math.min(longestMs, shortestMs * 2 ** (times - 1)) }
}
