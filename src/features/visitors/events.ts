import type { ContactRow } from '../contacts/index.ts'

declare module '../../platform/live/bus.ts' {
  interface Events {
    /** It has become known who a visitor is. */
    'visitor.known': { visitorId: string; contact: ContactRow }
  }
}
