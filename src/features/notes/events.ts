/** A note on somebody was written, changed, taken away or brought back: on whoever has these browsers. */
export type NotesChanged = { visitorIds: string[] }

declare module '../../platform/live/bus.ts' {
  interface Events {
    'notes.changed': NotesChanged
  }
}
