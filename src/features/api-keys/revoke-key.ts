import { eq } from 'drizzle-orm'
import { lockingRows } from '../../platform/db/lock-rows.ts'
import { writeLocking } from '../../platform/db/write.ts'
import { now } from '../../platform/lib/clock.ts'
import { isId } from '../../platform/lib/id.ts'
import { refuse } from '../../platform/lib/refuse.ts'
import { logChange } from '../settings/index.ts'
import { apiKeys } from './schema.ts'

// Undone at once by whoever pressed the wrong one; a key that was given up stays so.
const undoWithinMs = 60_000

/** Lets nothing in with this key any more; or again, within a minute. Refuses `not_found`. */
export async function revokeKey(agent: { agentId: string }, id: string, revoked: boolean): Promise<void> {
  if (!isId(id)) throw refuse('not_found')
  await writeLocking(async (tx) => {
    const [key] = await lockingRows(tx.select().from(apiKeys).where(eq(apiKeys.id, id)))
    if (!key) throw refuse('not_found')
    if ((key.revokedAt !== null) === revoked) return
    if (key.revokedAt !== null && now() - key.revokedAt > undoWithinMs) throw refuse('not_found')
    await tx
      .update(apiKeys)
      .set({ revokedAt: revoked ? now() : null })
      .where(eq(apiKeys.id, id))
    const kind = revoked ? 'removed' : 'restored'
    await logChange(tx, { page: 'installation', kind, subjectId: id, subject: key.name, agentId: agent.agentId })
  })
}
