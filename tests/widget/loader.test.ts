import { afterEach, expect, test } from 'bun:test'
import { Window } from 'happy-dom'
import { mountLauncher } from '../../src/browser/widget/launcher.ts'
import { hello, welcome } from '../../src/browser/widget/port.ts'
import { meetLoader } from '../../src/browser/widget/frame-port.ts'

const home = 'https://chat.test'
const windows: Window[] = []

afterEach(async () => {
  for (const window of windows.splice(0)) await window.happyDOM.close()
})

/** The shop's page with the snippet on it, in a window of its own. */
function openShop(prepare: (window: Window) => void = () => {}) {
  const window = new Window({
    url: 'https://shop.test/cart',
    settings: { navigation: { disableChildFrameNavigation: true }, disableJavaScriptFileLoading: true },
  })
  windows.push(window)
  const idle: (() => void)[] = []
  Object.assign(window, { MessageChannel, requestIdleCallback: (run: () => void) => idle.push(run) })
  prepare(window)
  const view = window as unknown as globalThis.Window & typeof globalThis
  const script = view.document.createElement('script')
  script.src = `${home}/widget.js`
  script.dataset.site = 'site-1'
  mountLauncher(view, script)
  const host = view.document.querySelector('kontuar-chat')
  const root = host?.shadowRoot as ShadowRoot
  const launcher = root.querySelector('.launcher') as HTMLButtonElement
  const iframe = () => root.querySelector('iframe')
  /** What comes to the shop's page as a message; `given` are the ports that its sender gets back. */
  function say(data: unknown, origin: string, source: unknown) {
    const event = new view.Event('message')
    Object.assign(event, { data, origin, source, ports: [] })
    view.dispatchEvent(event)
  }
  /** A stand-in for the frame's window, which notes what it is sent. */
  function meetFrame() {
    const received: { data: unknown; origin: string; ports: MessagePort[] }[] = []
    const contentWindow = {
      postMessage: (data: unknown, origin: string, ports: MessagePort[]) => received.push({ data, origin, ports }),
    }
    const frame = iframe()
    if (frame) Object.defineProperty(frame, 'contentWindow', { value: contentWindow, configurable: true })
    return { contentWindow, received }
  }
  return { view, script, root, launcher, iframe, say, meetFrame, idle }
}

const storageOf = ({ view }: ReturnType<typeof openShop>) =>
  Array.from({ length: view.localStorage.length }, (_, at) => view.localStorage.key(at))

const answerOf = (port: MessagePort) =>
  new Promise<{ type: string; [field: string]: unknown }>((resolve) => {
    port.onmessage = ({ data }) => resolve(data)
  })

test('the launcher is painted without a style attribute, a style element or a request', () => {
  const shop = openShop()
  for (const run of shop.idle) run()
  expect(shop.launcher.getAttribute('aria-label')).toBe('Open the chat')
  expect(shop.root.adoptedStyleSheets).toHaveLength(1)
  expect(shop.root.querySelector('style')).toBeNull()
  expect(shop.root.querySelectorAll('[style]')).toHaveLength(0)
  expect(shop.iframe()).toBeNull()
  expect(storageOf(shop)).toEqual([])
  expect(shop.view.document.cookie).toBe('')
})

test.each(['pointerenter', 'focus', 'touchstart'])(
  '%s on the launcher brings the frame, and nothing into the storage',
  (sign) => {
    const shop = openShop()
    shop.launcher.dispatchEvent(new shop.view.Event(sign))
    expect(shop.iframe()?.src).toBe(`${home}/widget/frame?site=site-1`)
    expect(shop.iframe()?.title).toBe('Chat')
    expect(storageOf(shop)).toEqual([])
  },
)

test('a visitor who wrote before has the frame when the page is idle', () => {
  const shop = openShop((window) => window.localStorage.setItem('kontuar:site-1:token', 'token-1'))
  expect(shop.iframe()).toBeNull()
  for (const run of shop.idle) run()
  expect(shop.iframe()).not.toBeNull()
})

test('a snippet that stands twice is one widget, and one without a site is none', () => {
  const { view, script } = openShop()
  mountLauncher(view, script)
  expect(view.document.querySelectorAll('kontuar-chat')).toHaveLength(1)
  const other = openShop()
  other.view.document.querySelector('kontuar-chat')?.remove()
  mountLauncher(other.view, other.view.document.createElement('script'))
  mountLauncher(other.view, null)
  expect(other.view.document.querySelector('kontuar-chat')).toBeNull()
})

