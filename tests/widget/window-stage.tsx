import { afterEach, beforeEach } from 'bun:test'
import { Window } from 'happy-dom'
import { render } from 'preact'
import { App } from '../../src/browser/widget/app.tsx'
import * as forms from '../../src/browser/widget/forms.ts'
import { whenIn } from '../../src/browser/widget/when.ts'
import type { Locale } from '../../src/catalogues/locales.ts'
import { widgetTranslator } from '../support/widget-words.ts'
import { FakeServer, openTab, SharedStorage } from './stage.ts'

const borrowed = ['document', 'window', 'matchMedia', 'requestAnimationFrame', 'Node', 'Element', 'Text'] as const
const own = new Map(borrowed.map((name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)]))
const roots: HTMLElement[] = []
let window: Window

/** Lends the names that Preact reaches for to each test of a file, and takes them back: servers run in this process, too. */
export function lendDocument() {
  beforeEach(() => {
    window = new Window({ url: 'https://chat.test/widget/frame' })
    for (const name of borrowed) {
      const value = name === 'window' ? window : window[name]
      Object.defineProperty(globalThis, name, { configurable: true, writable: true, value })
    }
  })

  afterEach(async () => {
    for (const root of roots.splice(0)) render(null, root)
    // effects that were put off run before the window goes
    await Bun.sleep(20)
    for (const [name, descriptor] of own) {
      if (descriptor) Object.defineProperty(globalThis, name, descriptor)
      else Reflect.deleteProperty(globalThis, name)
    }
    await window.happyDOM.close()
  })
}

/** The window of a tab on a scripted server, drawn into a document. */
export async function openWindow({
  locale = 'en' as Locale,
  open = true,
  server = new FakeServer(),
  shared = new SharedStorage(),
} = {}) {
  const tab = openTab(server, shared, { open })
  const say = widgetTranslator(locale)
  const when = whenIn(locale, say, () => tab.chat.connection.known.clock.now())
  const extras = { showEmoji: async () => {}, forms: async () => forms }
  const root = document.body.appendChild(document.createElement('div'))
  roots.push(root)
  const draw = () => render(<App chat={tab.chat} say={say} when={when} extras={extras} />, root)
  async function pass(ms: number) {
    await tab.pass(ms)
    draw()
  }
  /** Lets effects run, which come after a drawing, until there is what is waited for. */
  async function until<T>(look: () => T | null | undefined | false): Promise<T> {
    for (let turn = 0; turn < 500; turn++) {
      const found = look()
      if (found) return found
      await Bun.sleep(2)
      await pass(0)
    }
    throw new Error(`it did not come: ${root.textContent}`)
  }
  await pass(100)
  const all = (selector: string) => [...root.querySelectorAll(selector)].map((one) => one.textContent?.trim())
  return { ...tab, server, root, draw, pass, until, all, text: (selector: string) => all(selector)[0] ?? null }
}

export const button = (root: Element, name: string) =>
  [...root.querySelectorAll('button')].find((one) => (one.getAttribute('aria-label') ?? one.textContent) === name)

/** Dispatches an event of the lent window, as a browser would. */
export function happen(target: Element | null | undefined, type: string, init: Record<string, unknown> = {}) {
  const Made = type.startsWith('key')
    ? window.KeyboardEvent
    : type.startsWith('pointer')
      ? window.PointerEvent
      : window.Event
  const event = new Made(type, { bubbles: true, cancelable: true, ...init })
  target?.dispatchEvent(event as never)
  return event as unknown as Event
}

/** Writes into a field as a person does. */
export function write(field: Element | null, value: string) {
  if (!field) throw new Error('there is no such field')
  ;(field as HTMLInputElement).value = value
  happen(field, 'input')
}
