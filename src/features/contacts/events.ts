/** What is known of a contact, or where they are delivered to, is otherwise than before. `visitorIds`: their browsers. */
export type ContactChanged = { contactId: string; visitorIds: string[] }

declare module '../../platform/live/bus.ts' {
  interface Events {
    'contact.changed': ContactChanged
  }
}
