import { rulesOf } from '../../../views/widget/paint.ts'
import type { WidgetSettings } from '../../../views/widget/settings.ts'
import { carryOut, type Doer } from './commands.ts'
import { makeKeeper } from './keeper.ts'
import { makeListeners } from './listeners.ts'
import type { Call, Handover } from './mount.ts'
import { makePanel } from './panel.ts'
import { panelStyle } from './panel-style.ts' with { type: 'macro' }
import type { Attributes, ToFrame, ToLoader } from './port.ts'
import { makeTeaser } from './teaser.ts'
import { makeTitle } from './title.ts'
import type { Page } from './protocol.ts'
import { openVault } from './vault.ts'

const lookEveryMs = 1000
const looksAtTitle = 4

export type Host = ReturnType<typeof raise>

/** What stands behind the launcher once it is wanted: the window with the frame, the keeper of what is written, `kontuar(...)`. */
export function raise(handover: Handover) {
  const { view, launcher, look, siteId, setOpen, isOpen, complain } = handover
  const { document, location } = view
  const { emit, on, off } = makeListeners(complain)
  const sheet = new view.CSSStyleSheet()
  const title = makeTitle(document)
  const attributes: Attributes = {}
  let toldPage: Partial<Page> & { at?: string } = {}
  /** the page as the frame knows it, and how often it is still looked at: a page that routes by itself is named late */
  let shown: Partial<Page> = {}
  let looks = 0
  let post: ((message: ToFrame) => void) | null = null
  /** text for the field that no frame has taken yet */
  let prefill: string | null = null
  /** it was opened by itself, and not by the visitor */
  let quiet = false

  // `URL` is a name that pages give to things of their own.
  const absolute = (url: string) => Object.assign(document.createElement('a'), { href: url }).href

  // What the page said of itself holds until its address changes.
  function page(): Page {
    const { url, title } = toldPage.at === location.href ? toldPage : {}
    return {
      url: (url === undefined ? location.href : absolute(url)).slice(0, 2000),
      title: (title ?? document.title).slice(0, 300),
    }
  }

  function tellPage() {
    const { url, title } = page()
    const moved = url !== shown.url
    if (moved) looks = looksAtTitle
    if (!post || (!moved && (title === shown.title || looks < 1))) return void looks--
    shown = { url, title }
    post({ type: 'page', page: { url, title }, referrer: document.referrer.slice(0, 2000) })
  }

  const vault = openVault(view, siteId)
  const keeper = makeKeeper({
    vault,
    navigator: view.navigator,
    document,
    page,
    now: () => Date.now(),
    close: () => setOpen(false),
    unread(count, label) {
      teaser.count(count, label)
      emit('unread', { count })
    },
  })

  function take(message: ToLoader) {
    switch (message.type) {
      case 'look':
        return wear(message.widget)
      case 'title':
        return title.count(message.count)
      case 'event':
        if (message.name === 'message' && !isOpen()) teaser.show(message.detail)
        return emit(message.name, message.detail)
      default:
        void keeper.take(message)
    }
  }

  function met(given: (message: ToFrame) => void) {
    post = given
    shown = {}
    // What is told of the visit goes with the first thing that the frame says to the server.
    tellPage()
    if (Object.keys(attributes).length > 0) given({ type: 'attributes', attributes })
    keeper.start(given, isOpen(), quiet)
    fill()
  }

  function fill() {
    if (prefill === null || !post) return
    post({ type: 'prefill', text: prefill })
    prefill = null
  }

  const panel = makePanel(handover, { met, take })
  const teaser = makeTeaser(handover)

  function wear(widget: WidgetSettings) {
    launcher.paint({ widget, paint: { ...look.paint, ...rulesOf(widget) } })
    panel.name()
  }

  const doer: Doer = {
    open: () => setOpen(true),
    close: () => setOpen(false),
    toggle: () => setOpen(!isOpen()),
    setAttributes(given) {
      Object.assign(attributes, given)
      post?.({ type: 'attributes', attributes })
    },
    page(given = {}) {
      toldPage = { ...given, at: location.href }
      shown = {}
      tellPage()
    },
    send(text) {
      prefill = text
      setOpen(true)
      fill()
    },
    on,
    off,
  }

  function otherTab(event: StorageEvent) {
    keeper.otherTab(event)
  }

  launcher.root.adoptedStyleSheets = [...launcher.root.adoptedStyleSheets, sheet]
  sheet.replaceSync(panelStyle())
  view.addEventListener('storage', otherTab)
  panel.load()
  // Of several tabs the one that is looked at is where the visitor is.
  const looking = view.setInterval(() => {
    if (document.hidden) shown = {}
    else tellPage()
  }, lookEveryMs)

  return {
    call: (call: Call) => carryOut(doer, call, complain),
    setOpen(open: boolean, byItself: boolean) {
      quiet = byItself
      if (open) teaser.hide()
      panel.change(open, quiet)
      keeper.setOpen(open, quiet)
      emit(open ? 'open' : 'close')
    },
    /** The launcher was put into the page again. */
    placed() {
      view.addEventListener('storage', otherTab)
      panel.again()
      teaser.again()
    },
    end() {
      view.clearInterval(looking)
      view.removeEventListener('storage', otherTab)
      keeper.end()
      panel.end()
      title.count(0)
    },
  }
}
