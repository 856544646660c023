/** An order of a contact was made, changed, taken away or brought back. `visitorIds`: their browsers. */
export type OrderChanged = { contactId: string; visitorIds: string[] }

declare module '../../platform/live/bus.ts' {
  interface Events {
    'order.changed': OrderChanged
  }
}
