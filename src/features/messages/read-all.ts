import { and, eq, inArray, sql } from 'drizzle-orm'
import { writeLocking } from '../../platform/db/write.ts'
import { record } from '../../platform/live/bus.ts'
import { now } from '../../platform/lib/clock.ts'
import { newId } from '../../platform/lib/id.ts'
import { refuse } from '../../platform/lib/refuse.ts'
import {
  type AgentActor,
  type Among,
  conversationsToChange,
  everything,
  type FolderCursor,
  waysInto,
} from '../conversations/index.ts'
import './events.ts'
import { reads } from './schema.ts'
import { lookThrough, type UnreadFolder } from './unread-query.ts'

// Far more than a list shows, and well below what one query may name.
const mostAtOnce = 500

/**
 * Raises the agent's marks to the end of each of these conversations, all of them or none, and returns how many that
 * changes. `raisedBy` is what it can be undone by. Refuses `bad_request` for more than `mostAtOnce`, and
 * `conversation_unknown` if one of them is.
 */
export async function readAll(
  { agentId }: AgentActor,
  conversationIds: readonly string[],
  raisedBy: string = newId(),
): Promise<number> {
  if (conversationIds.length > mostAtOnce) throw refuse('bad_request')
  if (conversationIds.length === 0) return 0
  const reader = { readerKind: 'agent', readerId: agentId } as const
  return writeLocking(async (tx) => {
    const conversations = await conversationsToChange(tx, conversationIds)
    const ids = conversations.map(({ id }) => id)
    const known = await tx
      .select({ id: reads.conversationId, seq: reads.seq })
      .from(reads)
      .where(and(inArray(reads.conversationId, ids), eq(reads.readerKind, 'agent'), eq(reads.readerId, agentId)))
    const marks = new Map(known.map(({ id, seq }) => [id, seq]))
    const unread = conversations.filter(({ id, lastSeq }) => lastSeq > (marks.get(id) ?? 0))
    if (unread.length === 0) return 0
    const raised = { ...reader, raisedBy, at: now() }
    await tx
      .insert(reads)
      .values(
        unread.map(({ id, lastSeq }) => ({
          ...raised,
          conversationId: id,
          seq: lastSeq,
          raisedFrom: marks.get(id) ?? null,
        })),
      )
      .onConflictDoUpdate({
        target: [reads.conversationId, reads.readerKind, reads.readerId],
        set: {
          seq: sql`excluded.seq`,
          at: sql`excluded.at`,
          raisedBy: sql`excluded.raised_by`,
          raisedFrom: sql`excluded.raised_from`,
        },
      })
    for (const { id, siteId, visitorId, lastSeq } of unread)
      await record(tx, 'read.marked', { conversationId: id, siteId, visitorId, ...reader, seq: lastSeq })
    return unread.length
  })
}

/**
 * Reads all that is unread of what is meant in a folder, however much that is: a write for every few hundred, so that others
 * have their turn in between. Returns what it can be undone by, and how many conversations it was.
 */
export async function readFolder(
  agent: AgentActor,
  folder: UnreadFolder,
  among: Among = everything,
): Promise<{ raisedBy: string; conversations: number }> {
  const raisedBy = newId()
  let conversations = 0
  for (const way of waysInto(folder, agent.agentId, among)) {
    let after: FolderCursor | null = null
    do {
      const { unread, next } = await lookThrough(agent.agentId, folder, { way, after, limit: mostAtOnce })
      const ids = unread.map(({ id }) => id)
      conversations += await readAll(agent, ids, raisedBy)
      after = next
    } while (after !== null)
  }
  return { raisedBy, conversations }
}
