import { Window } from 'happy-dom'

const borrowed = [
  'window',
  'document',
  'navigator',
  'location',
  'localStorage',
  'Element',
  'HTMLElement',
  'HTMLInputElement',
  'HTMLTextAreaElement',
  'DOMParser',
  'CustomEvent',
  'Node',
  'MutationObserver',
]

/** A page for scripts of the console, which find its globals while `run` does. Each script is loaded anew for it. */
export async function onPage(html: string, run: (page: Window) => Promise<void>): Promise<void> {
  const page = new Window({ url: 'https://kontuar.test/inbox' })
  page.document.write(html)
  const all = globalThis as unknown as Record<string, unknown>
  const before = borrowed.map((name) => [name, Object.getOwnPropertyDescriptor(all, name)] as const)
  for (const name of borrowed) {
    const value = name === 'window' ? page : (page as unknown as Record<string, unknown>)[name]
    Object.defineProperty(all, name, { value, configurable: true, writable: true })
  }
  try {
    await run(page)
  } finally {
    for (const [name, descriptor] of before) {
      if (descriptor) Object.defineProperty(all, name, descriptor)
      else delete all[name]
    }
    await page.happyDOM.close()
  }
}
