import { afterAll, afterEach, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { builtProgram, freshFolder, startServing } from '../support/program.ts'
import { type Browser, errorsOf, openChromium, widgetOn } from '../support/chromium.ts'
import { openHouse, type TestHouse } from '../support/house.ts'
import { openShop } from '../support/shop.ts'
import { eventually } from '../support/waiting.ts'

setDefaultTimeout(60_000)

let house: TestHouse
const undo: (() => unknown)[] = []

beforeAll(async () => {
  house = await openHouse({ demo: true })
})

afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})

afterAll(() => house.close())

async function chromium(...extra: string[]): Promise<Browser> {
  const browser = await openChromium(extra)
  undo.push(() => browser.close())
  return browser
}

function shopFor(chat: string, headers: Record<string, string> = {}) {
  const shop = openShop(chat, house.site.id, headers)
  undo.push(() => shop.stop())
  return shop
}

const storageInside = () => {
  try {
    localStorage.setItem('probe', '1')
    return 'kept'
  } catch (error) {
    return (error as Error).name
  }
}

test('with third-party storage blocked everything works from the page of the shop', async () => {
  const browser = await chromium('--test-third-party-cookie-phaseout')
  const page = await (await browser.newContext()).newPage()
  const shop = shopFor(house.url)
  await page.goto(`http://localhost:${shop.port}/`)
  const { launcher, write, own, field, inside } = widgetOn(page)
  await launcher.click()
  await write('across two sites')
  await own.getByText('Sent', { exact: true }).waitFor()
  // The claim of this test: the frame is on another site, and its own storage is really barred.
  expect(await (await inside()).evaluate(storageInside)).toBe('SecurityError')
  expect(await page.evaluate(storageInside)).toBe('kept')
  await page.reload()
  await launcher.click()
  await own.getByText('across two sites').waitFor()
  await field.fill('a draft')
  await page.reload()
  await launcher.click()
  await eventually(() => field.inputValue(), 'a draft')
})

test('plain http on a name that is not loopback is enough', async () => {
  const browser = await chromium('--host-resolver-rules=MAP *.test 127.0.0.1')
  const context = await browser.newContext()
  const page = await context.newPage()
  const errors = errorsOf(page)
  const shop = shopFor(house.url.replace('127.0.0.1', 'chat.test'))
  await page.goto(`http://shop.test:${shop.port}/`)
  const missing = () => [isSecureContext, typeof crypto.randomUUID, typeof navigator.locks]
  expect(await page.evaluate(missing)).toEqual([false, 'undefined', 'undefined'])
  const one = widgetOn(page)
  await one.launcher.click()
  await one.write('without a secure context')
  await one.own.getByText('Sent', { exact: true }).waitFor()
  expect(await (await one.inside()).evaluate(missing)).toEqual([false, 'undefined', 'undefined'])
  const second = await context.newPage()
  await second.goto(`http://shop.test:${shop.port}/`)
  const two = widgetOn(second)
  await two.launcher.click()
  await two.own.getByText('without a secure context').waitFor()
  await two.write('from a second tab')
  await one.own.getByText('from a second tab').waitFor()
  await two.own.locator('[data-is="sent"]').nth(1).waitFor()
  expect(await one.own.count()).toBe(2)
  expect(errors).toEqual([])
})

test('a page with a strict policy and Trusted Types is not violated', async () => {
  const browser = await chromium()
  const page = await (await browser.newContext()).newPage()
  await page.addInitScript(() => {
    const seen: string[] = []
    Object.assign(window, { violations: seen })
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
      seen.push(`${violatedDirective} ${blockedURI}`),
    )
  })
  const policy = `default-src 'none'; script-src ${house.url}; frame-src ${house.url}; base-uri 'none'; require-trusted-types-for 'script'; trusted-types 'none'`
  const shop = shopFor(house.url, { 'content-security-policy': policy })
  await page.goto(`http://localhost:${shop.port}/`)
  const { launcher, write, own } = widgetOn(page)
  await launcher.waitFor()
  expect(await launcher.evaluate((button) => getComputedStyle(button).backgroundColor)).toBe('rgb(11, 106, 112)')
  await launcher.click()
  await write('under a strict policy')
  await own.getByText('Sent', { exact: true }).waitFor()
  // What the browser itself asks for is the page's own affair.
  const violations = () => (window as unknown as { violations: string[] }).violations
  expect((await page.evaluate(violations)).filter((one) => !one.includes('favicon'))).toEqual([])
  expect(await page.evaluate(() => document.querySelectorAll('[style]').length)).toBe(0)
})

test('a server that is not there is said in words, and the window comes up when it is', async () => {
  const browser = await chromium()
  const page = await (await browser.newContext()).newPage()
  const shop = shopFor(house.url)
  await page.goto(`http://localhost:${shop.port}/`)
  const { launcher, host, field } = widgetOn(page)
  await launcher.waitFor()
  await page.clock.install()
  await page.route('**/widget/frame*', (route) => route.abort())
  await launcher.click()
  await page.clock.runFor(10_000)
  await host.getByText('The chat does not answer').waitFor()
  // And goes on being said while it is tried again.
  const again = page.waitForRequest('**/widget/frame*')
  await page.clock.runFor(1000)
  await again
  expect(await host.getByText('The chat does not answer').isVisible()).toBe(true)
  await page.unroute('**/widget/frame*')
  await page.clock.runFor(13_000)
  await field.waitFor()
})

test('a server killed between send and answer and started again has every message once, and the page heals itself', async () => {
  await using folder = await freshFolder()
  const start = (port: string) => startServing(builtProgram, ['--demo', '--data', folder.path, '--port', port])
  let server = await start('0')
  undo.push(() => server.end('SIGKILL'))
  const { url } = server
  const browser = await chromium()
  const page = await (await browser.newContext()).newPage()
  const errors = errorsOf(page)
  await page.goto(`${url}/demo`)
  const { launcher, write, own, theirs, bar } = widgetOn(page)
  await launcher.click()
  await write('one')
  await own.getByText('Sent', { exact: true }).waitFor()
  for (let round = 0; round < 3; round++) {
    // Sent, and killed at once: whether it was kept is not known to anybody.
    await write(`in flight ${round}`)
    await server.end('SIGKILL')
    await write(`while it was down ${round}`)
    await bar.getByText('Waiting for connection').waitFor()
    server = await start(new URL(url).port)
    await page.waitForFunction(
      (count) => {
        const frame = document.querySelector('kontuar-chat')?.shadowRoot?.querySelector('iframe')
        return frame?.contentDocument?.querySelectorAll('.state[data-is="sent"]').length === count
      },
      3 + round * 2,
      { timeout: 30_000 },
    )
  }
  const wanted = ['one', ...[0, 1, 2].flatMap((round) => [`in flight ${round}`, `while it was down ${round}`])]
  const shown = async () => (await own.locator('.face').allTextContents()).map((text) => text.replace('You: ', ''))
  expect(await shown()).toEqual(wanted)
  await page.reload()
  await launcher.click()
  await own.nth(wanted.length - 1).waitFor()
  expect(await shown()).toEqual(wanted)
  expect(await theirs.locator('.face').count()).toBe(1)
  expect(errors).toEqual([])
}, 120_000)
