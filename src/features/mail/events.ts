/** Where mail goes may have changed: how it goes out was set, or an address wants none, or some again. */
export type MailChanged = { changed: 'settings' | 'refusal' }

declare module '../../platform/live/bus.ts' {
  interface Events {
    'mail.changed': MailChanged
  }
}
