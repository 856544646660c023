import { eq, sql } from 'drizzle-orm'
import type { Executor } from '../../platform/db/executor.ts'
import { db } from '../../platform/db/open.ts'
import { prepared } from '../../platform/db/prepared.ts'
import { contacts } from '../contacts/index.ts'
import { visitors } from './schema.ts'

/** How a visitor stands with the shop: whether it has said who this is, takes nothing from them, has their address. */
export type Standing = { verified: boolean; blocked: boolean; email: string | null }

const byVisitor = prepared((x) =>
  x
    .select({ verifiedAt: visitors.verifiedAt, blockedAt: visitors.blockedAt, email: contacts.email })
    .from(visitors)
    .leftJoin(contacts, eq(contacts.id, visitors.contactId))
    .where(eq(visitors.id, sql.placeholder('visitorId')))
    .prepare(),
)

/** How a visitor stands, as `executor` sees it. Who has not written yet is nobody in particular. */
export async function standingOf(visitorId: string, executor: Executor = db): Promise<Standing> {
  const [visitor] = await byVisitor(executor).execute({ visitorId })
  if (!visitor) return { verified: false, blocked: false, email: null }
  const { verifiedAt, blockedAt, email } = visitor
  return { verified: verifiedAt !== null, blocked: blockedAt !== null, email }
}
