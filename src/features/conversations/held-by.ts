import { and, eq, sql } from 'drizzle-orm'
import { boundText, fixedLimit } from '../../platform/db/bound.ts'
import { db } from '../../platform/db/open.ts'
import { prepared } from '../../platform/db/prepared.ts'
import { type ConversationRow, conversations } from './schema.ts'

/** Far more than anybody answers at once. */
const most = 1000

const held = prepared((x) =>
  x
    .select({ zoneId: conversations.zoneId, siteId: conversations.siteId })
    .from(conversations)
    .where(and(sql`${conversations.state} = 'active'`, eq(conversations.agentId, boundText('agentId'))))
    .limit(fixedLimit(most))
    .prepare(),
)

/** Where the conversations belong that an agent holds, to be counted by whatever is asked of them; null: they are too many. */
export async function heldBy(agentId: string): Promise<Pick<ConversationRow, 'zoneId' | 'siteId'>[] | null> {
  const rows = await held(db).execute({ agentId })
  return rows.length < most ? rows : null
}
