import { afterAll, afterEach, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { changeWidget } from '../../src/features/sites/index.ts'
import { type Browser, errorsOf, openChromium, type Page, widgetOn } from '../support/chromium.ts'
import { openHouse, type TestHouse } from '../support/house.ts'
import { openShop, type Shop } from '../support/shop.ts'
import { eventually } from '../support/waiting.ts'

// A phone's screen is the chat's alone while it is open; beside a desk it is not.
setDefaultTimeout(60_000)

let house: TestHouse
let shop: Shop
let browser: Browser
const undo: (() => unknown)[] = []

beforeAll(async () => {
  house = await openHouse({ 'no-limits': true })
  shop = openShop(house.url, house.site.id)
  browser = await openChromium()
})

afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})

afterAll(async () => {
  await browser.close()
  await shop.stop()
  await house.close()
})

const phone = { viewport: { width: 390, height: 780 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 }
const desk = { viewport: { width: 1000, height: 700 } }
/** 1280 by 1024, enlarged to 400 %. */
const enlarged = { viewport: { width: 320, height: 256 } }

async function visit(path: string, options: Parameters<Browser['newContext']>[0]) {
  const context = await browser.newContext({ locale: 'en-GB', ...options })
  undo.push(() => context.close())
  const page = await context.newPage()
  page.setDefaultTimeout(15_000)
  const errors = errorsOf(page)
  await page.goto(`http://localhost:${shop.port}/${path}`)
  const widget = widgetOn(page)
  await widget.launcher.waitFor()
  return { page, context, errors, ...widget, window: widget.host.locator('.window') }
}

const stateOf = (page: Page) => page.evaluate(() => [location.pathname, history.state] as [string, unknown])
/** Where the page's router has been, one after the other. */
const wentTo = (page: Page) =>
  page.evaluate(() =>
    (globalThis as unknown as { routed: string[] }).routed
      .map((step) => step.split(' ')[1])
      .filter((path, at, all) => path !== all[at - 1]),
  )
const focused = (page: Page) =>
  page.evaluate(() => {
    const active = document.activeElement
    return active?.shadowRoot?.activeElement?.className || active?.id || active?.localName
  })

test('on a phone the window is the whole screen, and as much of it as the keyboard leaves', async () => {
  const { page, launcher, window, field } = await visit('plain', phone)
  await launcher.tap()
  await field.waitFor()
  await eventually(() => window.boundingBox(), { x: 0, y: 0, width: 390, height: 780 })
  expect(await window.evaluate((dialog) => dialog.matches(':modal'))).toBe(true)
  expect(await field.evaluate((one) => Number.parseFloat(getComputedStyle(one).fontSize))).toBeGreaterThanOrEqual(16)
  await page.evaluate(() => {
    const seen = visualViewport as VisualViewport
    Object.defineProperty(seen, 'height', { value: 440 })
    Object.defineProperty(seen, 'offsetTop', { value: 30 })
    seen.dispatchEvent(new Event('resize'))
  })
  expect(await window.boundingBox()).toEqual({ x: 0, y: 30, width: 390, height: 440 })
})

test('the page behind does not scroll, and stands where it stood when the window closes', async () => {
  const { page, launcher, window, frame } = await visit('scrolled', phone)
  await page.evaluate(() => scrollTo(0, 1234))
  const scrolled = () => page.evaluate(() => Math.round(scrollY))
  expect(await scrolled()).toBe(1234)
  const width = await page.evaluate(() => document.documentElement.clientWidth)
  await launcher.tap()
  await window.waitFor()
  const style = () => page.evaluate(() => getComputedStyle(document.documentElement).overflowY)
  expect(await style()).toBe('hidden')
  await page.mouse.move(200, 60)
  await page.mouse.wheel(0, 500)
  expect(
    await page.evaluate(() => [document.documentElement, document.body].map((one) => one.hasAttribute('style'))),
  ).toEqual([false, false])
  await frame.getByRole('button', { name: 'Close the chat' }).tap()
  await launcher.waitFor()
  expect(await style()).not.toBe('hidden')
  await eventually(scrolled, 1234)
  expect(await page.evaluate(() => document.documentElement.clientWidth)).toBe(width)
})

test('the back button closes the window, and its next step is the page’s own', async () => {
  const { page, launcher, window, errors } = await visit('spa', phone)
  await page.getByRole('button', { name: 'Cart' }).tap()
  const before = await stateOf(page)
  const length = await page.evaluate(() => history.length)
  await launcher.tap()
  await window.waitFor()
  expect(await page.evaluate(() => history.length)).toBe(length + 1)
  await page.goBack()
  await window.waitFor({ state: 'hidden' })
  expect(await stateOf(page)).toEqual(before)
  await page.goBack()
  expect(await stateOf(page)).toEqual(['/spa', { key: 'first' }])
  expect(await wentTo(page)).toEqual(['/spa/cart', '/spa'])
  expect(errors).toEqual([])
})

test('closing takes the step out of the history again, and opening once more puts one in', async () => {
  const { page, launcher, window, frame } = await visit('spa', phone)
  await page.getByRole('button', { name: 'Cart' }).tap()
  const before = await stateOf(page)
  const close = frame.getByRole('button', { name: 'Close the chat' })
  for (let round = 0; round < 3; round++) {
    await launcher.tap()
    await close.tap()
    await window.waitFor({ state: 'hidden' })
    await eventually(() => stateOf(page), before)
  }
  // Closed and opened within one breath, as an impatient thumb does.
  await page.evaluate(() => {
    const { kontuar } = globalThis as unknown as { kontuar(command: string): void }
    for (const command of ['open', 'close', 'open']) kontuar(command)
  })
  await window.waitFor()
  await eventually(() => page.evaluate(() => history.state?.kontuar), true)
  await page.goBack()
  await window.waitFor({ state: 'hidden' })
  expect(await stateOf(page)).toEqual(before)
  await page.goBack()
  expect((await stateOf(page))[0]).toBe('/spa')
  expect(await wentTo(page)).toEqual(['/spa/cart', '/spa'])
})

test('a reload while it is open leaves no dead step behind', async () => {
  const { page, launcher, window } = await visit('plain', phone)
  const length = await page.evaluate(() => history.length)
  await launcher.tap()
  await window.waitFor()
  await page.reload()
  await launcher.tap()
  await window.waitFor()
  expect(await page.evaluate(() => history.length)).toBe(length + 1)
  await page.goBack()
  await window.waitFor({ state: 'hidden' })
})

test('on a phone the focus stays in the window, and comes back to where it was', async () => {
  const { page, launcher, window, field } = await visit('scrolled', { ...phone, hasTouch: false })
  await launcher.focus()
  await page.keyboard.press('Enter')
  await window.waitFor()
  await field.waitFor()
  const seen = new Set<string | undefined>()
  for (let step = 0; step < 12; step++) {
    await page.keyboard.press('Tab')
    seen.add(await focused(page))
  }
  expect(seen.has('help')).toBe(false)
  await field.focus()
  await page.keyboard.press('Escape')
  await window.waitFor({ state: 'hidden' })
  expect(await focused(page)).toContain('launcher')
  // Opened from a button of the page, it goes back to that.
  await page.locator('#help').focus()
  await page.evaluate(() => (globalThis as unknown as { kontuar(command: string): void }).kontuar('open'))
  await window.waitFor()
  await field.focus()
  await page.keyboard.press('Escape')
  await eventually(() => focused(page), 'help')
})

test('at a desk the page stays in reach beside the window', async () => {
  const { page, launcher, window, field } = await visit('scrolled', desk)
  const length = await page.evaluate(() => history.length)
  await launcher.click()
  await field.waitFor()
  expect(await window.evaluate((dialog) => dialog.matches(':modal'))).toBe(false)
  await page.mouse.move(100, 300)
  await page.mouse.wheel(0, 400)
  await eventually(() => page.evaluate(() => scrollY > 0), true)
  await page.locator('#help').focus()
  expect(await focused(page)).toBe('help')
  // Closed by the page while the visitor is elsewhere: the focus stays there.
  await page.evaluate(() => (globalThis as unknown as { kontuar(command: string): void }).kontuar('close'))
  await window.waitFor({ state: 'hidden' })
  expect(await focused(page)).toBe('help')
  expect(await page.evaluate(() => history.length)).toBe(length)
})

test('turned or made larger while it is open, the window becomes the other kind', async () => {
  const { page, launcher, window, field } = await visit('scrolled', { ...desk, viewport: { width: 390, height: 700 } })
  const before = await stateOf(page)
  const modal = () => window.evaluate((dialog) => dialog.matches(':modal'))
  const locked = () => page.evaluate(() => getComputedStyle(document.documentElement).overflowY === 'hidden')
  await launcher.click()
  await field.fill('half a sentence')
  expect([await modal(), await locked()]).toEqual([true, true])
  await page.setViewportSize({ width: 1000, height: 700 })
  await eventually(async () => [await modal(), await locked()], [false, false])
  await eventually(() => stateOf(page), before)
  await page.setViewportSize({ width: 390, height: 700 })
  await eventually(async () => [await modal(), await locked()], [true, true])
  expect(await field.inputValue()).toBe('half a sentence')
})

test('enlarged to 400 % everything is in reach', async () => {
  const { page, launcher, window, field, own, write, inside } = await visit('plain', enlarged)
  const box = await launcher.boundingBox()
  expect(box).toEqual({ x: 244, y: 180, width: 56, height: 56 })
  await launcher.click()
  await field.waitFor()
  await eventually(() => window.boundingBox(), { x: 0, y: 0, width: 320, height: 256 })
  await write('large letters')
  await own.getByText('Sent', { exact: true }).waitFor()
  expect(await (await inside()).evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320)
  expect(await field.isVisible()).toBe(true)
  await page.keyboard.press('Escape')
  await launcher.waitFor()
})

test('a launcher far from the edges stays on a small screen, and one that phones are not to have is not there', async () => {
  const settings = (widget: object) => changeWidget({ role: 'owner' }, house.site.id, { widget })
  undo.push(() => settings({ offset: { inline: 20, block: 20 }, hiddenOn: [], label: '' }))
  await settings({ offset: { inline: 200, block: 200 } })
  const small = await visit('plain', { viewport: { width: 200, height: 200 } })
  expect(await small.launcher.boundingBox()).toEqual({ x: 20, y: 20, width: 56, height: 56 })
  await settings({ hiddenOn: ['phone'] })
  const context = await browser.newContext(phone)
  undo.push(() => context.close())
  const page = await context.newPage()
  await page.goto(`http://localhost:${shop.port}/plain`)
  const { launcher } = widgetOn(page)
  await launcher.waitFor({ state: 'attached' })
  expect(await launcher.isVisible()).toBe(false)
  // A tablet may have it, and a page that is made larger becomes one.
  await page.setViewportSize({ width: 900, height: 1200 })
  await launcher.waitFor()
  await page.setViewportSize({ width: 390, height: 780 })
  await launcher.waitFor({ state: 'hidden' })
})

test('it opens by itself once in a visit, takes nothing from the visitor, keeps nothing, and leaves phones alone', async () => {
  await changeWidget({ role: 'owner' }, house.site.id, { widget: { openAfterSeconds: 1 } })
  undo.push(() => changeWidget({ role: 'owner' }, house.site.id, { widget: { openAfterSeconds: null } }))
  const onPhone = visit('plain', phone)
  const { page, window, field, frame, launcher } = await visit('scrolled', desk)
  await page.locator('#help').focus()
  await window.waitFor()
  await field.waitFor()
  expect(await page.evaluate(() => [localStorage.length, sessionStorage.length, document.cookie])).toEqual([0, 0, ''])
  expect(await focused(page)).toBe('help')
  await frame.getByRole('button', { name: 'Close the chat' }).click()
  await launcher.waitFor()
  for (const path of ['plain', 'scrolled']) {
    await page.goto(`http://localhost:${shop.port}/${path}`)
    await launcher.waitFor()
    await page.waitForTimeout(1500)
    expect(await window.count()).toBe(0)
  }
  await page.reload()
  await launcher.waitFor()
  await page.waitForTimeout(1500)
  expect(await window.count()).toBe(0)
  expect(await (await onPhone).window.count()).toBe(0)
})
