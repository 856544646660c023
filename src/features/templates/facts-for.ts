import type { Facts } from '../../../views/templates/placeholders.ts'
import { owedBy, owedInAll } from '../containers/index.ts'
import type { ConversationRow } from '../conversations/index.ts'
import { lastOrderOf } from '../orders/index.ts'
import { findSite } from '../sites/index.ts'
import { contactsOf } from '../visitors/index.ts'
import { findZone } from '../zones/index.ts'

/** What the placeholders of a template stand for in this conversation, in the hands of this agent. */
export async function factsFor(
  { visitorId, siteId, zoneId }: ConversationRow,
  agent: { name: string },
): Promise<Facts> {
  const [contacts, site, zone] = await Promise.all([contactsOf([visitorId]), findSite(siteId), findZone(zoneId)])
  const own = { 'agent.name': agent.name, 'site.name': site?.name ?? null, 'zone.name': zone?.name ?? null }
  const contact = contacts.get(visitorId)
  if (!contact) return own
  const [order, owed] = await Promise.all([lastOrderOf(contact.id), owedBy(contact.id)])
  return {
    ...own,
    'contact.name': contact.name,
    'order.number': order?.number ?? null,
    'order.status': order?.status ?? null,
    // Who gave back more than they got owes nothing.
    'containers.owed': `${Math.max(0, owedInAll(owed))}`,
  }
}
