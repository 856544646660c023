import { eq } from 'drizzle-orm'
import { lockingRows } from '../../platform/db/lock-rows.ts'
import { writeLocking } from '../../platform/db/write.ts'
import { record } from '../../platform/live/bus.ts'
import { now } from '../../platform/lib/clock.ts'
import { refuse } from '../../platform/lib/refuse.ts'
import './events.ts'
import { visitors } from './schema.ts'
import { standingOf } from './standing.ts'

/** Takes nothing more from a visitor, or takes it again. Who stands as wanted already stays so. Refuses `not_found`. */
export async function blockVisitor(visitorId: string, blocked: boolean): Promise<void> {
  await writeLocking(async (tx) => {
    const found = tx.select({ blockedAt: visitors.blockedAt }).from(visitors).where(eq(visitors.id, visitorId))
    const [visitor] = await lockingRows(found)
    if (!visitor) throw refuse('not_found')
    if ((visitor.blockedAt !== null) === blocked) return
    await tx
      .update(visitors)
      .set({ blockedAt: blocked ? now() : null })
      .where(eq(visitors.id, visitorId))
    await record(tx, 'visitor.standing', { visitorId, standing: await standingOf(visitorId, tx) })
  })
}
