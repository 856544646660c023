const reachable = 'a[href],button:not([disabled]),input,textarea,select,[tabindex="0"]'

/** Keeps the Tab key within `place`: past its last element comes the first. Escape is the way out. */
export function keepTabWithin(place: HTMLElement, event: KeyboardEvent) {
  if (event.key !== 'Tab') return
  const all = [...place.querySelectorAll<HTMLElement>(reachable)].filter(isReachable)
  const [first] = all
  const last = all.at(-1)
  if (!first || !last) return
  const { activeElement } = document
  const leaves = event.shiftKey ? activeElement === first || activeElement === place : activeElement === last
  if (!leaves) return
  event.preventDefault()
  ;(event.shiftKey ? last : first).focus()
}

const isReachable = (element: HTMLElement) => element.tabIndex >= 0 && element.getClientRects().length > 0
