import type { Tx } from '../../platform/db/executor.ts'
import { enqueue } from '../../platform/jobs/outbox.ts'
import type { Added } from '../conversations/index.ts'
import { standingOf } from '../visitors/index.ts'
import { readMail } from './mail-settings.ts'
import { markOf } from './marks.ts'
import { unreadJob } from './names.ts'

/** How long an answer is left to be read in the window before it goes out by mail. */
export const readWithinMs = 60_000

/** Answers that may have to go out by mail. `since` is the mark as it was. */
export type UnreadOf = { conversationId: string; since: number }

/** Looks after an agent's answer a minute later: whoever has not read it and is not there gets it by mail. */
export async function awaitReading(tx: Tx, { message, conversation }: Added): Promise<void> {
  if (message.authorKind !== 'agent' || message.kind !== 'text') return
  const { email } = await standingOf(conversation.visitorId, tx)
  if (email === null || !(await readMail(tx))) return
  const { conversationId } = message
  const { repliedSeq: since } = await markOf(tx, conversationId)
  const unread: UnreadOf = { conversationId, since }
  await enqueue(tx, unreadJob, unread, `${conversationId}:${since}`, { afterMs: readWithinMs })
}
