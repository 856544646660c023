import htmx from 'htmx.org'
import { find, onMove, onOpen } from './place.ts'

// What a list says of itself: that it is on its way, or that it did not come.
const skeletonAfterMs = 200

let loading = 0

export function startListStates(): void {
  document.addEventListener('click', clicked)
  onMove(arrived)
  onOpen(arrived)
  document.addEventListener('htmx:response:error', (event) => failed((event as RequestEvent).detail))
  document.addEventListener('htmx:error', (event) => failed((event as RequestEvent).detail))
  document.addEventListener('htmx:after:swap', (event) => came((event as RequestEvent).detail))
}

type RequestEvent = CustomEvent<{ ctx?: { sourceElement?: Element; response?: { status: number } } }>

function clicked(event: MouseEvent): void {
  const target = event.target as Element
  if (target.closest('[data-do="list-again"]')) {
    clearFailure()
    htmx.trigger(document.body, 'inbox-changed')
  }
  const link = target.closest('#list-head a[href^="/inbox?"]')
  // Whoever follows it in place has said so by now.
  if (link && event.defaultPrevented) wait()
}

function wait(): void {
  clearTimeout(loading)
  loading = window.setTimeout(() => {
    const pane = find('#inbox .rows')
    const skeleton = find<HTMLTemplateElement>('#list-loading')?.content.cloneNode(true)
    if (!pane || !skeleton || pane.ariaBusy === 'true') return
    pane.ariaBusy = 'true'
    pane.prepend(skeleton)
  }, skeletonAfterMs)
}

function arrived(): void {
  clearTimeout(loading)
  const pane = find('#inbox .rows[aria-busy]')
  pane?.removeAttribute('aria-busy')
  pane?.querySelector('.skeletons')?.remove()
}

function failed({ ctx }: RequestEvent['detail']): void {
  const source = ctx?.sourceElement
  if (source?.id === 'more') source.toggleAttribute('data-failed', true)
  // While nobody answers at all, the line that says so is enough.
  if (source?.id !== 'rows' || ctx?.response === undefined) return
  const words = find<HTMLTemplateElement>('#list-failed')?.content.cloneNode(true)
  if (words && !find('#list-notice .list-failed')) find('#list-notice')?.replaceChildren(words)
}

function came({ ctx }: RequestEvent['detail']): void {
  if (ctx?.sourceElement?.id === 'rows' && (ctx.response?.status ?? 0) < 400) clearFailure()
}

const clearFailure = (): void => find('#list-notice .list-failed')?.remove()
