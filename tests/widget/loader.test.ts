import { afterEach, expect, test } from 'bun:test'
import { Window } from 'happy-dom'
import { meetLoader } from '../../src/browser/widget/frame-port.ts'
import * as hostScript from '../../src/browser/widget/host.ts'
import { mountWidget } from '../../src/browser/widget/mount.ts'
import { hello, welcome } from '../../src/browser/widget/port.ts'
import { lookOf } from '../../views/widget/look.ts'
import { defaultSettings } from '../../views/widget/settings.ts'
import { closeShops, home, loaded, openChat, openShop } from './shop-page.ts'

afterEach(closeShops)

const storageOf = ({ view }: ReturnType<typeof openShop>) =>
  Array.from({ length: view.localStorage.length }, (_, at) => view.localStorage.key(at))

test('the launcher is painted without a style attribute, a style element or a request', async () => {
  const shop = openShop()
  for (const run of shop.idle) run()
  await loaded()
  expect(shop.launcher.getAttribute('aria-label')).toBe('Open the chat')
  expect(shop.root.adoptedStyleSheets).toHaveLength(1)
  expect(shop.root.querySelector('style')).toBeNull()
  expect(shop.root.querySelectorAll('[style]')).toHaveLength(0)
  expect(shop.brought).toEqual([])
  expect(shop.iframe()).toBeNull()
  expect(storageOf(shop)).toEqual([])
  expect(shop.view.document.cookie).toBe('')
})

test.each(['pointerenter', 'focus', 'touchstart'])(
  '%s on the launcher brings what is behind it once, the frame, and nothing into the storage',
  async (sign) => {
    const shop = openShop()
    shop.launcher.dispatchEvent(new shop.view.Event(sign))
    shop.launcher.dispatchEvent(new shop.view.Event(sign))
    await loaded()
    expect(shop.brought).toEqual([`${home}/assets/host-1.js`])
    expect(shop.iframe()?.src).toBe(`${home}/widget/frame?site=site-1`)
    expect(shop.iframe()?.title).toBe('Chat')
    expect(storageOf(shop)).toEqual([])
  },
)

test('a visitor who wrote before has the frame when the page is idle', async () => {
  const shop = openShop({ prepare: (window) => window.localStorage.setItem('kontuar:site-1:token', 'token-1') })
  await loaded()
  expect(shop.iframe()).toBeNull()
  for (const run of shop.idle) run()
  await loaded()
  expect(shop.iframe()).not.toBeNull()
})

test('a visitor who begins in another tab has the frame in this one', async () => {
  const shop = openShop()
  const event = new shop.view.Event('storage')
  shop.view.dispatchEvent(Object.assign(event, { key: 'kontuar:site-1:token', newValue: 'token-1' }))
  await loaded()
  expect(shop.iframe()).not.toBeNull()
})

test('a snippet that stands twice is one widget, and one without a site is none', () => {
  const { view, mount } = openShop()
  mount()
  expect(view.document.querySelectorAll('kontuar-chat')).toHaveLength(1)
  const bare = new Window({ url: 'https://shop.test/' })
  const other = bare as unknown as globalThis.Window & typeof globalThis
  const look = lookOf(null, defaultSettings, '/host.js')
  const script = other.document.createElement('script')
  mountWidget(other, script, look)
  mountWidget(other, null, look)
  expect(other.document.querySelector('kontuar-chat')).toBeNull()
  script.src = `${home}/widget.js`
  mountWidget(other, script, { ...look, site: 'site-2' })
  expect(other.document.querySelector('kontuar-chat')).not.toBeNull()
})

test('the frame of our origin gets a port, with what the page keeps', async () => {
  const prepare = (window: Window) => window.localStorage.setItem('kontuar:site-1:token', 'token-1')
  const { heard, close } = await openChat({ prepare })
  // The page first: it goes with the first thing that the frame says to the server.
  expect(heard).toEqual([
    { type: 'page', page: { url: 'https://shop.test/cart', title: '' }, referrer: '' },
    { type: 'start', token: 'token-1', items: [], draft: '', readMark: 0, open: true },
  ])
  close()
})

