import { inArray } from 'drizzle-orm'
import { write } from '../../platform/db/write.ts'
import { now } from '../../platform/lib/clock.ts'
import { record } from '../../platform/live/bus.ts'
import './events.ts'
import { systemMessages } from './schema.ts'

/** Says of what was told under these keys that it is over. Told again, it is told anew. Returns of how many that was so. */
export const endTold = (keys: readonly string[]): Promise<number> =>
  write(async (tx) => {
    const ended = await tx
      .update(systemMessages)
      .set({ overAt: now(), key: null })
      .where(inArray(systemMessages.key, [...keys]))
      .returning({ id: systemMessages.id })
    if (ended.length > 0) await record(tx, 'system.over', { ids: ended.map(({ id }) => id) })
    return ended.length
  })
