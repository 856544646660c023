import { afterAll, beforeAll, beforeEach, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { takeConversation } from '../../src/features/conversations/index.ts'
import { sendMessage } from '../../src/features/messages/index.ts'
import { atConsole, type Boris, visitorWrites } from '../inbox/stage.ts'
import type { AgentClient } from '../support/agent-client.ts'
import { hire, newVisitor } from '../support/cast.ts'
import { type Browser, type BrowserContext, errorsOf, openPages, type Page } from '../support/chromium.ts'
import { openHouse, type TestHouse } from '../support/house.ts'
import { session } from '../support/visitor-client.ts'
import { eventually } from '../support/waiting.ts'

setDefaultTimeout(120_000)

// The list, in real browsers: two agents at their consoles, and visitors who write.
let house: TestHouse
let browser: Browser

beforeAll(async () => {
  browser = await openPages()
})
afterAll(() => browser.close())
beforeEach(async () => {
  house = await openHouse({ 'no-limits': true }, { hooks: {} })
})

type Desk = { agent: AgentClient; context: BrowserContext; page: Page; errors: string[] }

/** Runs with agents at their windows, and expects that no page had anything to complain of. */
async function atDesks(
  names: string[],
  run: (...desks: Desk[]) => Promise<void>,
  options: Parameters<Browser['newContext']>[0] = {},
): Promise<void> {
  const desks: Desk[] = []
  try {
    for (const name of names) {
      const agent = await atConsole(house, name, 'agent')
      const context = await browser.newContext({
        locale: 'en-GB',
        viewport: { width: 1440, height: 900 },
        ...options,
      })
      await context.addCookies([...agent.cookies].map(([key, value]) => ({ name: key, value, url: house.url })))
      const page = await context.newPage()
      page.setDefaultTimeout(15_000)
      desks.push({ agent, context, page, errors: errorsOf(page) })
    }
    await run(...desks)
    for (const { errors } of desks) expect(errors).toEqual([])
  } finally {
    for (const { context } of desks) await context.close()
    await house.close()
  }
}

/** Opens an address and waits until the page hears what happens: its list is asked for anew then. */
async function open(page: Page, path: string): Promise<void> {
  let isConnected = false
  page.once('websocket', () => (isConnected = true))
  // Listened for from the start: what is heard late may come together.
  const asked = page.waitForResponse((answer) => isConnected && answer.url().includes('/inbox/rows?'))
  await page.goto(house.url + path)
  await (await asked).finished()
}

const rowOf = (page: Page, { conversationId }: Pick<Boris, 'conversationId'>) => page.locator(`#row-${conversationId}`)
const numberOf = async (page: Page, one: Pick<Boris, 'conversationId'>) =>
  (
    await rowOf(page, one)
      .locator('.unread')
      .textContent()
      .catch(() => null)
  )?.replace('Unread: ', '') ?? ''
const hasNumber = (page: Page, one: Pick<Boris, 'conversationId'>, number: string) =>
  eventually(async () => {
    const badge = rowOf(page, one).locator('.unread')
    return (await badge.count()) === 0 ? '' : (await badge.textContent())?.replace('Unread: ', '')
  }, number)
const order = (page: Page) =>
  page.locator('#rows > li[data-conversation]').evaluateAll((rows) => rows.map((row) => row.id.slice(4)))
const topOf = async (page: Page, id: string) => Math.round((await page.locator(`#row-${id}`).boundingBox())?.y ?? -1)

test('what is unread is each agent’s own: it comes by itself, goes by reading, and stands in the title', async () => {
  await atDesks(['Anna', 'Dora'], async (anna, dora) => {
    const boris = await visitorWrites(house, 'Where is my water?')
    for (const { page } of [anna, dora]) await open(page, '/inbox')
    await hasNumber(anna.page, boris, '1')
    await boris.say('Hello?')
    for (const { page } of [anna, dora]) await hasNumber(page, boris, '2')
    expect(await anna.page.title()).toStartWith('(1) ')
    await rowOf(anna.page, boris).locator('a.row').click()
    await anna.page.getByText('Hello?').last().waitFor()
    await hasNumber(anna.page, boris, '')
    await eventually(() => anna.page.title().then((title) => title.startsWith('(')), false)
    expect(await numberOf(dora.page, boris)).toBe('2')
    await boris.say('Is anybody there?')
    await hasNumber(dora.page, boris, '3')
  })
})

describe('the row under the pointer', () => {
  /** The order, and how far down each row stands, in the instant in which one of them shows these words; and when that is. */
  async function orderWith(page: Page, { conversationId }: Boris, words: string) {
    const found = await page.waitForFunction(
      ([id, text]) => {
        const rows = [...document.querySelectorAll('#rows > li[data-conversation]')]
        if (!rows.find((row) => row.id === id)?.textContent?.includes(text)) return null
        return {
          order: rows.map((row) => row.id.slice(4)),
          tops: rows.map((row) => Math.round(row.getBoundingClientRect().top)),
          at: performance.now(),
        }
      },
      [`row-${conversationId}`, words] as const,
    )
    const seen = await found.jsonValue()
    if (!seen) throw new Error('there is no such row')
    return seen
  }

  /** Anna holds two conversations; the later one stands first. */
  async function two(run: (desk: Desk, first: Boris, second: Boris) => Promise<void>) {
    await atDesks(['Anna'], async (anna) => {
      const [second, first] = [await visitorWrites(house, 'one'), await visitorWrites(house, 'two')]
      for (const { conversationId } of [second, first]) await anna.agent.take(conversationId)
      await open(anna.page, '/inbox?folder=active')
      await hasNumber(anna.page, first, '1')
      await run(anna, first, second)
    })
  }

  test('stays where it is while another one’s words change, and the order follows when the pointer leaves', async () => {
    await two(async ({ page }, first, second) => {
      // The very elements move: nothing is made anew, so nothing flickers.
      const elements = await page.locator('#rows > li').elementHandles()
      await rowOf(page, first).hover()
      const top = await topOf(page, first.conversationId)
      await second.say('and more')
      const held = await orderWith(page, second, 'and more')
      expect(held.order).toEqual([first.conversationId, second.conversationId])
      expect(held.tops[0]).toBe(top)
      await page.locator('#conversation').hover()
      await eventually(() => order(page), [second.conversationId, first.conversationId])
      const still = elements.map((one) => one.evaluate((row) => row.isConnected && (row as Element).id.slice(4)))
      expect(await Promise.all(still)).toEqual([first.conversationId, second.conversationId])
    })
  })

  test('lets the order follow after two seconds, even if the pointer stays', async () => {
    await two(async ({ page }, first, second) => {
      await rowOf(page, first).hover()
      await second.say('and more')
      const held = await orderWith(page, second, 'and more')
      expect(held.order).toEqual([first.conversationId, second.conversationId])
      const followed = await page.waitForFunction(
        (id) => document.querySelector('#rows > li')?.id === id && performance.now(),
        `row-${second.conversationId}`,
      )
      expect(Number(await followed.jsonValue()) - held.at).toBeGreaterThan(1000)
      expect(await order(page)).toEqual([second.conversationId, first.conversationId])
    })
  })

  test('stays under the focus too, and keeps the focus when the order follows', async () => {
    await two(async ({ page }, first, second) => {
      await page.locator('#filter-system').focus()
      await page.keyboard.press('Tab')
      // The pane of rows can be scrolled by keys: it comes first.
      if (!(await page.evaluate(() => document.activeElement?.matches('a.row')))) await page.keyboard.press('Tab')
      const focused = () => page.evaluate(() => document.activeElement?.closest('li')?.id.slice(4))
      expect(await focused()).toBe(first.conversationId)
      await second.say('and more')
      const held = await orderWith(page, second, 'and more')
      expect(held.order).toEqual([first.conversationId, second.conversationId])
      await eventually(() => order(page), [second.conversationId, first.conversationId])
      expect(await focused()).toBe(first.conversationId)
    })
  })
})

test('what a visitor calls themselves stays text also in a list that was held back', async () => {
  await atDesks(['Anna', 'Dora'], async (anna, dora) => {
    const name = '"><hx-partial hx-target="#conversation" hx-swap="innerHTML">gone</hx-partial>'
    const form = { name, email: 'mallory@mail.example', topic: '', consent: true }
    const boris = await visitorWrites(house, 'one')
    const clara = await visitorWrites(house, 'two')
    const mallory = await visitorWrites(house, 'three', { kind: 'feedback', form })
    await open(anna.page, '/inbox')
    await rowOf(anna.page, clara).hover()
    await mallory.say('four')
    await rowOf(anna.page, mallory).getByText('four').waitFor()
    await dora.agent.take(boris.conversationId)
    // The number above the list comes in the same answer.
    const held = await anna.page.waitForFunction(
      () =>
        document.querySelector('#folders [data-folder="waiting"] .count')?.textContent === '2' &&
        document.querySelectorAll('#rows > li[data-conversation]').length,
    )
    expect(await held.jsonValue()).toBe(3)
    await anna.page.locator('#conversation').hover()
    await eventually(() => order(anna.page), [clara.conversationId, mallory.conversationId])
    expect(await rowOf(anna.page, mallory).locator('.who').textContent()).toContain(name)
    expect(await anna.page.locator('#conversation').textContent()).not.toContain('gone')
  })
})

test('further down the list keeps its place while rows move above it, page after page', async () => {
  await atDesks(['Anna'], async ({ page }) => {
    const ewa = await hire('Ewa')
    for (let n = 0; n < 130; n++)
      await sendMessage(newVisitor(house.site.id), { clientId: 'first', body: `visitor ${n}` })
    await open(page, '/inbox?folder=waiting')
    expect(await order(page)).toHaveLength(50)
    await page.locator('#more').scrollIntoViewIfNeeded()
    await eventually(async () => (await order(page)).length >= 100, true)
    const ids = await order(page)
    const shown = ids[70] ?? ''
    await page.locator(`#row-${shown}`).evaluate((row) => row.scrollIntoView({ block: 'start' }))
    await page.locator('#conversation').hover()
    const top = await topOf(page, shown)
    // Those who wait longest, far above, are taken by a colleague.
    for (const id of ids.slice(0, 5)) await takeConversation(ewa, id)
    await eventually(async () => (await order(page)).includes(ids[4] ?? ''), false)
    expect(Math.abs((await topOf(page, shown)) - top)).toBeLessThanOrEqual(1)
    const after = await order(page)
    expect(new Set(after).size).toBe(after.length)
    expect(after.length).toBeGreaterThan(90)
    await page.locator('#more').scrollIntoViewIfNeeded()
    await eventually(async () => (await order(page)).length, 125)
    expect(await order(page)).toEqual((await order(page)).toSorted())
  })
})

test('Read all reads what this list shows, says so, and takes it back', async () => {
  await atDesks(['Anna', 'Dora'], async (anna, dora) => {
    const [boris, clara] = [await visitorWrites(house, 'one'), await visitorWrites(house, 'two')]
    await boris.say('more')
    for (const { page } of [anna, dora]) await open(page, '/inbox?folder=waiting')
    await hasNumber(anna.page, boris, '2')
    await anna.page.getByRole('button', { name: 'Read all' }).click()
    await anna.page.getByText('2 conversations are read').waitFor()
    for (const one of [boris, clara]) await hasNumber(anna.page, one, '')
    expect(await anna.page.getByRole('button', { name: 'Read all' }).isDisabled()).toBe(true)
    expect(await anna.page.title()).not.toStartWith('(')
    expect([await numberOf(dora.page, boris), await numberOf(dora.page, clara)]).toEqual(['2', '1'])
    // Somebody writes in between: that is new, and stays so.
    await clara.say('and more')
    await hasNumber(anna.page, clara, '1')
    await anna.page.getByRole('button', { name: 'Undo' }).click()
    await hasNumber(anna.page, boris, '2')
    await hasNumber(anna.page, clara, '2')
    expect(await anna.page.title()).toStartWith('(2) ')
  })
})

test('folder and filter are the address: reload, back, and a conversation that is open stay', async () => {
  await atDesks(['Anna'], async ({ page }) => {
    const [boris, clara] = [await visitorWrites(house, 'one'), await visitorWrites(house, 'two')]
    await open(page, '/inbox')
    await rowOf(page, boris).locator('a.row').click()
    await page.getByLabel('Your answer').fill('half a sent')
    await page.locator('#filter-unread').click()
    await page.waitForURL(`${house.url}/c/${boris.conversationId}?folder=waiting&unread=1`)
    await eventually(() => order(page), [clara.conversationId])
    expect(await page.getByLabel('Your answer').inputValue()).toBe('half a sent')
    await page.reload()
    await eventually(() => order(page), [clara.conversationId])
    await page.locator('#folders').getByText('Finished').click()
    await page.getByText('Nothing unread in Finished').waitFor()
    await page.getByRole('link', { name: 'Show all' }).click()
    await page.getByText('Nothing is finished yet').waitFor()
    await page.goBack()
    await page.goBack()
    await eventually(() => order(page), [clara.conversationId])
    expect(await page.getByLabel('Your answer').inputValue()).toBe('half a sent')
  })
})

test('everything has a key: next and previous, folders, the filter, Read all and Undo, away', async () => {
  await atDesks(['Anna'], async ({ page }) => {
    const [boris, clara] = [await visitorWrites(house, 'one'), await visitorWrites(house, 'two')]
    await open(page, '/inbox')
    // All at once: strokes that belong together follow within a moment.
    const press = (...keys: string[]) => Promise.all(keys.map((key) => page.keyboard.press(key)))
    await press('j')
    await page.waitForURL(new RegExp(boris.conversationId))
    await press('j')
    await page.waitForURL(new RegExp(clara.conversationId))
    await press('k')
    await page.waitForURL(new RegExp(boris.conversationId))
    await page.locator(`#conversation[data-conversation="${boris.conversationId}"]`).waitFor()
    // From the answer, where letters are letters.
    await press('r')
    await page.locator('#body:focus').waitFor()
    await press('Alt+ArrowDown')
    await page.waitForURL(new RegExp(clara.conversationId))
    await page.locator(`#conversation[data-conversation="${clara.conversationId}"] #body:focus`).waitFor()
    await hasNumber(page, clara, '')
    await press('Alt+ArrowUp')
    await page.waitForURL(new RegExp(boris.conversationId))
    await page.locator(`#conversation[data-conversation="${boris.conversationId}"]`).waitFor()
    await page.locator('#filter-unread').focus()
    await press('g', 'f')
    await page.waitForURL(/folder=finished/)
    await press('g', 'w')
    await page.waitForURL(/folder=waiting/)
    await boris.say('and more')
    await clara.say('and more')
    await hasNumber(page, clara, '1')
    await press('u')
    await page.waitForURL(/unread=1/)
    await eventually(() => order(page), [clara.conversationId])
    await press('Shift+A')
    await page.getByText('Nothing unread in Waiting').waitFor()
    await page.locator('#toasts [data-undo]').waitFor()
    await press('z')
    await eventually(() => order(page), [clara.conversationId])
    await press('o')
    await page.locator('#presence-mark[data-presence="away"]').waitFor({ state: 'attached' })
  })
})

test('who is away is away in every window, and for the visitor on the shop’s page', async () => {
  await atDesks(['Anna'], async ({ page, context }) => {
    await open(page, '/inbox')
    const other = await context.newPage()
    await open(other, '/inbox?folder=active')
    await page.locator('#account').click()
    await page.getByRole('menuitemradio', { name: 'Away' }).click()
    for (const one of [page, other])
      await one.locator('#presence-mark[data-presence="away"]').waitFor({ state: 'attached' })
    const there = async () => (await session(house.url, house.site.id)).availability.agents
    await eventually(there, 0)
    await other.reload()
    await other.locator('#presence-mark[data-presence="away"]').waitFor({ state: 'attached' })
    await other.locator('#account').click()
    await other.getByRole('menuitemradio', { name: 'Online' }).click()
    for (const one of [page, other])
      await one.locator('#presence-mark[data-presence="online"]').waitFor({ state: 'attached' })
    await eventually(there, 1)
  })
})

test('a folder that is long in coming shows that it is, and what was there when it does not come', async () => {
  await atDesks(['Anna'], async ({ page }) => {
    const boris = await visitorWrites(house, 'one')
    await open(page, '/inbox')
    let answer = (_: 'come' | 'fail') => {}
    const answered = new Promise<'come' | 'fail'>((resolve) => {
      answer = resolve
    })
    await page.route('**/inbox?folder=finished', async (route) => {
      if ((await answered) === 'fail') await route.abort()
      else await route.continue()
    })
    await page.locator('#folders').getByText('Finished').click()
    await page.locator('.rows[aria-busy="true"]').waitFor()
    expect(await rowOf(page, boris).isVisible()).toBe(false)
    answer('fail')
    await rowOf(page, boris).waitFor()
    await page.unroute('**/inbox?folder=finished')
    await page.locator('#folders').getByText('Finished').click()
    await page.getByText('Nothing is finished yet').waitFor()
    expect(await page.locator('.rows[aria-busy]').count()).toBe(0)
  })
})

test('what was pressed shows that it works until it is answered', async () => {
  await atDesks(['Anna'], async ({ page }) => {
    await visitorWrites(house, 'one')
    await open(page, '/inbox')
    let release = () => {}
    const released = new Promise<void>((resolve) => {
      release = resolve
    })
    await page.route('**/inbox/read-all**', async (route) => {
      await released
      await route.continue()
    })
    const button = page.locator('#read-all')
    const strength = () => button.evaluate((element) => Number(getComputedStyle(element).opacity))
    expect(await strength()).toBe(1)
    await button.click()
    await page.waitForFunction(() => Number(getComputedStyle(document.querySelector('#read-all')!).opacity) < 0.7)
    release()
    await page.getByRole('button', { name: 'Undo', exact: true }).waitFor()
    expect(await strength()).toBe(1)
  })
})

test('a folder that changed while it was on its way is not stale', async () => {
  await atDesks(['Anna', 'Dora'], async (anna, dora) => {
    const { page } = anna
    const boris = await visitorWrites(house, 'one')
    await open(page, '/inbox')
    let release = () => {}
    const released = new Promise<void>((resolve) => {
      release = resolve
    })
    let made = () => {}
    const answered = new Promise<void>((resolve) => {
      made = resolve
    })
    await page.route('**/inbox?folder=finished', async (route) => {
      const response = await route.fetch()
      made()
      await released
      await route.fulfill({ response })
    })
    await page.locator('#folders').getByText('Finished').click()
    await answered
    // The entry and the end of the conversation are told of one after another.
    const asked: string[] = []
    page.on('response', (response) => void asked.push(response.url()))
    await dora.agent.finish(boris.conversationId)
    await eventually(() => asked.filter((url) => url.includes('/inbox/rows?folder=waiting')).length >= 2, true)
    release()
    await eventually(() => order(page), [boris.conversationId])
  })
})

test('a list that cannot be loaded says so and what to do, and what stood there stays', async () => {
  await atDesks(['Anna'], async ({ page, errors }) => {
    const boris = await visitorWrites(house, 'one')
    await open(page, '/inbox')
    await page.route('**/inbox/rows**', (route) => route.fulfill({ status: 503, body: '' }))
    const clara = await visitorWrites(house, 'two')
    await page.getByText('The list could not be loaded.').waitFor()
    expect(await order(page)).toEqual([boris.conversationId])
    await page.unroute('**/inbox/rows**')
    await page.locator('#list-notice').getByRole('button', { name: 'Try again' }).click()
    await eventually(() => order(page), [boris.conversationId, clara.conversationId])
    await page.getByText('The list could not be loaded.').waitFor({ state: 'detached' })
    errors.length = 0
  })
})
