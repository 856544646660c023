import { on } from '../../platform/live/bus.ts'
import { closeWatchers, pushFrame } from '../../platform/live/hub.ts'
import { onPresence } from '../../platform/live/presence.ts'
import { listSites, type SiteRow } from '../sites/index.ts'
import './events.ts'
import { availability, entryFrame, siteFrame } from './frames.ts'

// Presence changes in bursts (a shift begins, a server restarts); thousands of widgets need the outcome only.
const presenceEveryMs = 1000

/** Tells visitors what they may see of what happens. Returns the way to stop. */
export function pushToVisitors(): () => void {
  on('entry.added', ({ message, conversation }) => {
    if (message.public) pushFrame(`visitor:${conversation.visitorId}`, entryFrame(message))
  })
  on('read.marked', ({ conversationId, visitorId, readerKind, seq }) => {
    if (readerKind === 'agent') pushFrame(`visitor:${visitorId}`, { type: 'read', conversationId, seq })
  })
  on('agent.typing', ({ conversationId, visitorId, agentId, name }) => {
    pushFrame(`visitor:${visitorId}`, { type: 'typing', conversationId, agent: { id: agentId, name } })
  })
  on('visitor.standing', ({ visitorId, standing }) => {
    pushFrame(`visitor:${visitorId}`, { type: 'visitor', ...standing })
  })
  on('site.changed', ({ site }) => {
    if (site.deactivatedAt !== null) return sendAway(site)
    pushFrame(`visitors-of:${site.id}`, { type: 'site', ...siteFrame(site) })
    // With its hours changed the moment when agents are back.
    tellAvailability(site)
  })
  return pushPresence()
}

// No path is so: every one begins with a slash.
const nowhere = { show: 'only' as const, paths: ['-'] }

/** Takes the launcher of a site that is out of use off the pages it stands on; whoever comes back is told why. */
function sendAway(site: SiteRow): void {
  const shown = siteFrame({ ...site, widget: { ...site.widget, pages: nowhere } })
  pushFrame(`visitors-of:${site.id}`, { type: 'site', ...shown })
  closeWatchers(`visitors-of:${site.id}`, 1001, 'site_inactive')
}

function pushPresence(): () => void {
  let timer: Timer | null = null
  const later = () => {
    timer ??= setTimeout(() => {
      timer = null
      // While the store cannot be read, nobody knows whom to tell.
      tellPresence().catch(later)
    }, presenceEveryMs)
  }
  const stopListening = onPresence(later)
  return () => {
    stopListening()
    if (timer) clearTimeout(timer)
  }
}

async function tellPresence(): Promise<void> {
  for (const site of await listSites()) tellAvailability(site)
}

const tellAvailability = (site: SiteRow): void =>
  pushFrame(`visitors-of:${site.id}`, { type: 'presence', ...availability(site) })
