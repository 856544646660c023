import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import axe from 'axe-core'
import type { Frame, Page } from 'playwright-core'
import { finishConversation, listFolder } from '../../src/features/conversations/index.ts'
import { readUpTo, sendMessage } from '../../src/features/messages/index.ts'
import { demoSite } from '../../src/features/sites/index.ts'
import { publish } from '../../src/platform/live/bus.ts'
import { enter } from '../../src/platform/live/presence.ts'
import { hire } from '../support/cast.ts'
import { type Browser, errorsOf, openChromium, widgetOn } from '../support/chromium.ts'
import { openHouse, type TestHouse } from '../support/house.ts'

setDefaultTimeout(60_000)

// Where the pictures go; a person looks at them, no test does.
const pictures = process.env.KONTUAR_PICTURES ?? join(tmpdir(), 'kontuar-pictures')

let house: TestHouse
let browser: Browser
let anna: Awaited<ReturnType<typeof hire>>

beforeAll(async () => {
  await mkdir(pictures, { recursive: true })
  house = await openHouse({ demo: true })
  anna = await hire('Anna', 'owner')
  browser = await openChromium()
})

afterAll(async () => {
  await browser.close()
  await house.close()
})

/** What axe finds against WCAG 2.2 AA in a document. */
async function faults(where: Page | Frame): Promise<string[]> {
  await where.evaluate(axe.source)
  return where.evaluate(async () => {
    const { violations, passes } = await window.axe.run(document, { iframes: false })
    if (passes.length < 5) return ['axe did not look']
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`)
  })
}

declare global {
  interface Window {
    axe: typeof axe
  }
}

const desktop = { viewport: { width: 1200, height: 760 } }
const phone = { viewport: { width: 390, height: 780 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 }

const ways = [
  ['light', { ...desktop, colorScheme: 'light', locale: 'en-GB' }],
  ['dark', { ...desktop, colorScheme: 'dark', locale: 'ru-RU' }],
  ['phone', { ...phone, colorScheme: 'light', locale: 'pl-PL' }],
  ['phone-dark', { ...phone, colorScheme: 'dark', locale: 'fr-FR', reducedMotion: 'reduce' }],
] as const

// Four at once: each of them waits for most of its time.
test('nothing bars anybody, by day and by night, on a desk and on a phone, in every state', async () => {
  await Promise.all(ways.map(([name, options]) => walk(name, options)))
})

async function walk(name: string, options: Parameters<Browser['newContext']>[0]) {
  const context = await browser.newContext(options)
  const page = await context.newPage()
  const errors = errorsOf(page)
  await page.goto(`${house.url}/demo`)
  const { launcher, field, write, own, theirs, frame, bar, inside } = widgetOn(page)
  await launcher.waitFor()
  const picture = (state: string) => page.screenshot({ path: join(pictures, `widget-${name}-${state}.png`) })
  const check = async (state: string) => {
    await picture(state)
    expect(await faults(await inside()), `${name} ${state}`).toEqual([])
  }
  expect(await faults(page)).toEqual([])
  await picture('launcher')
  await launcher.click()
  await field.waitFor()
  await bar.or(frame.locator('.mark[data-online]')).waitFor()
  await page.waitForTimeout(200)
  await check('greeting')

  const first = `Hello! Will order 48213 come before two? (${name})`
  await write(first)
  await own.locator('[data-is="sent"]').waitFor()
  enter(anna.agentId, 'Anna')
  const rows = await listFolder({ folder: 'waiting', agentId: anna.agentId, limit: 100 })
  const row = rows.find(({ lastText }) => lastText === first)
  if (!row) throw new Error('the message did not come')
  const conversationId = row.id
  await readUpTo(anna, { conversationId, seq: row.lastSeq })
  const body = 'Good morning, Marina. Yes, the driver is on the way: https://shop.test/track/48213'
  await sendMessage(anna, { conversationId, clientId: `${name}-1`, body })
  await theirs.getByText('Good morning').waitFor()
  await write('Great, thank you')
  await own.nth(1).locator('[data-is="sent"]').waitFor()
  publish('agent.typing', { conversationId, visitorId: row.visitorId, agentId: anna.agentId, name: 'Anna' })
  await frame.locator('.typing').waitFor()
  await field.fill('And could he take')
  await check('talk')

  await context.setOffline(true)
  await field.fill('And take the empty bottles, please')
  await field.press('Enter')
  await bar.waitFor()
  await own.nth(2).locator('[data-is="pending"]').waitFor()
  await check('waiting')
  await context.setOffline(false)
  await own.nth(2).locator('[data-is="sent"]').waitFor()

  await finishConversation(anna, conversationId)
  await bar.waitFor()
  await check('finished')
  if (name.startsWith('phone')) {
    const box = await page.locator('kontuar-chat .window').boundingBox()
    expect(box).toEqual({ x: 0, y: 0, width: 390, height: 780 })
    expect(
      await field.evaluate((element) => Number.parseFloat(getComputedStyle(element).fontSize)),
    ).toBeGreaterThanOrEqual(16)
  }
  expect(errors).toEqual([])
  await context.close()
}

test('the keyboard alone is enough', async () => {
  const context = await browser.newContext(desktop)
  const page = await context.newPage()
  await page.goto(`${house.url}/demo`)
  const { launcher, field, own, frame } = widgetOn(page)
  const focused = () => page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.className ?? '')
  await launcher.waitFor()
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())
  for (let steps = 0; steps < 20 && (await focused()) !== 'launcher'; steps++) await page.keyboard.press('Tab')
  expect(await focused()).toBe('launcher')
  await page.keyboard.press('Enter')
  await field.waitFor()
  await frame.locator('textarea:focus').waitFor()
  await page.keyboard.type('line one')
  await page.keyboard.press('Shift+Enter')
  await page.keyboard.type('line two')
  await page.keyboard.press('Enter')
  await own.locator('[data-is="sent"]').waitFor()
  expect(await own.locator('.face').innerText()).toContain('line one\nline two')
  await page.keyboard.press('Escape')
  expect(await focused()).toBe('launcher')
  expect(await launcher.isVisible()).toBe(true)
  await context.close()
})

test('the demo shop has its snippet, and a site of its own', async () => {
  const html = await (await fetch(`${house.url}/demo`)).text()
  expect(html).toContain(`<script async src="/widget.js?site=${(await demoSite())?.id}"></script>`)
})
