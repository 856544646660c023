import type { ContactRow } from './schema.ts'

declare module '../../platform/live/bus.ts' {
  interface Events {
    /** An agent has changed what is known of somebody. */
    'contact.edited': { contact: ContactRow }
  }
}
