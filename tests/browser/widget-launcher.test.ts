import { afterAll, afterEach, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { changeWidget, createSite } from '../../src/features/sites/index.ts'
import { write } from '../../src/platform/db/write.ts'
import type { ToLoader } from '../../src/browser/widget/port.ts'
import { defaultSettings, type WidgetSettings } from '../../views/widget/settings.ts'
import { faults } from '../support/axe.ts'
import { type Browser, errorsOf, openPages, type Page, widgetOn } from '../support/chromium.ts'
import { openHouse, type TestHouse } from '../support/house.ts'
import { openShop } from '../support/shop.ts'
import { keepPicture } from '../support/pictures.ts'
import { eventually } from '../support/waiting.ts'

// The launcher in every look, and what it says of itself. The pictures are for people.
setDefaultTimeout(60_000)

let house: TestHouse
let browser: Browser
const undo: (() => unknown)[] = []

beforeAll(async () => {
  house = await openHouse({ 'no-limits': true })
  browser = await openPages()
})

afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})

afterAll(async () => {
  await browser.close()
  await house.close()
})

type Options = Parameters<Browser['newContext']>[0]
const desk = { viewport: { width: 900, height: 640 } }
const phone = { viewport: { width: 390, height: 780 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 }

async function visit(widget: Partial<WidgetSettings>, options: Options = {}, path = 'shop', fake = false) {
  const site = await write((tx) => createSite(tx, { name: 'Voda Severa' }))
  await changeWidget({ role: 'owner' }, site.id, { widget })
  const shop = openShop(house.url, site.id)
  undo.push(() => shop.stop())
  const context = await browser.newContext({ locale: 'en-GB', ...desk, ...options })
  undo.push(() => context.close())
  const page = await context.newPage()
  page.setDefaultTimeout(15_000)
  const errors = errorsOf(page)
  if (fake)
    await page.route('**/widget/frame*', (route) => route.fulfill({ contentType: 'text/html', body: fakeFrame }))
  await page.goto(`http://localhost:${shop.port}/${path}`)
  const widgetHere = widgetOn(page)
  await widgetHere.launcher.waitFor()
  return { page, context, site, errors, ...widgetHere, teaser: widgetHere.host.locator('.teaser') }
}

/** A frame that says to the loader whatever a test has it say. */
const fakeFrame = `<!doctype html><title>Chat</title><body style="margin:0;background:Canvas"><script>
  addEventListener('message', ({ data, ports }) => { if (data === 'kontuar:port') window.port = ports[0] })
  parent.postMessage('kontuar:hello', '*')
</script>`

/** The page with a frame of ours behind the launcher, and how to speak as that frame. */
async function visitWithFrame(widget: Partial<WidgetSettings>, options?: Options, path?: string) {
  const visited = await visit(widget, options, path, true)
  await visited.launcher.dispatchEvent('pointerenter')
  const inFrame = async <T>(run: (message: ToLoader | null) => T, message: ToLoader | null = null) =>
    (await visited.inside()).evaluate(run as (message: unknown) => T, message)
  await eventually(() => inFrame(() => 'port' in window), true)
  const say = (message: ToLoader) =>
    inFrame((one) => (window as unknown as { port: MessagePort }).port.postMessage(one), message)
  return { ...visited, say }
}

const look = (page: Page, name: string) => keepPicture(page, `launcher-${name}`)

type Case = [widget: Partial<WidgetSettings>, options?: Options, path?: string]

const looks: [name: string, look: Case][] = [
  ['default', [{}]],
  ['dark-page', [{}, { colorScheme: 'dark' }]],
  ['always-dark', [{ theme: 'dark' }]],
  ['always-light', [{ theme: 'light' }, { colorScheme: 'dark' }]],
  ['label', [{ label: 'Write to us' }]],
  ['plum-question', [{ colour: '#8a2f6b', icon: 'question', label: 'Help' }]],
  ['plum-dark', [{ colour: '#8a2f6b', icon: 'question' }, { colorScheme: 'dark' }]],
  ['yellow-phone', [{ colour: '#ffe14d', icon: 'phone' }]],
  ['black-drop-dark', [{ colour: '#000000', icon: 'drop', label: 'Вода?' }, { colorScheme: 'dark' }]],
  ['start-offset', [{ side: 'start', offset: { inline: 60, block: 90 } }]],
  ['right-to-left', [{ label: 'اكتب لنا' }, {}, 'rtl']],
  ['right-to-left-start', [{ side: 'start' }, {}, 'rtl']],
  ['on-a-phone', [{ label: 'Write to us' }, phone]],
  ['longest-label', [{ label: 'ЖЖЖЖЖЖЖЖЖЖЖЖЖЖЖЖЖЖЖЖЖЖЖЖЖЖЖЖЖЖ' }, { viewport: { width: 320, height: 400 } }]],
  ['forced-colours', [{ label: 'Write to us' }, { forcedColors: 'active' }]],
  ['forced-colours-dark', [{}, { forcedColors: 'active', colorScheme: 'dark' }]],
]

test.each(looks)(
  'the launcher stands as the shop set it, and bars nobody: %s',
  async (name, [widget, options, path]) => {
    const { page, launcher, errors } = await visit(widget, options, path)
    await look(page, name)
    expect(await faults(page)).toEqual([])
    const box = await launcher.boundingBox()
    if (!box) throw new Error('no launcher')
    const { width, height } = page.viewportSize() ?? { width: 0, height: 0 }
    const { inline, block } = widget.offset ?? defaultSettings.offset
    const left = (widget.side === 'start') !== (path === 'rtl')
    expect(Math.round(left ? box.x : width - box.x - box.width)).toBe(inline)
    expect(Math.round(height - box.y - box.height)).toBe(block)
    expect(Math.min(box.width, box.height)).toBeGreaterThanOrEqual(44)
    expect(box.x).toBeGreaterThanOrEqual(0)
    expect(box.x + box.width).toBeLessThanOrEqual(width)
    expect(errors).toEqual([])
  },
)

test('it says what it is and how it stands, to those who do not see it', async () => {
  const { launcher, host, say } = await visitWithFrame({ label: 'Write to us' })
  const described = () => launcher.ariaSnapshot()
  expect(await described()).toBe(`- 'button "Write to us: Open the chat"': Write to us`)
  expect(await launcher.getAttribute('aria-haspopup')).toBe('dialog')
  await say({ type: 'unread', count: 2, label: 'Open the chat, 2 unread messages' })
  await eventually(described, `- 'button "Write to us: Open the chat, 2 unread messages"': Write to us`)
  await launcher.press('Enter')
  await host.getByRole('dialog', { name: 'Chat' }).waitFor()
  expect(await launcher.getAttribute('aria-expanded')).toBe('true')
  await say({ type: 'close' })
  await launcher.waitFor()
  expect(await launcher.getAttribute('aria-expanded')).toBe('false')
})

const text = 'Of course, we take them back. How do I reach the concierge, and is there somebody there in the morning?'
const message = { author: { kind: 'agent', name: 'Anna Berg' }, text, at: 1 } as const

const teasers: [name: string, look: Case][] = [
  ['light', [{}]],
  ['dark', [{ colour: '#8a2f6b' }, { colorScheme: 'dark' }]],
  ['start', [{ side: 'start', offset: { inline: 20, block: 80 } }]],
  ['phone', [{ label: 'Write to us' }, phone]],
  ['right-to-left', [{}, {}, 'rtl']],
  ['forced-colours', [{}, { forcedColors: 'active' }]],
]

test.each(teasers)(
  'an answer to a closed window is shown beside the launcher: %s',
  async (name, [widget, options, path]) => {
    const { page, say, teaser, launcher, host, errors } = await visitWithFrame(widget, options, path)
    await say({ type: 'event', name: 'message', detail: message })
    await say({ type: 'unread', count: 1, label: 'Open the chat, 1 unread message' })
    await teaser.waitFor()
    await host.locator('.unread').waitFor()
    await look(page, `teaser-${name}`)
    expect(await faults(page)).toEqual([])
    expect(await host.locator('.unseen').textContent()).toBe(`Anna Berg: ${text}`)
    const [box, below] = [await teaser.boundingBox(), await launcher.boundingBox()]
    if (!box || !below) throw new Error('no teaser')
    expect(box.y + box.height).toBeLessThan(below.y)
    expect(box.x).toBeGreaterThanOrEqual(0)
    const what = host.locator('.what')
    const lines = await what.evaluate((one) =>
      Math.round(one.clientHeight / Number.parseFloat(getComputedStyle(one).lineHeight)),
    )
    expect(lines).toBe(2)
    expect(errors).toEqual([])
  },
)

test('the teaser can be put away, and comes again with the next answer; pressed, it opens the chat', async () => {
  const { page, say, teaser, host, launcher } = await visitWithFrame({})
  const answer = () => say({ type: 'event', name: 'message', detail: message })
  await answer()
  await host.getByRole('button', { name: 'Hide the message' }).click()
  await teaser.waitFor({ state: 'hidden' })
  expect(await host.locator('.unseen').textContent()).toBe('')
  await answer()
  await teaser.getByRole('button', { name: 'Anna Berg' }).focus()
  await page.keyboard.press('Escape')
  await teaser.waitFor({ state: 'hidden' })
  expect(await page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.className)).toBe('launcher')
  await answer()
  await teaser.getByRole('button', { name: 'Anna Berg' }).click()
  await host.getByRole('dialog').waitFor()
  expect(await teaser.isVisible()).toBe(false)
  // With the window open there is nothing to point at.
  await answer()
  await say({ type: 'title', count: 3 })
  await page.waitForFunction(() => document.title.startsWith('(3) '))
  expect(await teaser.isVisible()).toBe(false)
  await say({ type: 'title', count: 0 })
  await page.waitForFunction(() => document.title === 'Voda Severa')
  // Read in another tab, it goes.
  await say({ type: 'close' })
  await launcher.waitFor()
  await answer()
  await say({ type: 'unread', count: 1, label: 'one' })
  await teaser.waitFor()
  await say({ type: 'unread', count: 0, label: 'none' })
  await teaser.waitFor({ state: 'hidden' })
})

