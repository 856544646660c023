import type { WidgetSettings } from '../../../views/widget/settings.ts'
import type { Page, Pending } from './protocol.ts'

/** What the shop's page says of its visitor by `kontuar('setAttributes', …)`; null takes one back. */
export type Attributes = Record<string, string | number | boolean | null>

/** What the shop's page can listen to, as far as the frame is the one that knows it. */
export type FrameEvent =
  /** a new message of an agent, as plain text */
  | {
      name: 'message'
      detail: { author: { kind: 'agent' | 'system'; name: string }; text: string; at: number }
    }
  | { name: 'availability'; detail: { status: 'online' | 'away'; backAt: number | null } }
  /** the visitor has handed in the feedback form, or an e-mail address */
  | { name: 'form'; detail: { form: 'feedback' | 'email' } }

/** What the loader on the shop's page tells the frame, over the channel that is bound to our origin. */
export type ToFrame =
  | {
      type: 'start'
      token: string | null
      items: Pending[]
      draft: string
      readMark: number
      open: boolean
      /** what this visitor has chosen, in words of the frame's own */
      wishes?: string
      /** opened by itself: the focus stays where the visitor has it */
      quiet?: boolean
    }
  | { type: 'open'; open: boolean; quiet?: boolean }
  /** an item as it was stored; `kept: false` means in this page's memory only */
  | { type: 'item'; item: Pending; kept: boolean }
  | { type: 'removed'; clientId: string }
  | { type: 'token'; token: string }
  | { type: 'draft'; text: string; was: string }
  | { type: 'read'; seq: number }
  | { type: 'drain'; granted: boolean }
  | { type: 'wishes'; wishes: string }
  /** text for the field, which the visitor may change and send */
  | { type: 'prefill'; text: string }
  /** all that is known by now, not only what changed */
  | { type: 'attributes'; attributes: Attributes }
  /** the page that the visitor looks at, by its own account, and where they came to it from */
  | { type: 'page'; page: Page; referrer: string }

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
  | { type: 'wishes'; wishes: string }
  /** the site's look as it is by now */
  | { type: 'look'; name: string; widget: WidgetSettings }
  | ({ type: 'event' } & FrameEvent)
  /** so many unread messages are to stand in the title of the shop's page; 0 takes them away */
  | { type: 'title'; count: number }

/** The frame says this to its parent, and gets a port in answer. Neither message carries anything secret. */
export const hello = 'kontuar:hello'
export const welcome = 'kontuar:port'
