import { afterAll, afterEach, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { listFolder } from '../../src/features/conversations/index.ts'
import { sendMessage } from '../../src/features/messages/index.ts'
import { keepPicture, readyPicture } from '../../src/features/pictures/index.ts'
import { changeWidget } from '../../src/features/sites/index.ts'
import { write as writeStore } from '../../src/platform/db/write.ts'
import { defaultSettings } from '../../views/widget/settings.ts'
import { hire } from '../support/cast.ts'
import type { Frame } from 'playwright-core'
import { type Browser, errorsOf, openChromium, openPages, type Page, widgetOn } from '../support/chromium.ts'
import { openHouse, type TestHouse } from '../support/house.ts'
import { png } from '../support/png.ts'
import { openShop, type Shop } from '../support/shop.ts'
import { eventually } from '../support/waiting.ts'

// The window itself, in a real browser: scrolling, copying, emoji, looks, keys.
setDefaultTimeout(60_000)

let house: TestHouse
let shop: Shop
let browser: Browser
let anna: Awaited<ReturnType<typeof hire>>
const undo: (() => unknown)[] = []

beforeAll(async () => {
  house = await openHouse({ 'no-limits': true })
  anna = await hire('Anna', 'owner')
  shop = openShop(house.url, house.site.id)
  browser = await openPages()
})

afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
  await changeWidget({ role: 'owner' }, house.site.id, { widget: defaultSettings, greeting: null })
})

afterAll(async () => {
  await browser.close()
  await shop.stop()
  await house.close()
})

type Prepare = (page: Page) => Promise<unknown>

async function visit(options: Parameters<Browser['newContext']>[0] = {}, prepare?: Prepare, within = browser) {
  const context = await within.newContext({ locale: 'en-GB', ...options })
  undo.push(() => context.close())
  const page = await context.newPage()
  const errors = errorsOf(page)
  await prepare?.(page)
  await page.goto(`http://localhost:${shop.port}/`)
  const widget = widgetOn(page)
  await widget.launcher.click()
  await widget.field.waitFor()
  const inside = page.frame({ url: /widget\/frame/ })
  if (!inside) throw new Error('the widget has no frame')
  return { ...widget, context, page, errors, inside }
}

async function conversationWith(text: string) {
  for (let turn = 0; turn < 400; turn++) {
    const rows = await listFolder({ folder: 'waiting', agentId: anna.agentId, limit: 100 })
    const row = rows.find(({ lastText }) => lastText === text)
    if (row) return row
    await Bun.sleep(20)
  }
  throw new Error('the message did not come')
}

let answers = 0
const answer = (conversationId: string, body: string) =>
  sendMessage(anna, { conversationId, clientId: `window-${answers++}`, body })

const settings = (widget: Partial<typeof defaultSettings>) => changeWidget({ role: 'owner' }, house.site.id, { widget })

/** The processor time that a frame's own thread takes meanwhile: a busy machine must not count. */
async function processorMsOf(inside: Frame, use: () => Promise<void>): Promise<number> {
  const devtools = await inside.page().context().newCDPSession(inside)
  await devtools.send('Performance.enable', { timeDomain: 'threadTicks' })
  const taken = async () => {
    const { metrics } = await devtools.send('Performance.getMetrics')
    return (metrics.find(({ name }) => name === 'ThreadTime')?.value ?? 0) * 1000
  }
  const before = await taken()
  await use()
  return (await taken()) - before
}

