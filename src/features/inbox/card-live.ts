import { on } from '../../platform/live/bus.ts'
import { poke } from '../../platform/live/hub.ts'

/** What a console watches while it has a conversation of this visitor open. */
export const consolesAbout = (visitorId: string): string => `about:${visitorId}`

/** Tells consoles what has changed of somebody: cards and heads ask for themselves again, and lists where they show it. */
export function pushCards(listChanged: () => void): void {
  on('visitor.presence', ({ visitorId, known, moved }) => {
    whoChanged(visitorId)
    // Lists show those who have written, and whether they are there.
    if (known && !moved) listChanged()
  })
  on('visitor.known', ({ visitorId }) => {
    whoChanged(visitorId)
    listChanged()
  })
  on('visitor.standing', ({ visitorId }) => cardChanged(visitorId))
  // What the shop's programs and colleagues tell of a client shows in every card that is open on one of their browsers.
  for (const change of ['order.changed', 'containers.changed'] as const)
    on(change, ({ visitorIds }) => visitorIds.forEach(cardChanged))
  on('contact.changed', ({ visitorIds }) => {
    visitorIds.forEach(whoChanged)
    if (visitorIds.length > 0) listChanged()
  })
  on('notes.changed', ({ visitorIds }) => visitorIds.forEach(cardChanged))
}

function whoChanged(visitorId: string): void {
  poke(consolesAbout(visitorId), 'conversation-changed')
  cardChanged(visitorId)
}

const cardChanged = (visitorId: string) => poke(consolesAbout(visitorId), 'card-changed')
