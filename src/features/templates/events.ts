/** Templates were made, changed, moved, taken away or brought back. */
export type TemplatesChanged = { ids: string[] }

declare module '../../platform/live/bus.ts' {
  interface Events {
    'templates.changed': TemplatesChanged
  }
}