test('the frame of our origin gets a port, with what the page keeps', async () => {
  const shop = openShop((window) => window.localStorage.setItem('kontuar:site-1:token', 'token-1'))
  shop.launcher.click()
  const { contentWindow, received } = shop.meetFrame()
  shop.say(hello, home, contentWindow)
  expect(received).toMatchObject([{ data: welcome, origin: home }])
  const [port] = received[0]?.ports ?? []
  if (!port) throw new Error('no port')
  expect(await answerOf(port)).toEqual({
    type: 'start',
    token: 'token-1',
    items: [],
    draft: '',
    readMark: 0,
    open: true,
  })
  port.close()
})

test('a foreign origin, `null`, a sibling frame and other messages get nothing', () => {
  const shop = openShop()
  shop.launcher.click()
  const { contentWindow, received } = shop.meetFrame()
  shop.say(hello, 'https://evil.test', contentWindow)
  shop.say(hello, 'null', contentWindow)
  shop.say(hello, home, { postMessage: () => received.push({ data: 'sibling', origin: '', ports: [] }) })
  shop.say(hello, home, shop.view)
  shop.say(hello, home, null)
  shop.say('something else', home, contentWindow)
  shop.say({ type: 'token' }, home, contentWindow)
  expect(received).toEqual([])
  shop.say(hello, home, contentWindow)
  expect(received).toHaveLength(1)
  received[0]?.ports[0]?.close()
})

test('before there is a frame nobody gets a port, not even from our origin', () => {
  const shop = openShop()
  expect(() => shop.say(hello, home, null)).not.toThrow()
  expect(shop.root.querySelector('[data-ready]')).toBeNull()
})

test('opening and closing moves the focus there and back, and Escape closes', () => {
  const { launcher, root, view } = openShop()
  launcher.click()
  expect(launcher.hidden).toBe(true)
  expect(launcher.getAttribute('aria-expanded')).toBe('true')
  expect(root.querySelector('.window')?.hasAttribute('data-open')).toBe(true)
  expect(root.querySelector('[role="status"]')?.textContent).toBe('Opening the chat…')
  root.querySelector('.window')?.dispatchEvent(new view.KeyboardEvent('keydown', { key: 'Escape' }))
  expect(launcher.hidden).toBe(false)
  expect(launcher.getAttribute('aria-expanded')).toBe('false')
  expect(root.activeElement ?? view.document.activeElement?.shadowRoot?.activeElement ?? launcher).toBe(launcher)
})

test('a storage that throws leaves the launcher standing', () => {
  const { launcher } = openShop((window) => {
    for (const name of ['localStorage', 'sessionStorage']) {
      Object.defineProperty(window, name, {
        get() {
          throw new DOMException('blocked', 'SecurityError')
        },
      })
    }
  })
  expect(() => launcher.click()).not.toThrow()
})

test('the launcher speaks the language of the visitor', () => {
  const { launcher } = openShop((window) =>
    Object.defineProperty(window.navigator, 'languages', { value: ['de-DE', 'pl-PL', 'en'] }),
  )
  expect(launcher.getAttribute('aria-label')).toBe('Otwórz czat')
})

/** The frame's window, as `meetLoader` needs it. */
function openFrame() {
  const target = new EventTarget()
  const asked: unknown[] = []
  const parent = { postMessage: (data: unknown, origin: string) => asked.push([data, origin]) }
  const met: unknown[] = []
  const taken: unknown[] = []
  const view = Object.assign(target, { parent }) as unknown as globalThis.Window
  meetLoader(
    view,
    (message) => taken.push(message),
    (post) => met.push(post),
  )
  const say = (data: unknown, origin: string, source: unknown, ports: unknown[] = [new MessageChannel().port1]) =>
    target.dispatchEvent(Object.assign(new Event('message'), { data, origin, source, ports }))
  return { parent, asked, met, say }
}

test('the frame asks its parent alone, with nothing secret, and takes one port from it alone', () => {
  const { parent, asked, met, say } = openFrame()
  expect(asked).toEqual([[hello, '*']])
  say(welcome, 'https://evil.test', {})
  say(welcome, 'https://evil.test', null)
  say(welcome, 'null', parent)
  say('something else', 'https://shop.test', parent)
  say(welcome, 'https://shop.test', parent, [])
  expect(met).toEqual([])
  say(welcome, 'https://shop.test', parent)
  expect(met).toHaveLength(1)
  say(welcome, 'https://shop.test', parent)
  expect(met).toHaveLength(1)
})
