import type { ContactRow } from '../contacts/index.ts'
import type { Standing } from './standing.ts'

declare module '../../platform/live/bus.ts' {
  interface Events {
    /** It has become known who a visitor is. */
    'visitor.known': { visitorId: string; contact: ContactRow }
    /** The shop takes nothing more from a visitor, or takes it again. */
    'visitor.standing': { visitorId: string; standing: Standing }
    /** A visitor has come, gone, or gone to another page (`moved`). `known`: they have written, so that lists show them. */
    'visitor.presence': { visitorId: string; siteId: string; known: boolean; online: boolean; moved: boolean }
  }
}
