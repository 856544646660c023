import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { sendMessage } from '../../src/features/messages/index.ts'
import { faults } from '../support/axe.ts'
import { hire } from '../support/cast.ts'
import { type Browser, errorsOf, openPages, type Page, widgetOn } from '../support/chromium.ts'
import { openHouse, type TestHouse } from '../support/house.ts'
import { openShop, type Shop } from '../support/shop.ts'
import { keepPicture } from '../support/pictures.ts'
import { conversationWith, eventually } from '../support/waiting.ts'

// kontuar(...) in a real browser: on a shop's page, and on the page of live examples.
setDefaultTimeout(60_000)

let house: TestHouse
let shop: Shop
let browser: Browser
let agent: Awaited<ReturnType<typeof hire>>

beforeAll(async () => {
  house = await openHouse({ 'no-limits': true })
  agent = await hire('Anna', 'owner')
  shop = openShop(house.url, house.site.id)
  browser = await openPages()
})

afterAll(async () => {
  await browser.close()
  await shop.stop()
  await house.close()
})

async function open(url: string, options: Parameters<Browser['newContext']>[0] = {}) {
  const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1280, height: 800 }, ...options })
  const page = await context.newPage()
  page.setDefaultTimeout(15_000)
  const errors = errorsOf(page)
  await page.goto(url)
  return { context, page, errors, ...widgetOn(page) }
}

const call = (page: Page, ...given: unknown[]) =>
  page.evaluate((all) => (kontuar as (...call: unknown[]) => unknown)(...all), given)

test('a page that called before the script came hears everything, and is told the truth', async () => {
  const { context, page, errors, field, write, own, launcher, host } = await open(
    `http://localhost:${shop.port}/called-early`,
  )
  type Told = [name: string, detail: Record<string, unknown>]
  const told = () => page.evaluate(() => (window as unknown as { told: Told[] }).told)
  await eventually(async () => (await told()).map(([name]) => name), ['ready'])
  expect(await call(page, 'open')).toBeUndefined()
  await field.waitFor()
  await write('what do you say')
  await own.getByText('Sent', { exact: true }).waitFor()
  const { id } = await conversationWith('what do you say', agent.agentId)
  await call(page, 'close')
  await launcher.waitFor()
  await sendMessage(agent, { conversationId: id, clientId: 'api-1', body: 'we say **this**' })
  await host.locator('.unread').waitFor()
  await eventually(async () => {
    const names = (await told()).map(([name]) => name)
    return ['ready', 'open', 'close', 'unread'].filter((name) => !names.includes(name))
  }, [])
  expect((await told()).findLast(([name]) => name === 'unread')).toEqual(['unread', { count: 1 }])
  await call(page, 'send', 'and what of that?')
  await field.waitFor()
  await call(page, 'shutdown')
  expect(await host.count()).toBe(0)
  expect(await page.evaluate(() => Object.keys(localStorage))).toEqual([])
  expect(errors).toEqual([])
  await context.close()
})

test('a wrong call is said on the console, with an address that answers', async () => {
  const { context, page, errors } = await open(`http://localhost:${shop.port}/plain`)
  await widgetOn(page).launcher.waitFor()
  expect(await call(page, 'opn')).toBeUndefined()
  await eventually(() => errors.length, 1)
  expect(errors[0]).toStartWith('kontuar: there is no command "opn". The commands are open, ')
  const address = errors[0]?.split(' See ')[1] ?? ''
  const answer = await fetch(address)
  expect(answer.status).toBe(200)
  expect(await answer.text()).toContain(house.site.id)
  await context.close()
})

test('every example of the live page runs, and every event is written down', async () => {
  const { context, page, errors, launcher, host, frame } = await open(`${house.url}/widget/api?site=${house.site.id}`)
  const run = (command: string) => page.getByRole('button', { name: `Run the example of ${command}` }).click()
  const log = page.getByRole('log')
  const chat = host.locator('.window')
  await launcher.waitFor()
  await log.getByText('ready {}').waitFor()
  await keepPicture(page, 'api-light')
  expect(await faults(page)).toEqual([])
  await run('open')
  await chat.waitFor()
  await log.getByText('open {}').waitFor()
  await run('close')
  await chat.waitFor({ state: 'hidden' })
  await run('toggle')
  await chat.waitFor()
  await run('hide')
  await chat.waitFor({ state: 'hidden' })
  await launcher.waitFor({ state: 'hidden' })
  await run('show')
  await launcher.waitFor()
  await run('setAttributes')
  await run('page')
  await run('send')
  await chat.waitFor()
  await frame.locator('main').waitFor()
  await run('shutdown')
  expect(await host.count()).toBe(0)
  expect(errors).toEqual([])
  await context.close()
})

test('the live page is read by night and on a phone, and says what it needs where there is no chat', async () => {
  const phone = { viewport: { width: 390, height: 780 }, isMobile: true, hasTouch: true, colorScheme: 'dark' } as const
  const { context, page, errors } = await open(`${house.url}/widget/api`, phone)
  await page.getByText('Add ?site= with the id of your site').waitFor()
  expect(await page.getByRole('button', { name: 'Run the example of open' }).isDisabled()).toBe(true)
  expect(await page.locator('kontuar-chat').count()).toBe(0)
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
  await keepPicture(page, 'api-phone-dark')
  expect(errors).toEqual([])
  await context.close()
})
