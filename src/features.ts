import { agentsFeature } from './features/agents/feature.ts'
import { cabinetFeature } from './features/cabinet/feature.ts'
import { clientsFeature } from './features/clients/feature.ts'
import { contactsFeature } from './features/contacts/feature.ts'
import { conversationsFeature } from './features/conversations/feature.ts'
import { inboxFeature } from './features/inbox/feature.ts'
import { messagesFeature } from './features/messages/feature.ts'
import { notesFeature } from './features/notes/feature.ts'
import { picturesFeature } from './features/pictures/feature.ts'
import { sitesFeature } from './features/sites/feature.ts'
import { visitorsFeature } from './features/visitors/feature.ts'
import { widgetFeature } from './features/widget/feature.ts'
import { apiKeysFeature } from './features/api-keys/feature.ts'
import { containersFeature } from './features/containers/feature.ts'
import { mailFeature } from './features/mail/feature.ts'
import { ordersFeature } from './features/orders/feature.ts'
import { searchFeature } from './features/search/feature.ts'
import { settingsFeature } from './features/settings/feature.ts'
import { systemMessagesFeature } from './features/system-messages/feature.ts'
import { templatesFeature } from './features/templates/feature.ts'
import { zonesFeature } from './features/zones/feature.ts'
import type { Feature } from './platform/feature.ts'

/** Every feature, in dependency order: each may call the doors of those above it. */
export const features: readonly Feature[] = [
  picturesFeature,
  settingsFeature,
  sitesFeature,
  agentsFeature,
  apiKeysFeature,
  zonesFeature,
  contactsFeature,
  visitorsFeature,
  notesFeature,
  conversationsFeature,
  messagesFeature,
  ordersFeature,
  containersFeature,
  clientsFeature,
  templatesFeature,
  systemMessagesFeature,
  mailFeature,
  searchFeature,
  cabinetFeature,
  inboxFeature,
  widgetFeature,
]
