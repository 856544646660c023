import { db } from '../../platform/db/open.ts'
import { writeLocking } from '../../platform/db/write.ts'
import { contactsWithAddressIn } from '../contacts/index.ts'
import { atOnce, settleZones, type ToSettle } from './settle-zones.ts'

/** Works out anew where everybody lives who has an address in a zone. Begun again, it finds most of it done. */
export async function settlePeople({ zoneId }: ToSettle, { signal }: { signal: AbortSignal }): Promise<void> {
  const ids = (await contactsWithAddressIn(zoneId, db)).toSorted()
  for (let at = 0; at < ids.length; at += atOnce) {
    signal.throwIfAborted()
    await writeLocking((tx) => settleZones(tx, ids.slice(at, at + atOnce)))
  }
}
