import { launcherTranslator } from '../../catalogues/launcher-words.ts'
import { backoffMs } from './backoff.ts'
import { makeKeeper } from './keeper.ts'
import { launcherStyle } from './launcher-style.ts' with { type: 'macro' }
import { hello, type ToLoader, welcome } from './port.ts'
import { pickLocale } from './speak.ts'
import { openVault } from './vault.ts'

type View = Window & typeof globalThis

const hostName = 'kontuar-chat'
const readyWithinMs = 10_000

/**
 * Paints the launcher and keeps what the frame asks it to keep. Until the visitor points at the launcher nothing is
 * requested, and until they write nothing is stored, unless they have written here before.
 */
export function mountLauncher(view: View, script: HTMLScriptElement | null) {
  const { document } = view
  const siteId = script?.dataset.site
  // A snippet that was put in twice is one widget.
  if (!script || !siteId || document.querySelector(hostName)) return
  const home = new URL(script.src).origin
  const say = launcherTranslator(pickLocale(view.navigator.languages))
  const draw = painter(document)

  const host = document.createElement(hostName)
  const root = host.attachShadow({ mode: 'open' })
  const sheet = new view.CSSStyleSheet()
  sheet.replaceSync(launcherStyle())
  root.adoptedStyleSheets = [sheet]

  const badge = draw.element('span', { class: 'unread', 'aria-hidden': 'true', hidden: '' })
  const launcher = draw.button('launcher', say('launcher.open'), draw.icon(24, speechBubble), badge)
  launcher.setAttribute('aria-expanded', 'false')
  const words = draw.element('p', { role: 'status', dir: 'auto' })
  const before = draw.element(
    'div',
    { class: 'before' },
    draw.button('', say('launcher.close'), draw.icon(20, cross)),
    words,
  )
  const panel = draw.element('div', { class: 'window' }, before)
  root.append(launcher, panel)

  let frame: HTMLIFrameElement | null = null
  let port: MessagePort | null = null
  let open = false
  let attempts = 0

  const keeper = makeKeeper({
    vault: openVault(view, siteId),
    navigator: view.navigator,
    document,
    page: () => ({ url: view.location.href.slice(0, 2000), title: document.title.slice(0, 300) }),
    now: () => Date.now(),
    close: () => setOpen(false),
    unread(count, label) {
      badge.hidden = count === 0
      badge.textContent = count > 99 ? '99+' : `${count}`
      launcher.ariaLabel = label
    },
  })

  function load() {
    if (frame) return
    frame = draw.element('iframe', { title: say('launcher.title') })
    frame.src = `${home}/widget/frame?site=${encodeURIComponent(siteId ?? '')}`
    panel.append(frame)
    words.textContent = say('launcher.opening')
    view.setTimeout(loadAgain, readyWithinMs)
  }

  // Nobody is there, or the way is barred: say so, and keep trying.
  function loadAgain() {
    if (port || !frame) return
    words.textContent = say('launcher.waiting')
    frame.remove()
    frame = null
    view.setTimeout(load, backoffMs(attempts++, Math.random(), 1000, 30_000))
  }

  function setOpen(wanted: boolean) {
    if (wanted === open) return
    open = wanted
    if (open) load()
    launcher.hidden = open
    launcher.setAttribute('aria-expanded', String(open))
    panel.toggleAttribute('data-open', open)
    keeper.setOpen(open)
    if (!open) launcher.focus()
    else if (port) frame?.focus()
    else before.querySelector('button')?.focus()
  }

  function meetFrame(event: MessageEvent) {
    if (event.data !== hello || event.origin !== home || !frame || event.source !== frame.contentWindow) return
    port?.close()
    const channel = new view.MessageChannel()
    port = channel.port1
    port.onmessage = ({ data }: MessageEvent<ToLoader>) => void keeper.take(data)
    frame.contentWindow?.postMessage(welcome, home, [channel.port2])
    keeper.start((message) => channel.port1.postMessage(message), open)
    panel.toggleAttribute('data-ready', true)
    if (open) frame.focus()
  }

  // A phone's keyboard covers the page: the window takes what is left to see.
  function followViewport() {
    const seen = view.visualViewport
    const [rule] = sheet.cssRules
    if (!seen || !rule || !open) return
    const { style } = rule as CSSStyleRule
    style.setProperty('--seen', `${seen.height}px`)
    style.setProperty('--top', `${seen.offsetTop}px`)
  }

  view.addEventListener('message', meetFrame)
  view.addEventListener('storage', (event) => {
    if (keeper.otherTab(event)) load()
  })
  view.visualViewport?.addEventListener('resize', followViewport)
  view.visualViewport?.addEventListener('scroll', followViewport)
  for (const sign of ['pointerenter', 'focus', 'touchstart']) launcher.addEventListener(sign, load, { passive: true })
  launcher.addEventListener('click', () => setOpen(true))
  before.querySelector('button')?.addEventListener('click', () => setOpen(false))
  panel.addEventListener('keydown', ({ key }) => key === 'Escape' && setOpen(false))
  // Not into the body: pages transform, replace and clip it.
  document.documentElement.append(host)
  if (keeper.known()) (view.requestIdleCallback ?? ((run: () => void) => view.setTimeout(run, 1000)))(load)
}

const speechBubble =
  'M2.992 16.342a2 2 0 0 1 .094 1.167l-1.065 3.29a1 1 0 0 0 1.236 1.168l3.413-.998a2 2 0 0 1 1.099.092 10 10 0 1 0-4.777-4.719'
const cross = 'M18 6 6 18M6 6l12 12'

/** Makes elements without `innerHTML` and `style`, which the page's policies may forbid. */
function painter(document: Document) {
  function dress<E extends Element>(made: E, attributes: Record<string, string>, children: Node[]): E {
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value)
    made.append(...children)
    return made
  }
  const element = <T extends keyof HTMLElementTagNameMap>(
    tag: T,
    attributes: Record<string, string>,
    ...children: Node[]
  ) => dress(document.createElement(tag), attributes, children)
  const vector = (tag: string, attributes: Record<string, string>, ...children: Node[]) =>
    dress(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children)
  const icon = (size: number, d: string) =>
    vector(
      'svg',
      { viewBox: '0 0 24 24', width: String(size), height: String(size), 'aria-hidden': 'true' },
      vector('path', { d }),
    )
  const button = (name: string, label: string, ...children: Node[]) =>
    element('button', { type: 'button', class: name, 'aria-label': label }, ...children)
  return { element, icon, button }
}
