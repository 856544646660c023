import { afterAll, afterEach, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { sendMessage } from '../../src/features/messages/index.ts'
import { changeWidget } from '../../src/features/sites/index.ts'
import { hire } from '../support/cast.ts'
import { type Browser, errorsOf, openPages, type Page, widgetIn, widgetOn } from '../support/chromium.ts'
import { openHouse, type TestHouse } from '../support/house.ts'
import { openShop, type Shop } from '../support/shop.ts'
import { conversationWith, eventually } from '../support/waiting.ts'

// Pages that do everything to their own document that a widget can suffer from (tests/browser/hosts). On each of them a
// person opens the chat, writes, is answered and closes it.
setDefaultTimeout(60_000)

let house: TestHouse
let browser: Browser
const anna = { kind: 'agent', agentId: '', name: 'Anna', role: 'owner' } as {
  kind: 'agent'
  agentId: string
  name: string
  role: string
}
const undo: (() => unknown)[] = []

beforeAll(async () => {
  house = await openHouse({ 'no-limits': true })
  Object.assign(anna, await hire('Anna', 'owner'))
  browser = await openPages()
})

afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})

afterAll(async () => {
  await browser.close()
  await house.close()
})

function shopFor(headers: Record<string, string> = {}): Shop {
  const shop = openShop(house.url, house.site.id, headers)
  undo.push(() => shop.stop())
  return shop
}

async function visit(path: string, headers: Record<string, string> = {}) {
  const context = await browser.newContext({ viewport: { width: 1000, height: 700 }, locale: 'en-GB' })
  undo.push(() => context.close())
  const page = await context.newPage()
  page.setDefaultTimeout(20_000)
  const errors = errorsOf(page)
  const shop = shopFor(headers)
  await page.goto(`http://localhost:${shop.port}/${path}`)
  return { page, context, errors, shop }
}

/** The launcher is where it belongs, as it looks everywhere. */
async function looksRight(page: Page) {
  const { launcher } = widgetOn(page)
  await launcher.waitFor()
  const { width = 0, height = 0 } = page.viewportSize() ?? {}
  await eventually(() => launcher.boundingBox(), { x: width - 76, y: height - 76, width: 56, height: 56 })
  const style = await launcher.evaluate((button) => {
    const { backgroundColor, color, opacity, visibility } = getComputedStyle(button)
    return { backgroundColor, color, opacity, visibility }
  })
  expect(style).toEqual({
    backgroundColor: 'rgb(11, 106, 112)',
    color: 'rgb(255, 255, 255)',
    opacity: '1',
    visibility: 'visible',
  })
}

let talks = 0

/** Opens, writes, is answered, closes. Every click is one of a hand: it misses what is covered. */
async function talk(widget: ReturnType<typeof widgetIn>) {
  const { launcher, host, write, own, theirs, frame } = widget
  const words = `question ${++talks}`
  await launcher.click()
  await write(words)
  await own.getByText('Sent', { exact: true }).first().waitFor()
  const { id } = await conversationWith(words, anna.agentId)
  await sendMessage(anna, { conversationId: id, clientId: `answer-${talks}`, body: `answer ${talks}` })
  await theirs.getByText(`answer ${talks}`).waitFor()
  await frame.getByRole('button', { name: 'Close the chat' }).click()
  await launcher.waitFor()
  await host.locator('.window').waitFor({ state: 'hidden' })
}

const pages = [
  ['all-unset', 'all: unset !important on everything'],
  ['important', 'every property that hides, !important'],
  ['frozen', 'frozen prototypes'],
  ['patched', 'patched fetch, JSON and history, and taken names'],
  ['jquery', 'jQuery 1.12'],
  ['prototype', 'Prototype 1.7, and what 1.6 did to JSON'],
  ['written-snippet', 'the snippet written by document.write'],
  ['overflow', 'overflow: hidden, clip-path and containment'],
  ['transform', 'transforms and filters on html and body'],
  ['z-index', 'a war of z-index'],
  ['clobbered', 'quirks mode, a base elsewhere and names that hide the document’s own'],
] as const

test.each(pages)('a page may be as it likes: %s (%s)', async (path) => {
  const { page, errors } = await visit(path)
  await looksRight(page)
  await talk(widgetOn(page))
  expect(errors).toEqual([])
})

