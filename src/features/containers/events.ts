/** Containers went to a contact or came back, or it was said otherwise than before. `visitorIds`: their browsers. */
export type ContainersChanged = { contactId: string; visitorIds: string[] }

declare module '../../platform/live/bus.ts' {
  interface Events {
    'containers.changed': ContainersChanged
  }
}
