import type { Pending } from './protocol.ts'

/** What the loader on the shop's page tells the frame, over the channel that is bound to our origin. */
export type ToFrame =
  | {
      type: 'start'
      token: string | null
      items: Pending[]
      draft: string
      readMark: number
      open: boolean
    }
  | { type: 'open'; open: boolean }
  /** an item as it was stored; `kept: false` means in this page's memory only */
  | { type: 'item'; item: Pending; kept: boolean }
  | { type: 'removed'; clientId: string }
  | { type: 'token'; token: string }
  | { type: 'draft'; text: string; was: string }
  | { type: 'read'; seq: number }
  | { type: 'drain'; granted: boolean }

/** What the frame asks of the loader. */
export type ToLoader =
  | { type: 'close' }
  /** `label` is the launcher's name with the count, in the visitor's language */
  | { type: 'unread'; count: number; label: string }
  /** stores a message; the loader gives it its place in the queue and the page it was written on */
  | { type: 'keep'; item: Omit<Pending, 'order'> & { order?: number } }
  | { type: 'drop'; clientId: string }
  | { type: 'token'; token: string; was: string | null }
  | { type: 'draft'; text: string }
  | { type: 'read'; seq: number }
  | { type: 'drain' }
  | { type: 'drained' }

/** The frame says this to its parent, and gets a port in answer. Neither message carries anything secret. */
export const hello = 'kontuar:hello'
export const welcome = 'kontuar:port'
