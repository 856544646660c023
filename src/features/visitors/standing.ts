import { eq } from 'drizzle-orm'
import type { Executor, Tx } from '../../platform/db/executor.ts'
import { boundText } from '../../platform/db/bound.ts'
import { db } from '../../platform/db/open.ts'
import { prepared } from '../../platform/db/prepared.ts'
import { refuse } from '../../platform/lib/refuse.ts'
import { contacts } from '../contacts/index.ts'
import { type SiteRow, sites } from '../sites/index.ts'
import { visitors } from './schema.ts'
import type { VisitorActor } from './visitor-token.ts'

/** How a visitor stands with the shop: whether it has said who this is, takes nothing from them, has their address. */
export type Standing = { verified: boolean; blocked: boolean; email: string | null }

const byVisitor = prepared((x) =>
  x
    .select({ verifiedAt: visitors.verifiedAt, blockedAt: visitors.blockedAt, email: contacts.email })
    .from(visitors)
    .leftJoin(contacts, eq(contacts.id, visitors.contactId))
    .where(eq(visitors.id, boundText('visitorId')))
    .prepare(),
)

/** What every message of a visitor is let in by. */
export type AtTheDoor = Pick<SiteRow, 'chatEnabled' | 'audience' | 'greeting'> & Omit<Standing, 'email'>

// Of a site only what is needed: this is asked for every message, and each column costs.
const atSite = prepared((x) =>
  x
    .select({
      chatEnabled: sites.chatEnabled,
      audience: sites.audience,
      greeting: sites.greeting,
      deactivatedAt: sites.deactivatedAt,
      verifiedAt: visitors.verifiedAt,
      blockedAt: visitors.blockedAt,
    })
    .from(sites)
    .leftJoin(visitors, eq(visitors.id, boundText('visitorId')))
    .where(eq(sites.id, boundText('siteId')))
    .prepare(),
)

/** How a visitor who writes stands at the door of their site. Refuses `site_unknown` and `site_inactive`. */
export async function atTheDoor({ siteId, visitorId }: VisitorActor, tx: Tx): Promise<AtTheDoor> {
  const [found] = await atSite(tx).execute({ siteId, visitorId })
  if (!found) throw refuse('site_unknown')
  const { verifiedAt, blockedAt, deactivatedAt, ...site } = found
  if (deactivatedAt !== null) throw refuse('site_inactive')
  return { ...site, verified: verifiedAt !== null, blocked: blockedAt !== null }
}

/** How a visitor stands, as `executor` sees it. Who has not written yet is nobody in particular. */
export async function standingOf(visitorId: string, executor: Executor = db): Promise<Standing> {
  const [visitor] = await byVisitor(executor).execute({ visitorId })
  if (!visitor) return { verified: false, blocked: false, email: null }
  const { verifiedAt, blockedAt, email } = visitor
  return { verified: verifiedAt !== null, blocked: blockedAt !== null, email }
}
