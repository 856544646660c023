import { writeLocking } from '../../platform/db/write.ts'
import { conversationToChange } from '../conversations/index.ts'
import { copiesOf } from '../sites/index.ts'
import { type DigestOf, enqueueCopies } from './copy-messages.ts'
import { keepMark, markOf } from './marks.ts'

/** The minutes are over: one mail, to each address, of all that was written since. */
export async function gatherDigest({ conversationId, from, since }: DigestOf): Promise<void> {
  await writeLocking(async (tx) => {
    const { siteId, lastSeq } = await conversationToChange(tx, conversationId)
    const mark = await markOf(tx, conversationId)
    // Done before, by a process that died before it could say so.
    if (mark.copiedSeq !== since) return
    const copies = await copiesOf(siteId, tx)
    const root = mark.copiedRoot ?? lastSeq
    await keepMark(tx, conversationId, { copiedSeq: lastSeq, ...(copies && { copiedRoot: root }) })
    if (copies) await enqueueCopies(tx, copies, { conversationId, from, to: lastSeq, root })
  })
}