test('5,000 messages stay smooth: older ones come in without a jump, and typing costs no frame', async () => {
  // Only the whole browser draws as often as a screen does.
  const whole = await openChromium()
  undo.push(() => whole.close())
  const { page, frame, write, own, inside, log, field, errors } = await visit({}, undefined, whole)
  await write('How it all began')
  await own.getByText('Sent', { exact: true }).waitFor()
  const { id } = await conversationWith('How it all began')
  const typing = () =>
    processorMsOf(inside, async () => {
      for (const letter of 'And another thing') await page.keyboard.insertText(letter)
    })
  await field.focus()
  const withOne = await typing()
  await field.fill('')
  for (let from = 0; from < 5000; from += 250) {
    await Promise.all(Array.from({ length: 250 }, (_, n) => answer(id, `Message ${from + n} **of** many`)))
  }
  await log.getByText('Message 4999 of many').waitFor()
  expect(await frame.locator('.face').count()).toBeLessThanOrEqual(201)

  const outcome = await inside.evaluate(async () => {
    const log = document.querySelector<HTMLElement>('.log')
    if (!log) throw new Error('there is no log')
    const nextFrame = () => new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)))
    const rows = () => document.querySelectorAll('.say').length
    const jumps: number[] = []
    const tookMs: number[] = []
    for (let turn = 0; turn < 60 && rows() < 5001; turn++) {
      const before = rows()
      // Near to where older ones begin to come, and what is seen there has settled.
      log.scrollTop = 450
      await nextFrame()
      await nextFrame()
      const mark = document.elementFromPoint(innerWidth / 2, 300)?.closest('li')
      const stood = mark?.getBoundingClientRect().top ?? 0
      const scrolled = log.scrollTop - 390
      const started = performance.now()
      log.scrollTop = 390
      for (let frames = 0; frames < 200 && rows() === before; frames++) await nextFrame()
      tookMs.push(performance.now() - started)
      jumps.push(Math.abs((mark?.getBoundingClientRect().top ?? 0) - stood - scrolled))
    }
    return { rows: rows(), worstJump: Math.max(...jumps), slowestMs: Math.max(...tookMs), pages: jumps.length }
  })
  expect(outcome.rows).toBe(5001)
  expect(outcome.pages).toBeGreaterThan(40)
  expect(outcome.worstJump).toBeLessThanOrEqual(1)

  await field.focus()
  const withAll = await typing()
  console.log(
    `older ones ${Math.round(outcome.slowestMs)} ms at worst, 17 letters ${withAll.toFixed(0)} ms of processor, ${withOne.toFixed(0)} beside one message`,
  )
  expect(await field.inputValue()).toBe('And another thing')
  // Whatever went through 5,001 messages for each letter would take a thousand times as long as beside one.
  expect(withAll).toBeLessThan(20 * withOne)

  await log.evaluate((element) => (element.scrollTop = element.scrollHeight))
  await frame.locator('.say').nth(201).waitFor({ state: 'detached' })
  expect(errors).toEqual([])
})

test('a reader who has scrolled up is not moved by what comes, and is told how much it is', async () => {
  const { frame, write, own, log } = await visit()
  await write('Scrolling')
  await own.getByText('Sent', { exact: true }).waitFor()
  const { id } = await conversationWith('Scrolling')
  for (let n = 0; n < 30; n++) await answer(id, `Line ${n}`)
  await log.getByText('Line 29').waitFor()
  await log.evaluate((element) => (element.scrollTop = 100))
  await answer(id, 'Unseen one')
  await answer(id, 'Unseen two')
  await frame.getByRole('button', { name: '2 new messages' }).waitFor()
  expect(await log.evaluate((element) => element.scrollTop)).toBe(100)
  await frame.getByRole('button', { name: '2 new messages' }).click()
  await frame.locator('.latest').waitFor({ state: 'detached' })
  expect(await log.evaluate((element) => element.scrollHeight - element.scrollTop - element.clientHeight)).toBeLessThan(
    2,
  )
})

test('a message is copied where the page gives no leave to use the clipboard', async () => {
  const { page, context, frame, write, own, inside } = await visit()
  await write('**Bold** and more')
  await own.locator('[data-is="sent"]').waitFor()
  // As in the frame of a page whose policy bars it.
  await inside.evaluate(() => {
    navigator.clipboard.writeText = () => Promise.reject(new DOMException('barred', 'NotAllowedError'))
  })
  await own.hover()
  await frame.getByRole('button', { name: 'Copy the message' }).click()
  await frame.locator('.toast', { hasText: 'Copied' }).waitFor()
  await context.grantPermissions(['clipboard-read'])
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('**Bold** and more')
})

test('by touch a long press copies', async () => {
  const phone = { viewport: { width: 390, height: 780 }, hasTouch: true, isMobile: true }
  const { page, context, frame, write, own } = await visit(phone)
  await write('Press me')
  await own.locator('[data-is="sent"]').waitFor()
  const box = await own.locator('.face').boundingBox()
  if (!box) throw new Error('the message is not there')
  const touchPoints = [{ x: box.x + 20, y: box.y + 15 }]
  const devtools = await context.newCDPSession(page)
  await devtools.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints })
  await page.waitForTimeout(700)
  await devtools.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
  await frame.locator('.toast', { hasText: 'Copied' }).waitFor()
  await context.grantPermissions(['clipboard-read'])
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('Press me')
})

