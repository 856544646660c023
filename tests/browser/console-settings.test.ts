import { afterAll, afterEach, beforeAll, beforeEach, expect, setDefaultTimeout, test } from 'bun:test'
import { listFolder } from '../../src/features/conversations/index.ts'
import { lastChange } from '../../src/features/settings/index.ts'
import {
  changeChatDefaults,
  chatDefaults,
  createSite,
  deactivateSite,
  findSite,
  noCopies,
  type SiteRow,
} from '../../src/features/sites/index.ts'
import { write } from '../../src/platform/db/write.ts'
import { atConsole } from '../inbox/stage.ts'
import { faults } from '../support/axe.ts'
import type { AgentClient } from '../support/agent-client.ts'
import { hire } from '../support/cast.ts'
import { type Browser, type BrowserContext, errorsOf, openPages, type Page, widgetOn } from '../support/chromium.ts'
import { openHouse, type TestHouse } from '../support/house.ts'
import { mailThrough } from '../support/mail-house.ts'
import { keepPicture } from '../support/pictures.ts'
import { png } from '../support/png.ts'
import { openShop } from '../support/shop.ts'
import { MailServer } from '../support/smtp.ts'
import { eventually } from '../support/waiting.ts'

setDefaultTimeout(90_000)

let house: TestHouse
let browser: Browser
let clara: AgentClient
let dima: AgentClient
let context: BrowserContext
let page: Page
let errors: string[]

beforeAll(async () => {
  house = await openHouse({ 'no-limits': true })
  clara = await atConsole(house, 'Clara', 'admin')
  dima = await atConsole(house, 'Dima', 'owner')
  browser = await openPages()
})
afterAll(async () => {
  await browser.close()
  await house.close()
})
beforeEach(async () => {
  const bare = {
    chatEnabled: true,
    audience: 'anyone',
    greeting: null,
    greetingPicture: null,
    copies: noCopies,
  } as const
  await changeChatDefaults({ role: 'owner' }, bare, await lastChange('chat', null))
  ;({ context, page, errors } = await consoleOf(clara))
})
afterEach(async () => {
  expect(errors).toEqual([])
  await context.close()
})

async function consoleOf(agent: AgentClient, options: Parameters<Browser['newContext']>[0] = {}) {
  const own = await browser.newContext({ locale: 'en-GB', viewport: { width: 1440, height: 900 }, ...options })
  await own.addCookies([...agent.cookies].map(([name, value]) => ({ name, value, url: house.url })))
  const tab = await own.newPage()
  return { context: own, page: tab, errors: errorsOf(tab) }
}

const save = () => page.locator('.save-bar').getByRole('button', { name: 'Save changes' })
const said = (words: string | RegExp) => page.locator('#toasts').getByText(words)
const show = (path: string) => page.goto(house.url + path)

