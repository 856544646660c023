/** What this window shows: whose it is, and which conversation is open. The page stays; conversations come and go in it. */
export type Open = { id: string; pane: HTMLElement }

export const find = <E extends HTMLElement>(selector: string): E | null => document.querySelector<E>(selector)

export const agentId = find('.console')?.dataset.agent ?? ''

/** The conversation that stands in the page now: asked for anew whenever it matters, since another may be open. */
export function openConversation(): Open | null {
  const pane = find('#conversation[data-conversation]')
  return pane ? { id: pane.dataset.conversation ?? '', pane } : null
}

/** Whether this one is (still) the open one. */
export const isOpen = (id: string): boolean => openConversation()?.id === id

/** Whether an address opens something beside the list. */
export const opensPane = (path: string): boolean => path === '/system' || path.startsWith('/c/')

export const stream = (): HTMLElement | null => find('#stream')
export const messages = (): HTMLOListElement | null => find<HTMLOListElement>('#messages')

const listeners: ((open: Open | null) => void)[] = []

/** Calls now, and whenever another conversation (or none) has been put into the page. */
export function onOpen(listener: (open: Open | null) => void): void {
  listeners.push(listener)
  listener(openConversation())
}

/** Says that the panes of the page were replaced. */
export function tellOpened(): void {
  for (const listener of listeners) listener(openConversation())
}

const movers: (() => void)[] = []

/** Calls whenever the address has changed and the same conversation is open. */
export const onMove = (listener: () => void): void => void movers.push(listener)

/** Says that the address is another. */
export function tellMoved(): void {
  for (const listener of movers) listener()
}

/** To the sign-in, and back here after it. What was written waits in this browser. */
export function signInAgain(): void {
  location.assign(`/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`)
}
