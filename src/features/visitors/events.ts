import type { ContactRow } from '../contacts/index.ts'

declare module '../../platform/live/bus.ts' {
  interface Events {
    /** It has become known who a visitor is. */
    'visitor.known': { visitorId: string; contact: ContactRow }
    /** A visitor has come, gone, or gone to another page. `known`: they have written, so that lists may show them. */
    'visitor.presence': { visitorId: string; siteId: string; known: boolean; online: boolean }
  }
}
