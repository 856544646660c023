import { writeLocking } from '../../platform/db/write.ts'
import { NotYet } from '../../platform/jobs/worker.ts'
import { enqueue } from '../../platform/jobs/outbox.ts'
import { now } from '../../platform/lib/clock.ts'
import {
  type ConversationRow,
  conversationToChange,
  findConversation,
  type MessageRow,
} from '../conversations/index.ts'
import { listEntries, readSeq } from '../messages/index.ts'
import { visitorsOnline } from '../visitors/index.ts'
import { readWithinMs, type UnreadOf } from './await-reading.ts'
import { keepMark, markOf } from './marks.ts'
import { answerJob, type MailOf } from './names.ts'
import { addressOfClient } from './refusals.ts'

/** An agent who goes on writing is waited for, but not for ever. */
const longestWaitMs = 5 * 60_000
const mostInOne = 1000
const againMs = 1000

let startedAt = 0

/** Who is there is known again a little after a start: their windows connect anew. */
export const seenFromNow = (): void => void (startedAt = now())

/** A minute has passed: what is unread goes out in one mail, unless the visitor is there, or the agent still writes. */
export async function gatherAnswers({ conversationId, since: before }: UnreadOf): Promise<void> {
  const conversation = await findConversation(conversationId)
  if (!conversation) return
  const read = await readSeq(conversationId, 'visitor')
  const unread = (await listEntries(conversationId, { after: Math.max(before, read), limit: mostInOne })).filter(
    isAnswer,
  )
  const wait = waitFor(conversation, unread)
  if (wait > 0) throw new NotYet(now() + wait)
  const address = unread.length > 0 ? await addressOfClient(conversation) : null
  await writeLocking(async (tx) => {
    const { lastSeq } = await conversationToChange(tx, conversationId)
    const mark = await markOf(tx, conversationId)
    // Done before, by a process that died before it could say so.
    if (mark.repliedSeq !== before) return
    // An answer that came meanwhile counts on this look.
    if (lastSeq !== conversation.lastSeq) throw new NotYet(now() + againMs)
    await keepMark(tx, conversationId, { repliedSeq: lastSeq })
    const [first, last] = [unread[0], unread.at(-1)]
    if (address === null || !first || !last) return
    const root = mark.repliedRoot ?? last.seq
    await keepMark(tx, conversationId, { repliedRoot: root })
    const mail: MailOf = { conversationId, from: first.seq, to: last.seq, root, address }
    const lane = `${answerJob}:${conversationId}`
    await enqueue(tx, answerJob, mail, `${conversationId}:${last.seq}`, { lane, place: last.seq })
  })
}

/** Answers of agents, which their visitor may see. */
export const isAnswer = ({ authorKind, kind, public: seen }: MessageRow): boolean =>
  authorKind === 'agent' && kind === 'text' && seen

function waitFor({ visitorId }: ConversationRow, unread: MessageRow[]): number {
  const [first, last] = [unread[0], unread.at(-1)]
  if (!first || !last) return 0
  if (visitorsOnline([visitorId]).has(visitorId)) return readWithinMs
  // A clock that was set back since does not count.
  const started = startedAt > now() ? 0 : startedAt
  return Math.max(started + readWithinMs, Math.min(last.at + readWithinMs, first.at + longestWaitMs)) - now()
}
