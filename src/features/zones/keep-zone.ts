import { eq, max } from 'drizzle-orm'
import { zoneColours } from '../../../views/ui/zone-colours.ts'
import { FieldsInvalid } from '../../platform/http/api-problem.ts'
import type { Tx } from '../../platform/db/executor.ts'
import { record } from '../../platform/live/bus.ts'
import { now } from '../../platform/lib/clock.ts'
import { newId } from '../../platform/lib/id.ts'
import './events.ts'
import type { ZoneChange } from './read-zone.ts'
import { type ZoneRow, zones } from './schema.ts'

/** Adds a zone as part of another change: last, and in a colour that its neighbour does not have. */
export async function keepZone(
  tx: Tx,
  { name, ...told }: ZoneChange & { name: string; externalId?: string | null },
): Promise<ZoneRow> {
  const [last] = await tx.select({ position: max(zones.position) }).from(zones)
  const position = last?.position === null || last === undefined ? 0 : Number(last.position) + 1
  const at = now()
  const zone: ZoneRow = {
    ...{ id: newId(), externalId: null, name, districts: [], days: [], position, minimumMinor: null, currency: null },
    ...{ colour: zoneColours[(position + 4) % zoneColours.length] as string, note: null },
    ...{ ...told, createdAt: at, changedAt: at, removedAt: null },
  }
  mustHaveBoth(zone)
  await tx.insert(zones).values(zone)
  await record(tx, 'zone.changed', { zoneId: zone.id })
  return zone
}

/** Changes a zone that was read for that, as part of another change. What is as wanted stays, and nothing is told. */
export async function changeZone(
  tx: Tx,
  before: ZoneRow,
  change: ZoneChange & { externalId?: string | null; removedAt?: number | null },
): Promise<ZoneRow> {
  const after: ZoneRow = { ...before, ...change }
  if (Bun.deepEquals(after, before)) return before
  mustHaveBoth(after)
  const changedAt = now()
  await tx
    .update(zones)
    .set({ ...change, changedAt })
    .where(eq(zones.id, before.id))
  await record(tx, 'zone.changed', { zoneId: before.id })
  return { ...after, changedAt }
}

/** A least sum is a number and its currency. Refuses `fields_invalid` at the one that is missing. */
function mustHaveBoth({ minimumMinor, currency }: ZoneRow): void {
  if ((minimumMinor === null) === (currency === null)) return
  throw new FieldsInvalid([{ pointer: minimumMinor === null ? '/minimumMinor' : '/currency', code: 'missing' }])
}
