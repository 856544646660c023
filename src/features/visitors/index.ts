import type { Tx } from '../../platform/db/executor.ts'
import { now } from '../../platform/lib/clock.ts'
import { visitors } from './schema.ts'
import type { VisitorActor } from './visitor-token.ts'

export { type ContactCard, contactsOf } from './contacts-of.ts'
export { introduceVisitor } from './introduce-visitor.ts'
export { knowVisitor } from './know-visitor.ts'
export { type AtTheDoor, atTheDoor, standingOf } from './standing.ts'
export { issueVisitorToken, readVisitorToken, type VisitorActor } from './visitor-token.ts'

/** Keeps a visitor from now on, with the first message. Says nothing when they are known. */
export async function keepVisitor(tx: Tx, { visitorId, siteId, tokenHash }: VisitorActor): Promise<void> {
  await tx.insert(visitors).values({ id: visitorId, siteId, tokenHash, createdAt: now() }).onConflictDoNothing()
}
