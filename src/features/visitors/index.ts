import type { Tx } from '../../platform/db/executor.ts'
import { afterCommit } from '../../platform/db/write.ts'
import { now } from '../../platform/lib/clock.ts'
import { visitors } from './schema.ts'
import { noVisit } from './visit.ts'
import type { VisitorActor } from './visitor-token.ts'
import { nowKnown, visitNow } from './who-is-here.ts'

export { blockVisitor } from './block-visitor.ts'
export { type ContactCard, contactsOf } from './contacts-of.ts'
export { type Browser, browserOf } from './browser-of.ts'
export { editPerson } from './edit-person.ts'
export { factsOf, type VisitorFacts, visitorsOfContact } from './facts-of.ts'
export { importVisitors, type ImportedVisitor, sitesOfVisitors } from './import-visitors.ts'
export { introduceVisitor } from './introduce-visitor.ts'
export { knowVisitor } from './know-visitor.ts'
export { type AtTheDoor, atTheDoor, standingOf } from './standing.ts'
export { type Attributes, type Visit } from './visit.ts'
export { keepFurtherToken } from './keep-further-token.ts'
export { furtherVisitorToken, issueVisitorToken, readVisitorToken, type VisitorActor } from './visitor-token.ts'
export { browsersToChange } from './visitors-to-change.ts'
export { tellOfContact } from './tell-of-contact.ts'
export { zoneOfVisitor } from './zone-of-visitor.ts'
export { joinContact, leaveContact, linkOf, whoToChange } from './join-contact.ts'
export { partFromContact } from './part-from-contact.ts'
export {
  arrive,
  depart,
  heardOverHttp,
  nowKnown,
  tellOfVisit,
  visitNow,
  visitorsOnline,
  whereNow,
} from './who-is-here.ts'

/** Keeps a visitor from now on, with the first message, and what their browser says of itself. Says nothing when they are known. */
export async function keepVisitor(tx: Tx, { visitorId, siteId, tokenHash }: VisitorActor): Promise<void> {
  const { attributes: _, ...told } = visitNow(visitorId) ?? noVisit
  await tx
    .insert(visitors)
    .values({ id: visitorId, siteId, tokenHash, createdAt: now(), ...told })
    .onConflictDoNothing()
  afterCommit(tx, () => nowKnown(visitorId))
}
