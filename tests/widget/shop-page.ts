import { Window } from 'happy-dom'
import * as hostScript from '../../src/browser/widget/host.ts'
import { mountWidget } from '../../src/browser/widget/mount.ts'
import { hello, type ToFrame, type ToLoader } from '../../src/browser/widget/port.ts'
import { lookOf } from '../../views/widget/look.ts'
import { defaultSettings, type WidgetSettings } from '../../views/widget/settings.ts'

export const home = 'https://chat.test'
const windows: Window[] = []

/** To be called after each test. */
export async function closeShops() {
  for (const window of windows.splice(0)) await window.happyDOM.close()
}

type Api = ((...call: unknown[]) => unknown) & { q?: unknown }

type Options = {
  prepare?: (window: Window) => void
  settings?: Partial<WidgetSettings>
  bring?: Parameters<typeof mountWidget>[3]
}

/** The shop's page with the snippet on it, in a window of its own. */
export function openShop({ prepare = () => {}, settings = {}, bring }: Options = {}) {
  const window = new Window({
    url: 'https://shop.test/cart',
    settings: { navigation: { disableChildFrameNavigation: true }, disableJavaScriptFileLoading: true },
  })
  windows.push(window)
  const idle: (() => void)[] = []
  const errors: string[] = []
  Object.assign(window, { MessageChannel, requestIdleCallback: (run: () => void) => idle.push(run) })
  Object.assign(window.console, {
    error: (...said: unknown[]) => String(said[0]).startsWith('kontuar') && errors.push(said.join(' ')),
  })
  prepare(window)
  const view = window as unknown as globalThis.Window & typeof globalThis
  const script = view.document.createElement('script')
  script.src = `${home}/widget.js`
  script.dataset.site = 'site-1'
  const look = lookOf(null, { ...defaultSettings, ...settings }, '/assets/host-1.js')
  const brought: string[] = []
  const mount = () =>
    mountWidget(
      view,
      script,
      look,
      bring ??
        ((url) => {
          brought.push(url)
          return Promise.resolve(hostScript)
        }),
    )
  mount()
  const host = view.document.querySelector('kontuar-chat') as HTMLElement
  const root = host?.shadowRoot as ShadowRoot
  const launcher = root.querySelector('.launcher') as HTMLButtonElement
  const iframe = () => root.querySelector('iframe')
  const kontuar: Api = (...call) => (view as unknown as { kontuar: Api }).kontuar(...call)
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
  return { view, script, mount, root, host, launcher, iframe, kontuar, say, meetFrame, idle, brought, errors }
}

/** The same, with the script behind the launcher loaded, and the frame's end of the port in hand. */
export async function openChat(options: Options = {}) {
  const shop = openShop(options)
  shop.launcher.click()
  await loaded()
  const { contentWindow, received } = shop.meetFrame()
  shop.say(hello, home, contentWindow)
  const [port] = received[0]?.ports ?? []
  if (!port) throw new Error('no port')
  const heard: ToFrame[] = []
  let wake = () => {}
  port.onmessage = ({ data }) => {
    heard.push(data)
    wake()
  }
  const until = async (type: ToFrame['type']) => {
    for (;;) {
      const found = heard.find((message) => message.type === type)
      if (found) return found
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
  }
  const post = (message: ToLoader) => port.postMessage(message)
  await until('start')
  return { ...shop, heard, until, post, close: () => port.close() }
}

export const loaded = () => new Promise((resolve) => setTimeout(resolve))
