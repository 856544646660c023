import { existsSync } from 'node:fs'
import { type Browser, type BrowserContext, chromium, type Frame, type FrameLocator, type Page } from 'playwright-core'

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

const whole = process.env.CHROMIUM ?? '/usr/bin/chromium'
const shell = '/usr/bin/chromium-headless-shell'

/**
 * Debian's Chromium as people have it, headless: for what its own windows, permissions, memory of pages or clock have a part
 * in. `extra` are more of its flags, `without` those of Playwright's that it is to do without.
 */
export const openChromium = (extra: string[] = [], without: string[] = []): Promise<Browser> =>
  open(whole, extra, without)

/** The same engine without windows of its own, in which a page opens in a third of the time: for what happens in pages. */
export const openPages = (): Promise<Browser> => open(process.env.CHROMIUM || !existsSync(shell) ? whole : shell)

async function open(executablePath: string, extra: string[] = [], without: string[] = []): Promise<Browser> {
  const browser = await chromium.launch({
    executablePath,
    args: [...flags, ...extra],
    ignoreDefaultArgs: without,
  })
  const newContext = browser.newContext.bind(browser)
  // Playwright holds up service workers while it looks at them, and now and then a page's loading with them: only a test
  // that is about them allows them.
  return Object.assign(browser, {
    newContext: (options?: Parameters<Browser['newContext']>[0]) => newContext({ serviceWorkers: 'block', ...options }),
  })
}

/** What the widget says beside a message that the server has, whoever is there. */
export const kept = /^(Sent|Delivered|Seen)$/

/** Errors of a page and of every frame in it; a test that wants none expects this to stay empty. */
export function errorsOf(page: Page): string[] {
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(String(error)))
  page.on('console', (message) => {
    // What a page asks of a server that is down is told on the console too, and is no fault of the page.
    const text = message.text()
    if (message.type() === 'error' && !/net::ERR_|WebSocket connection|Failed to load resource/.test(text))
      errors.push(text)
  })
  return errors
}

/** The widget on a shop's page, as a person meets it. */
export function widgetOn(page: Page) {
  return {
    ...widgetIn(page),
    /** The frame itself, for what only code inside it can know. */
    async inside(): Promise<Frame> {
      const element = await page.waitForSelector('kontuar-chat iframe', { state: 'attached' })
      const inner = await element.contentFrame()
      if (!inner) throw new Error('the widget has no frame')
      return inner
    },
  }
}

/** The same, also on a page that is in a frame of another. */
export function widgetIn(page: Page | FrameLocator) {
  const host = page.locator('kontuar-chat')
  const frame = page.frameLocator('kontuar-chat iframe')
  return {
    host,
    frame,
    launcher: host.locator('.launcher'),
    field: frame.locator('textarea'),
    log: frame.getByRole('log'),
    own: frame.locator('.say[data-from="me"]'),
    theirs: frame.locator('.say:not([data-from="me"])'),
    bar: frame.locator('.bar'),
    open: () => host.locator('.launcher').click(),
    async write(text: string) {
      await frame.locator('textarea').fill(text)
      await frame.locator('textarea').press('Enter')
    },
  }
}

export type { Browser, BrowserContext, Page }
