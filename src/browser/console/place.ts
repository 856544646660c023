/** What this window shows: whose it is, and which conversation is open. */
const shell = document.querySelector<HTMLElement>('.console')
const pane = document.querySelector<HTMLElement>('#conversation')

export const agentId = shell?.dataset.agent ?? ''
export const conversationId = pane?.dataset.conversation ?? null

export const find = <E extends HTMLElement>(selector: string): E | null => document.querySelector<E>(selector)

export const stream = find('#stream')
export const messages = find<HTMLOListElement>('#messages')

/** To the sign-in, and back here after it. What was written waits in this browser. */
export function signInAgain(): void {
  location.assign(`/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`)
}