test('the chat goes off while a visitor types: the form takes all of it, it waits for an agent, its copy is in the mail, and the chat comes back', async () => {
  const mails = await MailServer.start()
  await mailThrough(await hire('Olga', 'owner'), mails.port)
  const shop = openShop(house.url, house.site.id)
  const visitor = await browser.newContext({ locale: 'en-GB' })
  const tab = await visitor.newPage()
  let holding = false
  let letGo = () => {}
  const held = new Promise<void>((resolve) => {
    letGo = resolve
  })
  // What the server says of the site comes late, as over a slow line: what was sent before is refused meanwhile.
  await tab.routeWebSocket(/\/api\/widget\//, (socket) => {
    const server = socket.connectToServer()
    server.onMessage((message) => {
      if (holding && message.toString().includes('"type":"site"')) void held.then(() => socket.send(message))
      else socket.send(message)
    })
  })
  await tab.goto(`http://localhost:${shop.port}/`)
  const { launcher, write: say, own, frame, field } = widgetOn(tab)
  await launcher.click()
  await say('Is there water?')
  await own.getByText(/^(Sent|Delivered)$/).waitFor()

  holding = true
  await show('/settings/chat')
  await page.getByRole('switch', { name: 'Enable chat' }).uncheck()
  await page.getByRole('switch', { name: 'Send chat messages to e-mail' }).check()
  await page.getByRole('textbox', { name: 'Addresses' }).fill('office@shop.test')
  await save().click()
  await said('Saved: Chat, E-mail copies.').waitFor()
  expect(await findSite(house.site.id)).toMatchObject({ chatEnabled: false })
  await field.fill('Nineteen litres')
  await field.press('Enter')
  const form = frame.getByRole('form')
  await form.waitFor()
  holding = false
  letGo()
  await form.getByText('A message of yours was not sent.').waitFor()
  await form.getByLabel('Message').fill('and two pumps')
  await form.getByRole('button', { name: 'Put it into the form' }).click()
  await eventually(() => form.getByLabel('Message').inputValue(), 'Nineteen litres\n\nand two pumps')
  await form.getByLabel('Name').fill('Boris')
  await form.getByLabel('E-mail or phone').fill('boris@mail.example')
  await form.getByRole('checkbox').check()
  await form.getByRole('button', { name: 'Send message' }).click()
  await frame.getByText('Your message has reached us').waitFor()
  const waiting = await listFolder({ folder: 'waiting', agentId: house.site.id, limit: 10 })
  expect(waiting.map(({ lastText }) => lastText)).toContain('Nineteen litres\n\nand two pumps')

  const [copy] = await mails.mails(1)
  expect(copy).toMatchObject({ to: [{ address: 'office@shop.test' }], text: expect.stringContaining('and two pumps') })

  await page.getByRole('switch', { name: 'Enable chat' }).check()
  await save().click()
  await field.waitFor()
  await say('Thank you')
  await own
    .getByText(/^(Sent|Delivered)$/)
    .last()
    .waitFor()

  await frame.getByRole('button', { name: 'Close' }).click()
  await launcher.waitFor()
  await deactivateSite({ role: 'owner' }, house.site.id, true)
  await launcher.waitFor({ state: 'hidden' })
  const fresh = await browser.newContext()
  const later = await fresh.newPage()
  await later.goto(`http://localhost:${shop.port}/`, { waitUntil: 'networkidle' })
  expect(await later.locator('kontuar-chat').count()).toBe(0)
  await fresh.close()
  await deactivateSite({ role: 'owner' }, house.site.id, false)
  await shop.stop()
  await visitor.close()
  await mails.stop()
})

