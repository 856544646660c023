import { asc, eq, isNull } from 'drizzle-orm'
import type { Executor } from '../../platform/db/executor.ts'
import { db } from '../../platform/db/open.ts'
import { isId } from '../../platform/lib/id.ts'
import { type ZoneRow, zones } from './schema.ts'

/** Every zone that there is, in the shop's own order. There are some dozens at most. */
export const listZones = async (executor: Executor = db): Promise<ZoneRow[]> =>
  executor.select().from(zones).where(isNull(zones.removedAt)).orderBy(asc(zones.position), asc(zones.id))

/** The zone with this id; null when there is none, or it is gone. */
export async function findZone(id: string | null, executor: Executor = db): Promise<ZoneRow | null> {
  if (!isId(id)) return null
  const [zone] = await executor.select().from(zones).where(eq(zones.id, id))
  return zone && zone.removedAt === null ? zone : null
}
