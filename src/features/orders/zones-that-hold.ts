import { inArray, sql } from 'drizzle-orm'
import type { Executor } from '../../platform/db/executor.ts'
import { contactAddresses, contacts } from '../contacts/index.ts'
import { zones } from '../zones/index.ts'
import { orders } from './schema.ts'

// Names are written out: in what it selects the builder leaves out whose column it is.
const addressOfLastOrder = sql`(
  select there.id from ${contactAddresses} there where there.removed_at is null and there.id = (
    select placed.address_id from ${orders} placed where placed.contact_id = contacts.id and placed.removed_at is null
    order by placed.placed_at desc, placed.id desc limit 1))`
const mainAddress = sql`(
  select main.id from ${contactAddresses} main where main.contact_id = contacts.id and main.removed_at is null
  order by main.main desc, main.created_at, main.id limit 1)`
const zoneThatHolds = sql<string | null>`(
  select zone.id from ${contactAddresses} address join ${zones} zone on zone.id = address.zone_id and zone.removed_at is null
  where address.id = coalesce(${addressOfLastOrder}, ${mainAddress}))`

/**
 * In which zone each of these contacts lives: that of the address of their last order while it is theirs, else of their main
 * one, else of the first; null where that lies in none, or in one that is gone. What `addressOf` answers, for many.
 */
export async function zonesThatHold(ids: readonly string[], executor: Executor): Promise<Map<string, string | null>> {
  const found = await executor
    .select({ id: contacts.id, zoneId: zoneThatHolds })
    .from(contacts)
    .where(inArray(contacts.id, [...ids]))
  return new Map(found.map(({ id, zoneId }) => [id, zoneId]))
}