test('emoji come when they are asked for, from our own origin, can be searched for, and go where the caret is', async () => {
  const { page, frame, field, errors } = await visit({ locale: 'ru-RU' })
  const asked: string[] = []
  page.on('request', (request) => asked.push(request.url()))
  await field.fill('Спасибо !')
  await field.press('ArrowLeft')
  await frame.getByRole('button', { name: 'Эмодзи' }).click()
  const search = frame.getByRole('searchbox')
  await search.waitFor()
  expect(asked.map((url) => new URL(url).pathname).filter((path) => path.startsWith('/assets/'))).toEqual([
    expect.stringMatching(/^\/assets\/emoji-ru-[0-9a-f]+\.js$/),
  ])
  expect(asked.every((url) => url.startsWith(house.url))).toBe(true)
  await search.fill('сердце')
  const found = frame.locator('.emoji-grid button:visible')
  expect(await found.count()).toBeGreaterThan(3)
  await search.press('Enter')
  const picked = await found.first().textContent()
  await eventually(() => field.inputValue(), `Спасибо ${picked}!`)
  await search.fill('такого нет')
  await frame.getByText('Такого эмодзи нет').waitFor()
  await search.fill('')
  await search.press('ArrowDown')
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('ArrowDown')
  const name = await frame.locator('.emoji-grid button:focus').getAttribute('aria-label')
  expect(name).toMatch(/[а-я]/)
  await page.keyboard.press('Enter')
  await eventually(async () => [...(await field.inputValue())].length, 'Спасибо !'.length + 2)
  await page.keyboard.press('Escape')
  await search.waitFor({ state: 'detached' })
  expect(await frame.getByRole('button', { name: 'Эмодзи' }).evaluate((one) => one === document.activeElement)).toBe(
    true,
  )
  await page.keyboard.press('Escape')
  await field.waitFor({ state: 'hidden' })
  expect(errors).toEqual([])
})

test('emoji that cannot be had are said to be, and come at the next try', async () => {
  const { page, frame } = await visit()
  await page.context().route('**/emoji-*', (route) => route.abort())
  const button = frame.getByRole('button', { name: 'Emoji' })
  await button.click()
  await frame.getByText('The emoji could not be loaded.').waitFor()
  await page.context().unroute('**/emoji-*')
  await button.click()
  await button.click()
  await frame.getByRole('searchbox').waitFor()
})

test('colour, theme, language, name, logo and greeting change in the open window', async () => {
  const { frame, field, inside } = await visit()
  const go = frame.locator('.go')
  const colours = () => go.evaluate((one) => [getComputedStyle(one).backgroundColor, getComputedStyle(one).color])
  await field.fill('x')
  expect(await colours()).toEqual(['rgb(11, 106, 112)', 'rgb(255, 255, 255)'])
  await settings({ colour: '#ffe14d' })
  await inside.waitForFunction(() => {
    const button = document.querySelector('.go')
    return button && getComputedStyle(button).backgroundColor === 'rgb(255, 225, 77)'
  })
  await eventually(colours, ['rgb(255, 225, 77)', 'rgb(0, 0, 0)'])
  await settings({ theme: 'dark' })
  await inside.waitForFunction(() => getComputedStyle(document.body).backgroundColor === 'rgb(33, 32, 30)')
  await settings({ locale: 'pl' })
  await frame.getByPlaceholder('Wiadomość').waitFor()
  expect(await inside.evaluate(() => document.documentElement.lang)).toBe('pl')
  await settings({ theme: 'light', locale: 'auto' })
  await frame.getByPlaceholder('Message').waitFor()
  const picture = await readyPicture(png(40, 40))
  const logo = await writeStore((tx) => keepPicture(tx, picture))
  await changeWidget({ role: 'owner' }, house.site.id, {
    name: 'Other water',
    greeting: '**Hello!** Ask us 💧',
    widget: { logo, greetingPicture: logo },
  })
  await frame.getByRole('heading', { name: 'Other water' }).waitFor()
  await frame.locator('.say strong', { hasText: 'Hello!' }).waitFor()
  const shown = () => [...document.images].map(({ complete, naturalWidth }) => complete && naturalWidth)
  await inside.waitForFunction(() => document.images.length === 2 && [...document.images].every((one) => one.complete))
  expect(await inside.evaluate(shown)).toEqual([40, 40])
  await frame.getByText('Powered by Kontuar').waitFor()
  await settings({ poweredBy: false })
  await frame.getByText('Powered by Kontuar').waitFor({ state: 'detached' })
  expect(await field.inputValue()).toBe('x')
  // Our own policy allows no style of an element's own, so there is none.
  expect(await inside.evaluate(() => document.querySelectorAll('[style]').length)).toBe(0)
  await changeWidget({ role: 'owner' }, house.site.id, { name: 'Water' })
})

