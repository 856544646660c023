import type { Tx } from '../../platform/db/executor.ts'
import { enqueue } from '../../platform/jobs/outbox.ts'
import { contactsToChange, contactsWithAddressIn, placeContacts } from '../contacts/index.ts'
import { placeConversations } from '../conversations/index.ts'
import { zonesThatHold } from '../orders/index.ts'
import { browsersToChange, zoneOfVisitor } from '../visitors/index.ts'

/** As many as one write goes through. */
export const atOnce = 500

/**
 * The one place where it is worked out in which zone contacts live, and where that is written down: at the contact, and at
 * every conversation of theirs. Part of every change of addresses, orders and zones. Answers who has moved.
 */
export async function settleZones(tx: Tx, contactIds: readonly string[]): Promise<string[]> {
  const moved: string[] = []
  const ids = [...new Set(contactIds)].toSorted()
  for (let at = 0; at < ids.length; at += atOnce) {
    const before = await contactsToChange(tx, ids.slice(at, at + atOnce))
    const holding = await zonesThatHold(ids.slice(at, at + atOnce), tx)
    const movers = before.filter(({ id, zoneId }) => (holding.get(id) ?? null) !== zoneId).map(({ id }) => id)
    for (const [zoneId, those] of Map.groupBy(movers, (id) => holding.get(id) ?? null)) await move(tx, those, zoneId)
    moved.push(...movers)
  }
  return moved
}

async function move(tx: Tx, contactIds: string[], zoneId: string | null): Promise<void> {
  await placeContacts(tx, contactIds, zoneId)
  const browsers = await browsersToChange(tx, contactIds)
  for (let at = 0; at < browsers.length; at += atOnce)
    await placeConversations(tx, browsers.slice(at, at + atOnce), zoneId)
}

/** The same of a browser that has become somebody's, or nobody's. The contact is locked. */
export async function settleVisitor(tx: Tx, visitorId: string): Promise<void> {
  await placeConversations(tx, [visitorId], await zoneOfVisitor(tx, visitorId))
}

/** What goes on after a write where that would take too long for everybody else. */
export const settleJob = 'clients.settle'
export type ToSettle = { zoneId: string }

/**
 * The same of everybody who has an address in a zone that is gone, or is back: at once where they are few. Many are gone
 * through afterwards, a few hundred to a write, so that nobody who writes meanwhile waits for all of them.
 */
export async function settlePeopleOf(tx: Tx, zoneId: string): Promise<void> {
  const ids = await contactsWithAddressIn(zoneId, tx)
  if (ids.length <= atOnce) await settleZones(tx, ids)
  else await enqueue(tx, settleJob, { zoneId } satisfies ToSettle)
}