test('the chat is set with errors beside their fields, nothing typed lost, and the widget beside it', async () => {
  await show('/settings/chat')
  const greeting = page.getByRole('textbox', { name: 'First-contact message' })
  const preview = page.frameLocator('iframe[data-preview]')
  await greeting.fill('Hello, ask here')
  await greeting.selectText()
  await page.getByRole('button', { name: 'Bold' }).click()
  expect(await greeting.inputValue()).toBe('**Hello, ask here**')
  await page.getByRole('button', { name: 'Emoji' }).click()
  await greeting.press('End')
  await page.locator('#greeting-emoji .emoji-place button').first().click()
  await preview.locator('strong', { hasText: 'Hello, ask here' }).waitFor()
  await page
    .locator('[data-picture]')
    .first()
    .setInputFiles({ name: 'x.png', mimeType: 'image/png', buffer: png(40, 20) })
  await preview.locator('.say img').waitFor()
  await page.getByRole('switch', { name: 'Send chat messages to e-mail' }).check()
  const addresses = page.getByRole('textbox', { name: 'Addresses' })
  await addresses.pressSequentially('zakaz@voda.example office@voda')
  await addresses.press('Enter')
  await page.locator('.save-bar').getByText('2 unsaved changes').waitFor()
  expect(await page.locator('.question .changed').count()).toBe(2)
  await page.route('**/settings/chat', (route) => route.abort())
  await save().click()
  await page.locator('#notice').getByText('The server cannot be reached').waitFor()
  expect(await greeting.inputValue()).toStartWith('**Hello, ask here**')
  await page.unroute('**/settings/chat')
  expect(errors.splice(0).filter((error) => !error.includes('Failed to fetch'))).toEqual([])
  await save().click()
  await page.getByText('office@voda is not a whole address: the part after @ has no dot.').waitFor()
  await page.waitForFunction(() => document.activeElement?.id === 'addresses')
  expect(await greeting.inputValue()).toStartWith('**Hello, ask here**')
  await keepPicture(page, 'settings-chat-faults')
  // The last address goes back into the field to be changed.
  await addresses.press('Backspace')
  await addresses.press('End')
  await addresses.pressSequentially('.example')

  let asked = 0
  page.on('dialog', (dialog) => {
    asked += 1
    void dialog.dismiss()
  })
  await page.getByRole('link', { name: 'Sites', exact: true }).click()
  await eventually(() => asked, 1)
  expect(new URL(page.url()).pathname).toBe('/settings/chat')

  await save().click()
  await said('Saved: First-contact message, Picture of the first-contact message, E-mail copies.').waitFor()
  expect((await chatDefaults()).copies.addresses).toEqual(['zakaz@voda.example', 'office@voda.example'])
  expect(await page.locator('.save-bar').isVisible()).toBe(false)
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('H1')
  await page.getByRole('link', { name: 'Changes' }).click()
  await page.locator('ins', { hasText: 'zakaz@voda.example, office@voda.example' }).waitFor()
})

test('the second of two who save is shown what the first has changed, and may save after that', async () => {
  await show('/settings/chat')
  const other = await consoleOf(dima)
  await other.page.goto(`${house.url}/settings/chat`)
  await other.page.getByRole('radio', { name: 'Only registered clients' }).check()
  await other.page.locator('.save-bar [type="submit"]').click()
  await other.page.locator('.toast').waitFor()
  const greeting = page.getByRole('textbox', { name: 'First-contact message' })
  await greeting.fill('Clara greets')
  await save().click()
  await page.getByText('Dima has saved other changes meanwhile').waitFor()
  await page.locator('#meanwhile ins', { hasText: 'Only registered clients' }).waitFor()
  expect(await greeting.inputValue()).toBe('Clara greets')
  await page.waitForFunction(() => document.activeElement?.id === 'meanwhile')
  await save().click()
  await said(/^Saved: /).waitFor()
  expect(await chatDefaults()).toMatchObject({ greeting: 'Clara greets', audience: 'anyone' })
  await other.context.close()
})