test('the first drawing has the shop’s colour, theme and language already', async () => {
  await settings({ colour: '#8a2f6b', theme: 'dark', locale: 'fr' })
  const { frame, inside } = await visit({ locale: 'ru-RU' })
  await frame.getByPlaceholder('Message').waitFor()
  expect(await inside.evaluate(() => [document.documentElement.lang, document.documentElement.dataset.theme])).toEqual([
    'fr',
    'dark',
  ])
  expect(await frame.locator('.go').evaluate((one) => getComputedStyle(one).getPropertyValue('--site'))).not.toBe('')
})

test('the Tab key stays in the window, and Escape closes what was opened last', async () => {
  const { page, frame, field, launcher, inside } = await visit()
  const focused = () => inside.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? '')
  await inside.waitForFunction(() => document.activeElement?.tagName === 'TEXTAREA')
  const seen: string[] = []
  for (let steps = 0; steps < 8; steps++) {
    await page.keyboard.press('Tab')
    seen.push(await focused())
  }
  expect(seen.slice(0, 6)).toEqual(['Send', 'More', 'Close the chat', 'Messages', 'Emoji', 'Message'])
  for (let steps = 0; steps < 9; steps++) await page.keyboard.press('Shift+Tab')
  expect(await inside.evaluate(() => document.hasFocus())).toBe(true)
  const more = frame.getByRole('button', { name: 'More' })
  await more.press('Enter')
  const sound = frame.getByRole('switch', { name: 'Sound for new messages' })
  await sound.press('Space')
  expect(await sound.isChecked()).toBe(false)
  await page.keyboard.press('Escape')
  await sound.waitFor({ state: 'hidden' })
  expect(await focused()).toBe('More')
  await page.keyboard.press('Escape')
  await field.waitFor({ state: 'hidden' })
  await launcher.waitFor()
  await page.reload()
  await launcher.click()
  await more.click()
  expect(await sound.isChecked()).toBe(false)
})

test('today is today although the visitor’s clock is off by nine days', async () => {
  const wrong = Date.now() - 9 * 86_400_000
  const { frame, write, own, log } = await visit({}, (page) => page.clock.install({ time: wrong }))
  await write('What day is it?')
  await own.getByText('Sent', { exact: true }).waitFor()
  await frame.locator('.event time', { hasText: 'Today' }).waitFor()
  const { id } = await conversationWith('What day is it?')
  await answer(id, 'A good one')
  await log.getByText('A good one').waitFor()
  expect(await frame.locator('.event time').allTextContents()).toEqual(['Today'])
})

test('a new message rings while nobody looks at the window, and not while somebody does, nor when they want silence', async () => {
  const count = () => {
    const counted = Object.assign(window, { notes: 0 })
    const { start } = OscillatorNode.prototype
    OscillatorNode.prototype.start = function (at?: number) {
      counted.notes++
      start.call(this, at)
    }
  }
  const { frame, write, own, theirs, inside, launcher, field, page } = await visit({}, (page) =>
    page.addInitScript(count),
  )
  const notes = () => inside.evaluate(() => (window as unknown as { notes: number }).notes)
  await write('Ring when you answer')
  await own.getByText('Sent', { exact: true }).waitFor()
  const { id } = await conversationWith('Ring when you answer')
  await answer(id, 'looked at')
  await theirs.getByText('looked at').waitFor()
  expect(await notes()).toBe(0)
  await field.press('Escape')
  await launcher.waitFor()
  await answer(id, 'not looked at')
  await theirs.getByText('not looked at').waitFor({ state: 'attached' })
  await inside.waitForFunction(() => (window as unknown as { notes: number }).notes === 2)
  await launcher.click()
  await frame.getByRole('button', { name: 'More' }).click()
  await frame.getByRole('switch').click()
  await page.keyboard.press('Escape')
  await page.keyboard.press('Escape')
  await answer(id, 'in silence')
  await theirs.getByText('in silence').waitFor({ state: 'attached' })
  expect(await notes()).toBe(2)
})
