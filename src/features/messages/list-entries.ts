import { and, asc, desc, eq, gt, inArray, lt, ne } from 'drizzle-orm'
import { boundCount, boundText, fixedLimit } from '../../platform/db/bound.ts'
import { db } from '../../platform/db/open.ts'
import { prepared } from '../../platform/db/prepared.ts'
import { findConversation, type MessageRow, messages } from '../conversations/index.ts'

/** One side of a log alone: what the visitor said, what the house said, or what was done. */
export type EntriesOf = 'visitor' | 'agent' | 'actions'

/** Entries as agents see them, in the order of the log: those after a seq, or the last ones before it; `of` one side alone. */
export async function listEntries(
  conversationId: string,
  { after, before, limit, of = null }: { after?: number; before?: number; limit: number; of?: EntriesOf | null },
): Promise<MessageRow[]> {
  const inLog = and(eq(messages.conversationId, conversationId), of === null ? undefined : sideOf(of))
  const query = db.select().from(messages)
  if (after !== undefined)
    return query
      .where(and(inLog, gt(messages.seq, after)))
      .orderBy(asc(messages.seq))
      .limit(limit)
  const upTo = before === undefined ? inLog : and(inLog, lt(messages.seq, before))
  return (await query.where(upTo).orderBy(desc(messages.seq)).limit(limit)).reverse()
}

function sideOf(of: EntriesOf) {
  if (of === 'actions') return eq(messages.kind, 'event')
  return and(
    inArray(messages.authorKind, of === 'visitor' ? ['visitor'] : ['agent', 'system']),
    ne(messages.kind, 'event'),
  )
}

/** Most entries of a page that goes to a visitor, and its most bytes (of bodies and forms, and a little for the rest). */
export const pageItems = 200
export const pageBytes = 128 * 1024
const bytesAround = 300

const publicAfter = prepared((x) =>
  x
    .select()
    .from(messages)
    .where(
      and(
        eq(messages.conversationId, boundText('conversationId')),
        gt(messages.seq, boundCount('since')),
        eq(messages.public, true),
      ),
    )
    .orderBy(asc(messages.seq))
    .limit(fixedLimit(pageItems + 1))
    .prepare(),
)

/**
 * What a visitor may see after `since`. `to` is as far as the page speaks: nothing visible lies between `from` and `to`
 * but its items. The conversation is read before its entries: an entry that is committed in between must be in the page
 * or beyond its end, never passed over.
 */
export async function publicPage(
  conversationId: string,
  since: number,
): Promise<{ from: number; to: number; items: MessageRow[]; more: boolean }> {
  const lastSeq = (await findConversation(conversationId))?.lastSeq ?? 0
  const found = await publicAfter(db).execute({ conversationId, since })
  const items: MessageRow[] = []
  let bytes = 0
  for (const item of found.slice(0, pageItems)) {
    bytes += bytesOf(item.body) + bytesOf(item.data?.form ?? '') + bytesAround
    if (items.length > 0 && bytes > pageBytes) break
    items.push(item)
  }
  const more = items.length < found.length
  const lastItem = items.at(-1)?.seq ?? since
  return { from: since, to: more ? lastItem : Math.max(since, lastSeq, lastItem), items, more }
}

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value))
