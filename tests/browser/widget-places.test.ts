import { afterAll, afterEach, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { sendMessage } from '../../src/features/messages/index.ts'
import { hire } from '../support/cast.ts'
import { type Browser, type BrowserContext, errorsOf, openChromium, openPages, widgetOn } from '../support/chromium.ts'
import { openHouse, type TestHouse } from '../support/house.ts'
import { openShop, type Shop } from '../support/shop.ts'
import { conversationWith, eventually } from '../support/waiting.ts'

// Browsers that keep nothing, know the wrong time, or take a page out of their memory.
setDefaultTimeout(60_000)

let house: TestHouse
let shop: Shop
let browser: Browser
let agent: Awaited<ReturnType<typeof hire>>
const undo: (() => unknown)[] = []

beforeAll(async () => {
  house = await openHouse({ 'no-limits': true })
  agent = await hire('Anna', 'owner')
  shop = openShop(house.url, house.site.id)
  browser = await openPages()
})

afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})

afterAll(async () => {
  await browser.close()
  await shop.stop()
  await house.close()
})

async function visit(prepare: (context: BrowserContext) => Promise<unknown> = async () => {}, from = browser) {
  const context = await from.newContext({ locale: 'en-GB' })
  undo.push(() => context.close())
  await prepare(context)
  const page = await context.newPage()
  page.setDefaultTimeout(20_000)
  const errors = errorsOf(page)
  await page.goto(`http://localhost:${shop.port}/plain`)
  return { context, page, errors, ...widgetOn(page) }
}

let answers = 0
const answer = (conversationId: string, body: string) =>
  sendMessage(agent, { conversationId, clientId: `answer-${++answers}`, body })

test('a full storage keeps nobody from writing, and says that the page must stay open', async () => {
  const { page, context, launcher, write, own, theirs, bar, errors } = await visit((context) =>
    context.addInitScript(() => {
      if (window !== top) return
      for (let size = 2 ** 22; size >= 1; size /= 2) {
        try {
          for (let at = 0; ; at++) localStorage.setItem(`full-${size}-${at}`, 'x'.repeat(size))
        } catch {
          // the next smaller piece
        }
      }
    }),
  )
  // The claim of this test: nothing more fits.
  expect(
    await page.evaluate(() => {
      try {
        localStorage.setItem('a name as long as one of ours', 'and a value')
        return 'kept'
      } catch (error) {
        return (error as Error).name
      }
    }),
  ).toBe('QuotaExceededError')
  await launcher.click()
  await write('nothing fits')
  await own.getByText('Sent', { exact: true }).waitFor()
  const { id } = await conversationWith('nothing fits', agent.agentId)
  await answer(id, 'here it does')
  await theirs.getByText('here it does').waitFor()
  await context.setOffline(true)
  await write('and offline')
  await bar.getByText('Keep this page open').waitFor()
  await context.setOffline(false)
  await eventually(() => own.locator('.state').allTextContents(), ['Delivered', 'Sent'])
  expect(errors).toEqual([])
})

test('a browser that bars the page’s own storage is no bar to the chat', async () => {
  const { page, launcher, write, own, theirs, errors } = await visit((context) =>
    context.addInitScript(() => {
      for (const name of ['localStorage', 'sessionStorage']) {
        Object.defineProperty(window, name, {
          get() {
            throw new DOMException('Access is denied for this document.', 'SecurityError')
          },
        })
      }
    }),
  )
  await launcher.click()
  await write('kept nowhere')
  await own.getByText('Sent', { exact: true }).waitFor()
  const { id } = await conversationWith('kept nowhere', agent.agentId)
  await answer(id, 'but answered')
  await theirs.getByText('but answered').waitFor()
  await page.evaluate(() => (window as unknown as { kontuar(command: string): void }).kontuar('shutdown'))
  expect(await page.locator('kontuar-chat').count()).toBe(0)
  expect(errors).toEqual([])
})

test.each([-9, 5])(
  'a clock that is wrong by %d hours changes neither the order nor what gets through',
  async (hours) => {
    const { launcher, write, own, theirs, log, page, errors } = await visit((context) =>
      context.addInitScript((ms) => {
        const right = Date.now
        Date.now = () => right() + ms
      }, hours * 3_600_000),
    )
    const words = `the clock is ${hours} off`
    await launcher.click()
    await write(words)
    await own.getByText('Sent', { exact: true }).waitFor()
    const { id } = await conversationWith(words, agent.agentId)
    await answer(id, 'then this')
    await theirs.getByText('then this').waitFor()
    await write('and then that')
    await eventually(() => own.locator('.state').allTextContents(), ['Delivered', 'Sent'])
    const shown = async () => (await log.locator('.face').allTextContents()).slice(-3)
    const before = await shown()
    expect(before.map((text) => /the clock|then this|and then that/.exec(text)?.[0])).toEqual([
      'the clock',
      'then this',
      'and then that',
    ])
    await page.reload()
    await launcher.click()
    await eventually(shown, before)
    expect(errors).toEqual([])
  },
)

test('a page that comes back from the browser’s memory is live again', async () => {
  const keeping = await openChromium([], ['--disable-back-forward-cache'])
  undo.push(() => keeping.close())
  const { page, launcher, write, own, field, errors } = await visit(undefined, keeping)
  await page.evaluate(() =>
    addEventListener('pageshow', (event) => {
      Object.assign(window, { persisted: (event as PageTransitionEvent).persisted })
    }),
  )
  await launcher.click()
  await write('before I left')
  await own.getByText('Sent', { exact: true }).waitFor()
  await field.press('Escape')
  const { id } = await conversationWith('before I left', agent.agentId)
  await page.goto(`http://127.0.0.1:${shop.port}/scrolled`)
  await answer(id, 'while you were away')
  // What comes from the memory is not loaded.
  await page.goBack({ waitUntil: 'commit' })
  // The claim of this test: it is the same document.
  await page.waitForFunction(() => (window as unknown as { persisted?: boolean }).persisted === true)
  const badge = () =>
    page.evaluate(
      () => document.querySelector('kontuar-chat')?.shadowRoot?.querySelector<HTMLElement>('.unread')?.dataset.count,
    )
  await eventually(badge, '1')
  await answer(id, 'and since you are back')
  await eventually(badge, '2')
  expect(errors).toEqual([])
})

test('a page without an origin of its own says that nobody answers, and breaks nothing', async () => {
  const { page, errors } = await visit()
  await page.setContent(
    `<iframe sandbox="allow-scripts" title="Shop" width="900" height="600" src="http://localhost:${shop.port}/plain"></iframe>`,
  )
  const inside = page.frameLocator('iframe[title="Shop"]').locator('kontuar-chat')
  await inside.locator('.launcher').click()
  await inside.getByText('Opening the chat').waitFor()
  await inside.getByText('The chat does not answer').waitFor()
  await inside.getByRole('button', { name: 'Close the chat' }).click()
  await inside.locator('.launcher').waitFor()
  // The browser itself says that no page may frame ours that is nobody's.
  expect(errors.filter((text) => !text.includes('frame-ancestors'))).toEqual([])
})
