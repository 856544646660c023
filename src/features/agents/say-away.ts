import { and, eq, isNotNull, isNull } from 'drizzle-orm'
import { db } from '../../platform/db/open.ts'
import { write } from '../../platform/db/write.ts'
import { now } from '../../platform/lib/clock.ts'
import { record } from '../../platform/live/bus.ts'
import './events.ts'
import { agents } from './schema.ts'

/**
 * Says that an agent is away, or there again; kept until they say otherwise, whatever windows close and open. Who is away
 * already stays away since then.
 */
export const sayAway = (agentId: string, away: boolean): Promise<void> =>
  write(async (tx) => {
    const otherwise = away ? isNull(agents.awaySince) : isNotNull(agents.awaySince)
    const changed = await tx
      .update(agents)
      .set({ awaySince: away ? now() : null })
      .where(and(eq(agents.id, agentId), otherwise))
      .returning({ awaySince: agents.awaySince })
    for (const { awaySince } of changed) await record(tx, 'agent.presence', { agentId, awaySince })
  })

/** Since when an agent is away; null while they are not. */
export async function awaySince(agentId: string): Promise<number | null> {
  const [agent] = await db.select({ awaySince: agents.awaySince }).from(agents).where(eq(agents.id, agentId))
  return agent?.awaySince ?? null
}
