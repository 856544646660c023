import { asc, eq, inArray } from 'drizzle-orm'
import type { Tx } from '../../platform/db/executor.ts'
import { lockingRows } from '../../platform/db/lock-rows.ts'
import { type ZoneRow, zones } from './schema.ts'

/** A zone for a change, by the shop's own name for it, also one that is gone; null when there is none. */
export async function zoneToChange(tx: Tx, by: { externalId: string } | { id: string }): Promise<ZoneRow | null> {
  const which = 'id' in by ? eq(zones.id, by.id) : eq(zones.externalId, by.externalId)
  const [zone] = await lockingRows(tx.select().from(zones).where(which))
  return zone ?? null
}

/**
 * Zones in which an address is about to lie, by the shop's own names for them. Locked, so that none of them goes before the
 * address is there. Those that are gone are not in it.
 */
export async function zonesByName(tx: Tx, names: readonly string[]): Promise<Map<string, ZoneRow>> {
  if (names.length === 0) return new Map()
  const found = await lockingRows(
    tx
      .select()
      .from(zones)
      .where(inArray(zones.externalId, [...new Set(names)]))
      .orderBy(asc(zones.id)),
  )
  return new Map(found.filter((zone) => zone.removedAt === null).map((zone) => [zone.externalId ?? '', zone]))
}

/** All zones that there are, for a change of their order. */
export const zonesToArrange = (tx: Tx): Promise<ZoneRow[]> =>
  Promise.resolve(lockingRows(tx.select().from(zones).orderBy(asc(zones.position), asc(zones.id))))
