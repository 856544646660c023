import { agentsFeature } from './features/agents/feature.ts'
import { contactsFeature } from './features/contacts/feature.ts'
import { conversationsFeature } from './features/conversations/feature.ts'
import { inboxFeature } from './features/inbox/feature.ts'
import { messagesFeature } from './features/messages/feature.ts'
import { notesFeature } from './features/notes/feature.ts'
import { picturesFeature } from './features/pictures/feature.ts'
import { sitesFeature } from './features/sites/feature.ts'
import { visitorsFeature } from './features/visitors/feature.ts'
import { widgetFeature } from './features/widget/feature.ts'
import type { Feature } from './platform/feature.ts'

/** Every feature, in dependency order: each may call the doors of those above it. */
export const features: readonly Feature[] = [
  picturesFeature,
  sitesFeature,
  agentsFeature,
  contactsFeature,
  visitorsFeature,
  notesFeature,
  conversationsFeature,
  messagesFeature,
  inboxFeature,
  widgetFeature,
]
