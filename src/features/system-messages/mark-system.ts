import { eq } from 'drizzle-orm'
import type { Tx } from '../../platform/db/executor.ts'
import { write } from '../../platform/db/write.ts'
import { record } from '../../platform/live/bus.ts'
import './events.ts'
import { firstMoment } from './list-system.ts'
import { systemMessageMarks } from './schema.ts'

type Mark = { readAt: number; hidden: boolean }

/** How far an agent's mark was moved: undoing goes back from `to` to `from`. */
export type MovedMark = { from: number; to: number }

/** Raises how far an agent has read the system's messages; null where they had read as far. */
export const readSystem = (agentId: string, upTo: number): Promise<MovedMark | null> =>
  change(agentId, ({ readAt }) => (Number.isSafeInteger(upTo) && upTo > readAt ? { readAt: upTo } : null)).then(
    ({ before, after }) => (after === null ? null : { from: before.readAt, to: after.readAt }),
  )

/** Puts a mark back that was moved. One that was moved again since stays where it is. Returns whether it was put back. */
export const unreadSystem = (agentId: string, { from, to }: MovedMark): Promise<boolean> =>
  change(agentId, ({ readAt }) => (readAt === to && from < to ? { readAt: from } : null)).then(
    ({ after }) => after !== null,
  )

/** Leaves the system's messages out of an agent's lists, or brings them back. */
export const hideSystem = (agentId: string, hidden: boolean): Promise<boolean> =>
  change(agentId, (mark) => (mark.hidden === hidden ? null : { hidden })).then(({ after }) => after !== null)

/** One mark of an agent, changed as `decide` says of what it is; null: it stays. */
function change(agentId: string, decide: (mark: Mark) => Partial<Mark> | null) {
  return write(async (tx) => {
    const before = await markIn(tx, agentId)
    const wanted = decide(before)
    if (wanted === null) return { before, after: null }
    const after = { ...before, ...wanted }
    await tx
      .insert(systemMessageMarks)
      .values({ agentId, ...after })
      .onConflictDoUpdate({ target: systemMessageMarks.agentId, set: after })
    await record(tx, 'system.marked', { agentId })
    return { before, after }
  })
}

async function markIn(tx: Tx, agentId: string): Promise<Mark> {
  const [mark] = await tx.select().from(systemMessageMarks).where(eq(systemMessageMarks.agentId, agentId))
  return { readAt: mark?.readAt ?? firstMoment(agentId), hidden: mark?.hidden ?? false }
}
