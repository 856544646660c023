import { hostWords } from '../../catalogues/host-words.ts'
import { backoffMs } from './backoff.ts'
import { type Handover, narrow } from './mount.ts'
import { makeBackButton, makeScrollLock } from './phone.ts'
import { hello, type ToFrame, type ToLoader, welcome } from './port.ts'

type Ends = {
  /** the frame is there and listens to `post` */
  met: (post: (message: ToFrame) => void) => void
  take: (message: ToLoader) => void
}

const readyWithinMs = 10_000
const cross = 'M18 6 6 18M6 6l12 12'

/**
 * The window with the frame in it. Where there is room it is a dialog beside the page: the focus goes in and comes back, and
 * the page stays in reach. On a phone it is the whole screen, and the page behind it is out of reach.
 */
export function makePanel({ view, launcher, home, siteId, setOpen }: Handover, { met, take }: Ends) {
  const { document } = view
  const { draw, root } = launcher
  const close = draw.button('icon', '', draw.icon(20, cross))
  const words = draw.element('p', { role: 'status', dir: 'auto' })
  const before = draw.element('div', { class: 'before' }, close, words)
  const panel = draw.element('dialog', { class: 'window' }, before)
  const screen = new view.CSSStyleSheet()
  const small = view.matchMedia(narrow)
  const lockScroll = makeScrollLock(view)
  const backButton = makeBackButton(view, () => setOpen(false))

  let frame: HTMLIFrameElement | null = null
  let port: MessagePort | null = null
  let timer = 0
  let attempts = 0
  let open = false
  let focusedBefore: Element | null = null

  function load() {
    if (frame) return
    // For its sound, and for copying a message.
    frame = draw.element('iframe', { title: say().title, allow: 'autoplay; clipboard-write' })
    frame.src = `${home}/widget/frame?site=${encodeURIComponent(siteId)}`
    panel.append(frame)
    // What is tried again has been said not to answer.
    if (attempts === 0) words.textContent = say().opening
    timer = view.setTimeout(loadAgain, readyWithinMs)
  }

  // Nobody is there, or the way is barred: say so, and keep trying.
  function loadAgain() {
    if (port || !frame) return
    words.textContent = launcher.words().waiting
    frame.remove()
    frame = null
    timer = view.setTimeout(load, backoffMs(attempts++, Math.random(), 1000, 30_000))
  }

  function meetFrame(event: MessageEvent) {
    const { data, origin, source } = event
    // A window that has gone is null, and so is a frame that the page threw out.
    if (data !== hello || origin !== home || !frame || !source || source !== frame.contentWindow) return
    port?.close()
    const channel = new view.MessageChannel()
    port = channel.port1
    port.onmessage = ({ data }: MessageEvent<ToLoader>) => take(data)
    frame.contentWindow?.postMessage(welcome, home, [channel.port2])
    met((message) => channel.port1.postMessage(message))
    panel.toggleAttribute('data-ready', true)
    if (open && root.activeElement === close) frame.focus()
  }

  function change(wanted: boolean, quiet: boolean) {
    if (wanted) focusedBefore = focused()
    const held = panel.contains(root.activeElement)
    open = wanted
    launcher.opened(open)
    if (open) load()
    show()
    if (open && !quiet) (port ? frame : close)?.focus()
    // The page may have closed the window while the visitor was elsewhere: the focus is theirs.
    else if (!open && (held || focused() === document.body)) giveFocusBack()
  }

  function show() {
    const whole = open && small.matches
    if (panel.open) panel.close()
    if (whole) panel.showModal()
    // By the attribute: `show()` would take the focus.
    else panel.toggleAttribute('open', open)
    lockScroll(whole)
    if (whole) backButton.add()
    else backButton.remove()
    followViewport()
  }

  // Turned, or made larger, while it is open.
  function resized() {
    if (!open) return
    const held = panel.contains(root.activeElement)
    show()
    if (held) (port ? frame : close)?.focus()
  }

  const focused = () => root.activeElement ?? document.activeElement

  function giveFocusBack() {
    const target = focusedBefore as HTMLElement | null
    if (target !== document.body) target?.focus({ preventScroll: true })
    if (target === document.body || focused() !== target) launcher.button.focus({ preventScroll: true })
  }

  // A phone's keyboard covers the page: the window takes what is left to see.
  function followViewport() {
    const seen = view.visualViewport
    if (!open || !seen || seen.scale > 1.01) return
    screen.replaceSync(`.window{--seen:${seen.height}px;--top:${seen.offsetTop}px}`)
  }

  const say = () => hostWords(launcher.locale())
  function name() {
    close.setAttribute('aria-label', say().close)
    panel.setAttribute('aria-label', say().title)
    if (frame) frame.title = say().title
  }

  root.adoptedStyleSheets = [...root.adoptedStyleSheets, screen]
  small.addEventListener('change', resized)
  launcher.box.append(panel)
  name()

  const closeByHand = () => setOpen(false)

  function pressed({ key }: KeyboardEvent) {
    if (key === 'Escape') setOpen(false)
  }

  function cancelled(event: Event) {
    event.preventDefault()
    setOpen(false)
  }

  function listen() {
    close.addEventListener('click', closeByHand)
    panel.addEventListener('keydown', pressed)
    panel.addEventListener('cancel', cancelled)
    view.addEventListener('message', meetFrame)
    view.visualViewport?.addEventListener('resize', followViewport)
    view.visualViewport?.addEventListener('scroll', followViewport)
    backButton.listen()
  }

  listen()
  return {
    load,
    name,
    change,
    /** The page was written anew, and took every listener and the top layer away. */
    again() {
      listen()
      if (open) show()
    },
    end() {
      view.clearTimeout(timer)
      port?.close()
      port = null
      frame?.remove()
      if (panel.open) panel.close()
      lockScroll(false)
      backButton.stop()
      small.removeEventListener('change', resized)
      view.removeEventListener('message', meetFrame)
      view.visualViewport?.removeEventListener('resize', followViewport)
      view.visualViewport?.removeEventListener('scroll', followViewport)
    },
  }
}
