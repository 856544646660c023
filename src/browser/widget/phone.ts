import type { View } from './launcher.ts'

/** Keeps the page behind a full-screen window from scrolling. Its own attributes and rules are left alone. */
export function makeScrollLock(view: View) {
  const { document } = view
  let undo: (() => void) | null = null

  function lock() {
    if (undo) return
    const { scrollX, scrollY } = view
    const sheet = new view.CSSStyleSheet()
    // Where a scrollbar takes room, it keeps it: nothing behind the window moves.
    const gutter = view.innerWidth > document.documentElement.clientWidth ? 'scrollbar-gutter:stable!important' : ''
    sheet.replaceSync(`html{overflow:hidden!important;overscroll-behavior:none!important;${gutter}}`)
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet]
    undo = () => {
      document.adoptedStyleSheets = document.adoptedStyleSheets.filter((one) => one !== sheet)
      // A page whose body scrolls instead has lost its place meanwhile.
      view.scrollTo({ left: scrollX, top: scrollY, behavior: 'instant' })
    }
  }

  return (locked: boolean) => {
    if (locked) return lock()
    undo?.()
    undo = null
  }
}

type Entry = { kontuar?: true } | null

/**
 * Lets the back button close a full-screen window: opening adds an entry to the history, closing takes it away again.
 * The page's own state is in the entry, and its address: a router that hears of the step back finds itself where it was.
 * Those that came to listen after us do not even hear.
 */
export function makeBackButton(view: View, close: () => void) {
  const { history } = view
  const { navigation } = view as { navigation?: EventTarget }
  let address = ''
  let added = false
  /** a step back of ours is under way */
  let removing = false
  let adding = false

  const isOurs = () => (history.state as Entry)?.kontuar === true

  function add() {
    if (added) return
    added = true
    address = view.location.href
    // One is left from before a reload, or from a step forward; or it is on its way out, and put back then.
    if (removing || isOurs()) return
    adding = true
    try {
      // By the prototype: routers put functions of their own on the object, which would take this for a navigation.
      view.History.prototype.pushState.call(history, { ...history.state, kontuar: true }, '')
    } catch {
      // a sandbox, or too many entries in a short time
    }
    adding = false
  }

  function remove() {
    if (!added) return
    added = false
    if (removing || !isOurs()) return
    removing = true
    history.back()
  }

  function popped(event: Event) {
    if (removing) {
      removing = false
      event.stopImmediatePropagation()
      if (!added) return
      added = false
      return add()
    }
    if (!added || isOurs()) return
    added = false
    if (view.location.href === address) event.stopImmediatePropagation()
    close()
  }

  // Routers that are built on the Navigation API hear of every step before it is made.
  function navigating(event: Event) {
    if (adding || removing) event.stopImmediatePropagation()
  }

  function listen() {
    view.addEventListener('popstate', popped, true)
    navigation?.addEventListener('navigate', navigating, true)
  }

  function stop() {
    remove()
    view.removeEventListener('popstate', popped, true)
    navigation?.removeEventListener('navigate', navigating, true)
  }

  return { add, remove, listen, stop }
}
