import type { Whereabouts } from '../../../views/console/where.tsx'
import type { ConversationRow } from '../conversations/index.ts'
import { findSite } from '../sites/index.ts'
import { visitorsOnline, whereNow } from '../visitors/index.ts'

/** Whether the visitor of a conversation is there now, and on which page of which site. */
export async function whereOf({ siteId, visitorId }: ConversationRow): Promise<Whereabouts> {
  const site = await findSite(siteId)
  return {
    siteName: site?.name ?? '',
    online: visitorsOnline([visitorId]).has(visitorId),
    page: whereNow(visitorId)?.page ?? null,
  }
}
