/** A zone was made, changed, moved among the others, taken away or brought back. */
export type ZoneChanged = { zoneId: string }

declare module '../../platform/live/bus.ts' {
  interface Events {
    'zone.changed': ZoneChanged
  }
}
