import type { View } from './launcher.ts'

const againMs = 250
const mostReturns = 20

type Watcher = { changed: () => void; place: () => void; otherTab: (event: StorageEvent) => void }

/**
 * Tells when the address or the size of the page changes, and has `host` placed now and whenever the page has thrown it
 * out. Pages that route by themselves are watched, not patched. Answers how to stop.
 */
export function watchPage(view: View, host: Element, { changed, place, otherTab }: Watcher) {
  const { document } = view
  const { navigation } = view as { navigation?: EventTarget }
  let returns = 0
  let seen = ''
  let timer = 0

  const signs = [
    [view, 'resize', changed],
    [view, 'popstate', changed],
    [view, 'storage', otherTab],
    [navigation, 'currententrychange', changed],
    [document, 'DOMContentLoaded', start],
  ] as [EventTarget | undefined, string, () => void][]
  const observer = new view.MutationObserver(() => {
    view.clearTimeout(timer)
    if (!host.isConnected) timer = view.setTimeout(comeBack, againMs)
  })
  const poll = navigation ? 0 : view.setInterval(look, 1000)

  function look() {
    if (document.hidden || seen === view.location.href) return
    seen = view.location.href
    changed()
  }

  // Later and not for ever: a page that wants it gone would fight for it without end.
  function comeBack() {
    if (returns++ < mostReturns) start()
  }

  // Also after `document.open()`, which takes every listener away.
  function start() {
    for (const [target, name, run] of signs) target?.addEventListener(name, run)
    // A script in the head may run before there is a body; after it the launcher is the last stop of the Tab key.
    if (!document.body || host.isConnected) return
    for (const node of [document, document.documentElement]) observer.observe(node, { childList: true })
    place()
  }

  start()
  return () => {
    view.clearInterval(poll)
    view.clearTimeout(timer)
    observer.disconnect()
    for (const [target, name, run] of signs) target?.removeEventListener(name, run)
  }
}
