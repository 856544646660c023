/**
 * The JavaScript interface of the Kontuar widget, for the pages that it stands on.
 *
 * Copy this file into your project, or refer to it: /// <reference path="kontuar.d.ts" />. Every command answers
 * undefined and none throws: what is wrong with a call is said on the console.
 */

/** What you know of the visitor. `null` takes an attribute back. */
interface KontuarAttributes {
  name?: string | null
  email?: string | null
  phone?: string | null
  /** Anything else that helps the agent: at most 50 attributes, of at most 500 characters each. */
  [attribute: string]: string | number | boolean | null | undefined
}

/** The page that the visitor looks at, where its own address and title do not say it. */
interface KontuarPage {
  url?: string
  title?: string
}

/** What can be listened to, and what a listener is told. */
interface KontuarEvents {
  /** The launcher stands on the page. Told at once to those who listen later. */
  ready: Record<string, never>
  /** The window has opened. */
  open: Record<string, never>
  /** The window has closed. */
  close: Record<string, never>
  /** A message has come for the visitor, as plain text. `at` is in milliseconds since 1970, UTC. */
  message: { author: { kind: 'agent' | 'system'; name: string }; text: string; at: number }
  /** So many messages are unread. Told at once to those who listen later. */
  unread: { count: number }
  /**
   * Whether an agent is there, and when one is back if the shop has told its hours (milliseconds since 1970, UTC).
   * Known once the visitor has turned to the chat. Told at once to those who listen later.
   */
  availability: { status: 'online' | 'away'; backAt: number | null }
  /** The visitor has handed in the feedback form, or an e-mail address. */
  form: { form: 'feedback' | 'email' }
}

interface Kontuar {
  /** Opens the window; `toggle` closes an open one. */
  (command: 'open' | 'close' | 'toggle'): void
  /** Shows the launcher, also where the settings hide it; `hide` takes it away, with an open window. */
  (command: 'show' | 'hide'): void
  /** Says what you know of the visitor. What was said before stays. */
  (command: 'setAttributes', attributes: KontuarAttributes): void
  /** Says which page the visitor looks at, until its address changes. */
  (command: 'page', page?: KontuarPage): void
  /** Opens the window with a text in the field, which the visitor may change and send. */
  (command: 'send', text: string): void
  /** Calls `listener` whenever it happens. */
  <Event extends keyof KontuarEvents>(command: 'on', event: Event, listener: (detail: KontuarEvents[Event]) => void): void
  /** Calls `listener` no more; without one, none of the event's listeners. */
  <Event extends keyof KontuarEvents>(command: 'off', event: Event, listener?: (detail: KontuarEvents[Event]) => void): void
  /** Takes the widget off the page and forgets the visitor on this browser: for when they sign out. */
  (command: 'shutdown'): void
  /** Calls from before the script came. */
  q?: ArrayLike<ArrayLike<unknown>>
}

declare var kontuar: Kontuar

interface Window {
  kontuar: Kontuar
}