test.each(['patched', 'prototype', 'frozen', 'busy'])('what waits to be sent outlives the page: %s', async (path) => {
  const { page, context, errors, shop } = await visit(path)
  const { launcher, write, own } = widgetOn(page)
  const words = `waiting on ${path}, "quoted"`
  // This tab has no way to the server; the frame itself comes.
  await page.route('**/api/widget/**', (route) => route.abort())
  await page.routeWebSocket(/\/api\/widget\//, (socket) => socket.close())
  await launcher.click()
  await write(words)
  await own.locator('[data-is="pending"]').waitFor()
  await eventually(
    () => page.evaluate(() => Object.keys(localStorage).filter((name) => name.includes(':pending:')).length),
    1,
  )
  await page.reload()
  await launcher.click()
  await own.getByText(words).waitFor()
  await page.close()
  const second = await context.newPage()
  await second.goto(`http://localhost:${shop.port}/${path}`)
  await conversationWith(words, anna.agentId)
  expect(errors).toEqual([])
})

test('a document that is written anew after it was loaded keeps the widget, once', async () => {
  const { page, errors } = await visit('document-write')
  await page.getByText('Written after the load').waitFor()
  await looksRight(page)
  await talk(widgetOn(page))
  expect(await page.locator('kontuar-chat').count()).toBe(1)
  expect(errors).toEqual([])
})

test('a page that throws the widget out with all the rest gets it back, and is not fought for ever', async () => {
  const { page, errors } = await visit('thrown-out')
  await page.getByText('Rendered by the page').waitFor()
  await looksRight(page)
  await talk(widgetOn(page))
  const thrownOut = await page.evaluate(async () => {
    let times = 0
    const observer = new MutationObserver(() => {
      const host = document.querySelector('kontuar-chat')
      if (!host) return
      times++
      host.remove()
    })
    observer.observe(document.documentElement, { childList: true })
    document.querySelector('kontuar-chat')?.remove()
    let before = -1
    while (before !== times) {
      before = times
      await new Promise((resolve) => setTimeout(resolve, 1000))
    }
    return times
  })
  expect(thrownOut).toBeGreaterThan(2)
  expect(thrownOut).toBeLessThanOrEqual(20)
  expect(errors).toEqual([])
})

test('two snippets and a third are one widget', async () => {
  const { page, errors } = await visit('two-snippets')
  await looksRight(page)
  await talk(widgetOn(page))
  expect(await page.locator('kontuar-chat').count()).toBe(1)
  expect(page.frames().filter((frame) => frame.url().includes('/widget/frame'))).toHaveLength(1)
  expect(errors).toEqual([])
})

test('a shop in a frame has its chat in the frame', async () => {
  const { page, errors } = await visit('framed')
  const shop = page.frameLocator('iframe[title="Shop"]')
  await talk(widgetIn(shop))
  expect(errors).toEqual([])
})

const policies = {
  'hosts that may run scripts': (home: string) =>
    `default-src 'none'; script-src ${home}; frame-src ${home}; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'`,
  'a nonce and strict-dynamic': (home: string) =>
    `default-src 'none'; script-src 'nonce-kontuar' 'strict-dynamic'; frame-src ${home}; require-trusted-types-for 'script'; trusted-types 'none'`,
}

test.each(Object.entries(policies))('a strict policy with Trusted Types is kept: %s', async (name, policy) => {
  const context = await browser.newContext({ viewport: { width: 1000, height: 700 }, locale: 'en-GB' })
  undo.push(() => context.close())
  const page = await context.newPage()
  await page.addInitScript(() => {
    const violations: string[] = []
    Object.assign(window, { violations })
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
      violations.push(`${violatedDirective} ${blockedURI}`),
    )
  })
  const shop = shopFor({ 'content-security-policy': policy(house.url) })
  await page.goto(`http://localhost:${shop.port}/${name.includes('nonce') ? 'nonce' : 'plain'}`)
  await looksRight(page)
  await talk(widgetOn(page))
  const violations = () => (window as unknown as { violations: string[] }).violations
  // What the browser itself asks for is the page's own affair.
  expect((await page.evaluate(violations)).filter((one) => !one.includes('favicon'))).toEqual([])
  expect(await page.evaluate(() => document.querySelectorAll('[style]').length)).toBe(0)
})

test('a page that routes by itself shows the launcher where the shop wants it, and its router hears nothing of us', async () => {
  await changeWidget(anna, house.site.id, { widget: { pages: { show: 'except', paths: ['/spa/cart*'] } } })
  undo.push(() => changeWidget(anna, house.site.id, { widget: { pages: { show: 'except', paths: [] } } }))
  const { page, errors } = await visit('spa')
  const { launcher } = widgetOn(page)
  await looksRight(page)
  await page.getByRole('button', { name: 'Cart' }).click()
  await launcher.waitFor({ state: 'hidden' })
  await page.getByRole('button', { name: 'Help' }).click()
  await looksRight(page)
  await page.goBack()
  await launcher.waitFor({ state: 'hidden' })
  await page.goBack()
  await looksRight(page)
  await talk(widgetOn(page))
  expect(await page.evaluate(() => (window as unknown as { routed: string[] }).routed)).toEqual([
    'push /spa/cart',
    'push /spa/help',
    'pop /spa/cart',
    'pop /spa',
  ])
  expect(errors).toEqual([])
})

test('the launcher is not printed', async () => {
  const { page } = await visit('plain')
  const { launcher, host } = widgetOn(page)
  await launcher.click()
  await host.locator('.window').waitFor()
  await page.emulateMedia({ media: 'print' })
  await host.locator('.window').waitFor({ state: 'hidden' })
  expect(await launcher.isVisible()).toBe(false)
})