test('a change of the settings reaches the launcher that stands there', async () => {
  const { page, launcher, say, host } = await visitWithFrame({})
  const colour = () => launcher.evaluate((button) => getComputedStyle(button).backgroundColor)
  expect(await colour()).toBe('rgb(11, 106, 112)')
  await say({ type: 'unread', count: 1, label: 'one' })
  const widget: WidgetSettings = {
    ...defaultSettings,
    colour: '#8a2f6b',
    label: 'Écrivez-nous',
    side: 'start',
    locale: 'fr',
  }
  await say({ type: 'look', name: 'Voda Severa', widget })
  await eventually(colour, 'rgb(138, 47, 107)')
  expect(await launcher.textContent()).toBe('Écrivez-nous')
  expect((await launcher.boundingBox())?.x).toBe(20)
  expect(await host.locator('.unread').isVisible()).toBe(true)
  await say({ type: 'look', name: 'Voda Severa', widget: { ...widget, pages: { show: 'only', paths: ['/help'] } } })
  await launcher.waitFor({ state: 'hidden' })
  expect(await page.locator('kontuar-chat').getAttribute('lang')).toBe('fr')
})

test.each(['path', '.unread'])(
  'a press on its %s that begins before it is painted anew and ends after it opens the chat',
  async (part) => {
    const { page, launcher, host, say, errors } = await visitWithFrame({})
    await say({ type: 'unread', count: 1, label: 'one' })
    await launcher.locator('.unread').waitFor()
    const { x = 0, y = 0, width = 0, height = 0 } = (await launcher.locator(part).boundingBox()) ?? {}
    await page.mouse.move(x + width / 2, y + height / 2)
    await page.mouse.down()
    await say({ type: 'look', name: 'Voda Severa', widget: { ...defaultSettings, icon: 'question' } })
    await launcher.locator('path[d^="M2 12a10"]').waitFor()
    await page.mouse.up()
    await host.locator('.window').waitFor()
    expect(errors).toEqual([])
  },
)

test('a server that is not there is said beside the launcher, until it is', async () => {
  const { page, launcher, host } = await visit({})
  await page.route('**/assets/host-*', (route) => route.abort())
  await launcher.click()
  await host.getByText('The chat does not answer').waitFor()
  await look(page, 'nobody-answers')
  expect(await faults(page)).toEqual([])
  await page.unroute('**/assets/host-*')
  await host.locator('.window').waitFor()
  expect(await host.locator('.said').textContent()).toBe('')
})

test('nothing moves for those who asked for that', async () => {
  const { launcher, host } = await visit({}, { reducedMotion: 'reduce' })
  await launcher.click()
  await host.locator('.window').waitFor()
  expect(await host.locator('.window').evaluate((window) => getComputedStyle(window).transitionDuration)).toBe('0s')
})
