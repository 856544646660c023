import { desc } from 'drizzle-orm'
import type { Tx } from '../../platform/db/executor.ts'
import { write } from '../../platform/db/write.ts'
import { now } from '../../platform/lib/clock.ts'
import { newId } from '../../platform/lib/id.ts'
import { record } from '../../platform/live/bus.ts'
import { checkTold, type Told } from './check-told.ts'
import './events.ts'
import { isTold } from './is-told.ts'
import { type SystemMessage, systemMessages } from './schema.ts'

/**
 * Tells all agents something that is no client's: a row of its own in their lists. What bears a `key` is told once until it is
 * over; null: it was told already. Refuses what `checkTold` does.
 */
export const tellAgents = (told: Told): Promise<SystemMessage | null> => write((tx) => tellAgentsInside(tx, told))

/** As `tellAgents`, as part of another change. */
export async function tellAgentsInside(tx: Tx, told: Told): Promise<SystemMessage | null> {
  const checked = checkTold(told)
  if (checked.key !== null && (await isTold(checked.key, tx))) return null
  const message: SystemMessage = { ...checked, id: newId(), createdAt: await nextMoment(tx), overAt: null }
  await tx.insert(systemMessages).values(message)
  await record(tx, 'system.told', { message })
  return message
}

/** No two at one moment, and none before another: how far somebody has read is one moment. */
async function nextMoment(tx: Tx): Promise<number> {
  const [last] = await tx
    .select({ at: systemMessages.createdAt })
    .from(systemMessages)
    .orderBy(desc(systemMessages.createdAt), desc(systemMessages.id))
    .limit(1)
  return Math.max(now(), (last?.at ?? 0) + 1)
}