test('a foreign origin, `null`, a sibling frame and other messages get nothing', async () => {
  const shop = openShop()
  shop.launcher.click()
  await loaded()
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
  expect(received).toMatchObject([{ data: welcome, origin: home }])
  received[0]?.ports[0]?.close()
})

test('before there is a frame nobody gets a port, not even from our origin', async () => {
  const shop = openShop()
  expect(() => shop.say(hello, home, null)).not.toThrow()
  shop.kontuar('toggle')
  shop.kontuar('toggle')
  await loaded()
  shop.iframe()?.remove()
  expect(() => shop.say(hello, home, null)).not.toThrow()
  expect(shop.root.querySelector('[data-ready]')).toBeNull()
})

test('opening and closing moves the focus there and back, and Escape closes', async () => {
  const { launcher, root, view } = openShop()
  launcher.focus()
  launcher.click()
  await loaded()
  expect(launcher.hidden).toBe(true)
  expect(launcher.getAttribute('aria-expanded')).toBe('true')
  expect(root.querySelector('.window')?.hasAttribute('open')).toBe(true)
  expect(root.querySelector('.window [role="status"]')?.textContent).toBe('Opening the chat…')
  root.querySelector('.window')?.dispatchEvent(new view.KeyboardEvent('keydown', { key: 'Escape' }))
  expect(launcher.hidden).toBe(false)
  expect(launcher.getAttribute('aria-expanded')).toBe('false')
  expect(root.activeElement ?? view.document.activeElement?.shadowRoot?.activeElement ?? launcher).toBe(launcher)
})

test('a storage that throws leaves the launcher standing', async () => {
  const { launcher, iframe, kontuar, errors } = openShop({
    prepare(window) {
      for (const name of ['localStorage', 'sessionStorage']) {
        Object.defineProperty(window, name, {
          get() {
            throw new DOMException('blocked', 'SecurityError')
          },
        })
      }
    },
  })
  launcher.click()
  await loaded()
  expect(iframe()).not.toBeNull()
  kontuar('shutdown')
  expect(errors).toEqual([])
})

test('the launcher speaks the language of the visitor, or the one that the shop has set', () => {
  const prepare = (window: Window) =>
    Object.defineProperty(window.navigator, 'languages', { value: ['de-DE', 'pl-PL', 'en'] })
  expect(openShop({ prepare }).launcher.getAttribute('aria-label')).toBe('Otwórz czat')
  const set = openShop({ prepare, settings: { locale: 'fr', label: 'Écrivez-nous' } })
  expect(set.launcher.getAttribute('aria-label')).toBe('Écrivez-nous: Ouvrir le chat')
  expect(set.launcher.textContent).toBe('Écrivez-nous')
  expect(set.host.lang).toBe('fr')
})

test('a script that cannot be had is said in words, asked for again at another address, and then forgotten', async () => {
  const asked: string[] = []
  let works = false
  const { launcher, root, iframe } = openShop({
    prepare: (window) =>
      Object.assign(window, { setTimeout: (run: () => void, ms: number) => ms < 10_000 && setTimeout(run, 1) }),
    bring(url) {
      asked.push(url)
      return works ? Promise.resolve(hostScript) : Promise.reject(new TypeError('failed to fetch'))
    },
  })
  const said = () => root.querySelector('.said')?.textContent
  launcher.click()
  await loaded()
  expect(said()).toBe('The chat does not answer. Trying again by itself…')
  works = true
  for (let turn = 0; turn < 50 && !iframe(); turn++) await new Promise((resolve) => setTimeout(resolve, 2))
  expect(iframe()).not.toBeNull()
  expect(said()).toBe('')
  expect(asked.slice(0, 2)).toEqual([`${home}/assets/host-1.js`, `${home}/assets/host-1.js?1`])
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
