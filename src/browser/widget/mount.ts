import type { Look } from '../../../views/widget/look.ts'
import type * as behind from './host.ts'
import { keptBy } from './kept.ts'
import { type Launcher, paintLauncher, type View } from './launcher.ts'
import { watchPage } from './watch-page.ts'

/** What the launcher hands over to the script behind it. */
export type Handover = {
  view: View
  launcher: Launcher
  look: Look
  home: string
  siteId: string
  /** Opens and closes, as the visitor or the page wish. */
  setOpen: (open: boolean) => void
  isOpen: () => boolean
  /** Says on the console what is wrong with a call, and where to read on. */
  complain: (sentence: string, ...more: unknown[]) => void
}

export type Call = [command?: unknown, first?: unknown, second?: unknown]
type Api = ((...call: Call) => void) & { q?: ArrayLike<ArrayLike<unknown>>; there?: boolean }
type Bring = (url: string) => Promise<typeof behind>

const patienceMs = 10_000

/** Calls that can wait for the script behind the launcher, by the types of what they are given. Any other needs it. */
const canWait =
  /^(close |setAttributes object|page (object|undefined)|(on string function|off string (function|undefined)) (ready|open|close|message|unread|availability|form)$)/

/**
 * Paints the launcher of the site that the look or the snippet names. Until the visitor points at it nothing is requested,
 * and until they write nothing is stored, unless they have written here before.
 */
export function mountWidget(
  view: View,
  script: HTMLScriptElement | null,
  look: Look,
  bring: Bring = (url) => import(url),
) {
  const { document } = view
  const siteId = look.site ?? script?.dataset.site ?? ''
  // `URL` is a name that pages give to things of their own.
  const home = /^https?:\/\/[^/]+/.exec(script?.src ?? '')?.[0] ?? ''
  const global = view as unknown as { kontuar?: Api }
  // A snippet that was put in twice is one widget.
  if (!siteId || !home || global.kontuar?.there) return

  const kept = keptBy(view, `kontuar:${siteId}:`)
  const launcher = paintLauncher(view, look)
  const { button } = launcher
  const waiting: Call[] = []
  let host: behind.Host | null = null
  let bringing = false
  let attempts = 0
  let open = false
  /** the visitor or the page has opened or closed it */
  let touched = false
  let gone = false

  const complain: Handover['complain'] = (sentence, ...more) =>
    view.console.error(`kontuar: ${sentence} See ${home}/widget/api?site=${siteId}`, ...more)

  // --- the script behind the launcher

  function load() {
    if (bringing || gone) return
    bringing = true
    const slow = view.setTimeout(() => launcher.trouble(open), patienceMs)
    // A browser remembers that an address could not be had.
    bring(`${home}${look.host}${attempts ? `?${attempts}` : ''}`)
      .then(({ raise }) => {
        if (gone) return
        launcher.trouble(false)
        host = raise({ view, launcher, look, home, siteId, setOpen, isOpen: () => open, complain })
        const clicked = open
        // Those who listen come first, to hear of the rest.
        for (const call of waiting.splice(0)) host.call(call)
        if (clicked && open) host.setOpen(true, !touched)
      })
      .catch(() => {
        launcher.trouble(open)
        view.setTimeout(loadAgain, Math.min(30_000, 1000 * 2 ** attempts++) * (0.5 + Math.random() / 2))
      })
      .finally(() => view.clearTimeout(slow))
  }

  function loadAgain() {
    bringing = false
    if (open || waiting[0] || kept.known()) load()
  }

  function setOpen(wanted: boolean) {
    touched = true
    change(wanted)
  }

  function change(wanted: boolean) {
    if (wanted === open) return
    open = wanted
    if (open) load()
    else launcher.trouble(false)
    host?.setOpen(open, !touched)
  }

  const openByHand = () => setOpen(true)

  // --- kontuar(...): what needs no more is done here, and the rest where it is known how

  function obey(call: Call) {
    const [command, first, second] = call
    if (command === 'shutdown') return shutDown()
    if (command === 'show' || command === 'hide') {
      launcher.force(command === 'show')
      if (command === 'hide') setOpen(false)
    } else if (command === 'on' && first === 'ready' && typeof second === 'function') second({})
    else if (host) host.call(call)
    else {
      waiting.push(call)
      const named = typeof first === 'string' ? first : ''
      if (!canWait.test(`${String(command)} ${typeof first} ${typeof second} ${named}`)) load()
    }
  }

  const api: Api = (...call) => {
    try {
      if (!gone) obey(call)
    } catch (error) {
      complain('that call failed.', error)
    }
  }

  function shutDown() {
    gone = true
    stopWatching()
    host?.end()
    launcher.host.remove()
    kept.forget()
    // What is called from now on waits for a snippet that may come again.
    const later: Call[] = []
    global.kontuar = Object.assign((...call: Call) => void later.push(call), { q: later })
  }

  // --- the page

  // `document.open()` takes the listeners of every element away.
  function place() {
    for (const sign of ['pointerenter', 'focus', 'touchstart']) button.addEventListener(sign, load, { passive: true })
    button.addEventListener('click', openByHand)
    launcher.place()
    host?.placed()
  }

  function otherTab({ key, newValue }: StorageEvent) {
    if (newValue && key === `kontuar:${siteId}:token`) load()
  }

  // Not over the whole screen of a phone.
  function openByItself() {
    if (touched || view.matchMedia(narrow).matches) return
    if (document.hidden) document.addEventListener('visibilitychange', openByItself, { once: true })
    else change(true)
  }

  const replay = (call: ArrayLike<unknown>) => api(call[0], call[1], call[2])
  const before = global.kontuar?.q ?? []
  // For those who hold the function that stood there before.
  global.kontuar = Object.assign(api, { q: { length: 0, push: replay }, there: true })
  const stopWatching = watchPage(view, launcher.host, { changed: launcher.settle, place, otherTab })
  for (let at = 0; at < before.length; at++) replay(before[at] ?? [])
  // A page that is never idle still has to send what waits.
  if (kept.known())
    (view.requestIdleCallback ?? ((run: () => void) => view.setTimeout(run, 1000)))(load, { timeout: 2000 })
  const { openAfterSeconds } = look.widget
  if (openAfterSeconds && visitBegins(view)) view.setTimeout(openByItself, openAfterSeconds * 1000)
}

/** Where the window is the whole screen: a phone, and a page that is enlarged a lot. */
export const narrow = '(max-width:480px),(max-height:480px) and (max-width:960px)'

/** Whether this page is the first of the visit, as far as the browser tells: a note of our own would be storage. */
function visitBegins(view: View): boolean {
  const { navigation } = view as { navigation?: { currentEntry?: { index: number } } }
  const [entry] = view.performance.getEntriesByType('navigation') as PerformanceNavigationTiming[]
  return (
    entry?.type === 'navigate' &&
    !navigation?.currentEntry?.index &&
    !view.document.referrer.startsWith(view.location.origin)
  )
}
