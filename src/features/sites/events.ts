import type { SiteRow } from './schema.ts'

declare module '../../platform/live/bus.ts' {
  interface Events {
    'site.changed': { site: SiteRow }
    /** There is one more, or one less. */
    'sites.counted': { siteId: string }
  }
}