test('a site is created, dressed as the preview shows it, put out of use and deleted, and each is undone', async () => {
  await show('/settings/sites')
  await page.getByRole('link', { name: 'New site' }).click()
  await page.getByRole('textbox', { name: 'Name' }).fill('South shop')
  await page.getByRole('textbox', { name: 'Domains' }).fill('https://south.example/, *.south.example')
  await page.getByRole('button', { name: 'Create' }).click()
  await page.getByRole('heading', { name: 'South shop' }).waitFor()
  const id = new URL(page.url()).pathname.split('/').at(-1) ?? ''
  expect(await findSite(id)).toMatchObject({ domains: ['south.example', '*.south.example'], own: [] })

  const preview = page.frameLocator('iframe[data-preview]')
  const launcher = preview.locator('kontuar-chat .launcher')
  await launcher.waitFor()
  await page.locator('#colour').fill('#aa3311')
  await page.getByLabel('Words on the button').fill('Ask us')
  await launcher.getByText('Ask us').waitFor()
  const painted = () => launcher.evaluate((one) => getComputedStyle(one).backgroundColor)
  await eventually(painted, 'rgb(170, 51, 17)')
  await page.getByRole('radio', { name: 'At the start of the line (left)' }).check()
  await eventually(() => launcher.evaluate((one) => one.getBoundingClientRect().left < innerWidth / 3), true)
  await page.locator('#locale').selectOption('ru')
  await preview.getByText('Работает на').or(preview.getByPlaceholder('Сообщение')).first().waitFor()
  await page.getByRole('switch', { name: 'There are opening hours' }).check()
  await page.getByLabel('Saturday').fill('10-12')
  await keepPicture(page, 'settings-site')
  await save().click()
  await said(/^Saved: /).waitFor()
  expect((await findSite(id))?.widget).toMatchObject({
    colour: '#aa3311',
    label: 'Ask us',
    side: 'start',
    locale: 'ru',
  })

  await show('/settings/sites')
  const more = () => page.getByRole('button', { name: 'More about South shop' })
  await more().click()
  await page.getByRole('menuitem', { name: 'Put out of use' }).click()
  await page.locator(`#site-${id}`).getByText('Out of use: the widget shows nothing').waitFor()
  await page.getByRole('button', { name: 'Undo' }).last().click()
  await page.locator(`#site-${id}`).getByText('The chat is on').waitFor()
  await more().click()
  await page.getByRole('menuitem', { name: 'Delete' }).click()
  await page.locator(`#site-${id}`).waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Undo' }).last().click()
  await page.locator(`#site-${id}`).waitFor()
})

test('what was saved is said above the bars at the foot of the page, on a phone and on a desk', async () => {
  for (const viewport of [
    { width: 390, height: 844 },
    { width: 1440, height: 900 },
  ]) {
    await page.setViewportSize(viewport)
    await show('/settings/chat')
    const field = page.locator('textarea[name="greeting"]')
    const toast = said(/^Saved/)
    const covered = (bar: string) =>
      page.evaluate((selector) => {
        const edge = (of: string) => document.querySelector(of)?.getBoundingClientRect()
        const [one, other] = [edge('#toasts .toast'), edge(selector)]
        return !one || !other || (one.bottom > other.top && one.left < other.right && one.right > other.left)
      }, bar)
    await field.fill(`Welcome at ${viewport.width}`)
    await save().click()
    await toast.waitFor()
    expect(await covered('.rail')).toBe(false)
    await field.fill('Once more')
    await save().waitFor()
    expect(await covered('.save-bar')).toBe(false)
    await page.locator('.save-bar [data-do="discard"]').click()
    await save().waitFor({ state: 'hidden' })
  }
})

test('settings are found by typing, and every page of the cabinet is free of faults that axe knows', async () => {
  const long = 'Вода и продукты «Северный родник» с доставкой по всем районам города и области'
  const site: SiteRow = await write((tx) =>
    createSite(tx, { name: long, domains: ['a-very-long-name.of-a-shop.example'] }),
  )
  await show('/settings/installation')
  await page.getByRole('searchbox', { name: 'Search settings' }).fill('digest')
  await page.getByRole('status').getByRole('link', { name: 'Send chat messages to e-mail' }).click()
  await page.getByRole('heading', { name: 'Chat settings' }).waitFor()
  const looks = [
    { colorScheme: 'light', viewport: { width: 1440, height: 900 } },
    { colorScheme: 'dark', viewport: { width: 390, height: 844 } },
  ] as const
  const paths = [
    '/settings/chat',
    `/settings/chat?site=${site.id}`,
    '/settings/sites',
    '/settings/sites/new',
    `/settings/sites/${site.id}`,
    '/settings/installation',
    '/settings/search?q=chat',
    '/settings/changes?page=chat',
  ]
  for (const look of looks) {
    const own = await consoleOf(clara, look)
    for (const path of paths) {
      await own.page.goto(house.url + path)
      expect([path, ...(await faults(own.page))]).toEqual([path])
    }
    await own.context.close()
  }
})
