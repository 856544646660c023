import type { Tx } from '../../platform/db/executor.ts'
import { awaited, enqueue } from '../../platform/jobs/outbox.ts'
import { foldEmail } from '../../platform/lib/text.ts'
import type { Added, MessageRow } from '../conversations/index.ts'
import { copiesOf, type MailCopies } from '../sites/index.ts'
import { keepMark, markOf } from './marks.ts'
import { copyJob, digestJob, type MailOf } from './names.ts'

const minuteMs = 60_000

/** Whether the shop wants a copy of an entry. */
export function isCopied({ withAnswers, withFeedback }: MailCopies, { kind, authorKind }: MessageRow): boolean {
  if (kind === 'feedback') return withFeedback
  return kind === 'text' && (authorKind === 'visitor' || (authorKind === 'agent' && withAnswers))
}

/** Has a message copied to the shop's addresses: at once, or with all that comes within the next minutes. */
export async function copyMessage(tx: Tx, { message, conversation }: Added): Promise<void> {
  const copies = await copiesOf(conversation.siteId, tx)
  if (!copies || !isCopied(copies, message)) return
  const { conversationId, seq } = message
  const mark = await markOf(tx, conversationId)
  if (copies.digestMinutes !== null) {
    const digest: DigestOf = { conversationId, from: seq, since: mark.copiedSeq }
    const when = { afterMs: copies.digestMinutes * minuteMs }
    return enqueue(tx, digestJob, digest, `${conversationId}:${mark.copiedSeq}`, when)
  }
  // Of a digest that was to come before the shop wanted each message: what it waited for goes out now.
  const digest = await awaited<DigestOf>(tx, digestJob, `${conversationId}:${mark.copiedSeq}`)
  const root = mark.copiedRoot ?? seq
  if (mark.copiedRoot === null || digest)
    await keepMark(tx, conversationId, { copiedRoot: root, ...(digest && { copiedSeq: seq }) })
  await enqueueCopies(tx, copies, { conversationId, from: digest?.from ?? seq, to: seq, root })
}

/** One digest to come: of what was written from `from` on. `since` is the mark as it was. */
export type DigestOf = { conversationId: string; from: number; since: number }

/** A mail for each of the addresses, in its order among those about the same conversation. */
export async function enqueueCopies(tx: Tx, { addresses }: MailCopies, mail: Omit<MailOf, 'address'>): Promise<void> {
  const { conversationId, to } = mail
  for (const address of addresses) {
    const whose = `${conversationId}:${foldEmail(address)}`
    await enqueue(tx, copyJob, { ...mail, address }, `${to}:${whose}`, { lane: `${copyJob}:${whose}`, place: to })
  }
}
