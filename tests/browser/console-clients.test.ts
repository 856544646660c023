import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { findConversation } from '../../src/features/conversations/index.ts'
import { listZones } from '../../src/features/zones/index.ts'
import { visitorWrites } from '../inbox/stage.ts'
import { faultsByDayAndNight } from '../support/axe.ts'
import { AgentClient } from '../support/agent-client.ts'
import { ApiClient } from '../support/api-client.ts'
import { hire, password } from '../support/cast.ts'
import { type Browser, errorsOf, openPages, type Page } from '../support/chromium.ts'
import { openHouse, type TestHouse } from '../support/house.ts'
import { eventually } from '../support/waiting.ts'

// One admin at her console; the shop's programs tell of a client over REST meanwhile.
setDefaultTimeout(120_000)

let house: TestHouse
let browser: Browser
let api: ApiClient
let page: Page
let client: AgentClient
let conversationId: string
let errors: string[] = []

beforeAll(async () => {
  house = await openHouse({ 'no-limits': true })
  api = await ApiClient.of(house.url, 'Program')
  const clara = await hire('Clara', 'admin')
  client = new AgentClient(house.url)
  await client.signIn(clara.email, password)
  ;({ conversationId } = await visitorWrites(house, 'Can you leave it with the concierge?'))
  await api.put('zones/north', {
    name: 'North',
    districts: ['Parnas'],
    colour: 'cyan',
    days: [1, 3],
    currency: 'RUB',
    minimumMinor: 50_000,
  })
  await api.put('zones/south', { name: 'South', colour: 'pink' })
  const addresses = [{ externalId: 'home', address: 'Lenina 1', zone: 'north', district: 'Parnas' }]
  await api.put('contacts/K-1', { name: 'Marina Sokolova', phone: '+7 921 000-01-48', addresses })
  for (let n = 0; n < 14; n++)
    await api.put(`orders/${n}`, {
      ...bought,
      number: `4820${n}`,
      placedAt: new Date(Date.UTC(2026, 0, 1 + n)).toISOString(),
    })
  browser = await openPages()
  page = await newPage({ viewport: { width: 1440, height: 900 } })
})
afterAll(async () => {
  await browser.close()
  await house.close()
})

const bought = {
  ...{
    contact: 'K-1',
    currency: 'RUB',
    sumMinor: 167_050,
    status: 'Delivered',
    statusColour: 'green',
    address: 'home',
  },
  lines: [{ name: 'Water, 19 l', quantity: '4', sumMinor: 148_000 }],
}

/** A window of Clara's, who lives in Moscow. */
async function newPage(options: Parameters<Browser['newContext']>[0]): Promise<Page> {
  const context = await browser.newContext({ locale: 'en-GB', timezoneId: 'Europe/Moscow', ...options })
  await context.addCookies([...client.cookies].map(([name, value]) => ({ name, value, url: house.url })))
  const opened = await context.newPage()
  opened.setDefaultTimeout(15_000)
  errors = errorsOf(opened)
  return opened
}

async function openConversation(on: Page, more = ''): Promise<void> {
  const watching = on
    .waitForEvent('websocket')
    .then((socket) =>
      socket.waitForEvent('framereceived', { predicate: ({ payload }) => payload.toString().includes('"watching"') }),
    )
  await on.goto(`${house.url}/c/${conversationId}?folder=waiting${more}`)
  await watching
}

const card = (words: string) => page.locator('#card', { hasText: words }).waitFor()
const zoneOf = async () => {
  const zoneId = (await findConversation(conversationId))?.zoneId
  return (await listZones()).find(({ id }) => id === zoneId)?.name ?? null
}

test('a visitor is found by an order’s number, linked by the keyboard alone, and unlinked by undo', async () => {
  await openConversation(page)
  await page.keyboard.press('Escape')
  await page.locator('#conversation').click({ position: { x: 5, y: 200 } })
  await page.keyboard.press('i')
  await page.locator('dialog#sheet[open]').waitFor()
  await page.keyboard.type('482013')
  await page.locator('.people button', { hasText: 'Marina Sokolova' }).waitFor()
  expect(await faultsByDayAndNight(page, '#sheet')).toEqual([])
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await page.locator('dialog#sheet').waitFor({ state: 'detached' })
  await card('Linked by Clara')
  await page.locator('#rows', { hasText: 'Marina Sokolova' }).waitFor()
  expect(await zoneOf()).toBe('North')
  await page.locator('#toasts', { hasText: 'This is Marina Sokolova.' }).getByRole('button', { name: 'Undo' }).click()
  await page.locator('#card-link', { hasText: 'Linked by' }).waitFor({ state: 'detached' })
  await eventually(zoneOf, null)
  await page.locator('#card-link [data-sheet]').click()
  await page.locator('#link-query').fill('sokolova')
  await page.locator('.people button').click()
  await card('Linked by Clara')
})

test('what the shop tells over REST shows in the open card at once, behind the arrow too', async () => {
  await card('No. 482013, 14 Jan, 03:00')
  await api.put('orders/new', {
    ...bought,
    number: '48300',
    placedAt: '2026-02-01T06:30:00Z',
    status: 'On the way',
    statusColour: 'blue',
  })
  await card('No. 48300, 1 Feb, 09:30')
  await page.locator('#card-last-order .status', { hasText: 'On the way' }).waitFor()
  expect(await page.locator('#card-last-order tfoot').innerText()).toContain('₽1,670.50')
  await page.locator('#conversation').click({ position: { x: 5, y: 200 } })
  await page.keyboard.press('m')
  await page.locator('#card-orders').waitFor()
  expect(await page.locator('#card-more').getAttribute('aria-expanded')).toBe('true')
  expect(await page.locator('#card-orders li').count()).toBe(10)
  await page.getByRole('button', { name: 'Older orders' }).click()
  await page.locator('#card-orders', { hasText: 'No. 48200' }).waitFor()
  await api.put('container-movements/1', {
    contact: 'K-1',
    type: '19 l',
    delivered: 4,
    at: '2026-02-01T06:30:00Z',
    order: 'new',
  })
  await page.locator('#card-rest', { hasText: 'owes 4 containers' }).waitFor()
  await api.put('container-movements/2', { contact: 'K-1', type: '19 l', returned: 3, at: '2026-02-02T06:30:00Z' })
  await page.locator('#card-rest', { hasText: 'owes 1 container' }).waitFor()
  // The page of orders that was open stays open.
  await page.locator('#card-orders', { hasText: 'No. 48200' }).waitFor()
  expect(await faultsByDayAndNight(page, '#card')).toEqual([])
  await page.getByRole('button', { name: 'Newest orders' }).click()
  await page.locator('#card-orders', { hasText: 'No. 48300' }).waitFor()
})

test('an order is written by hand in the reader’s own time, and what is wrong stands beside its field', async () => {
  await page.locator('#card-orders .add').first().click()
  const sheet = page.locator('dialog#sheet')
  await sheet.locator('#sheet-number').fill('H-1')
  await sheet.locator('#sheet-placedAt').fill('2026-03-01T12:00')
  await sheet.locator('#sheet-sum').fill('much')
  await sheet.locator('#sheet-status').fill('Called in')
  await sheet.getByRole('button', { name: 'Save' }).click()
  await sheet.locator('#sheet-sum-hint.error').waitFor()
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('sheet-sum')
  expect(await sheet.locator('#sheet-number').inputValue()).toBe('H-1')
  expect(await sheet.locator('#sheet-placedAt').inputValue()).toBe('2026-03-01T12:00')
  expect(await faultsByDayAndNight(page, '#sheet')).toEqual([])
  // A slip closes it, and nothing that was typed is lost.
  await page.keyboard.press('Escape')
  await sheet.waitFor({ state: 'detached' })
  await page.locator('#card-orders .add').first().click()
  expect(await sheet.locator('#sheet-status').inputValue()).toBe('Called in')
  await sheet.locator('#sheet-sum').fill('2 500')
  await page.keyboard.press('Enter')
  await sheet.waitFor({ state: 'detached' })
  await card('No. H-1, 1 Mar, 12:00')
  // No address on it: they are where their main one is.
  expect(await zoneOf()).toBe('North')
  await page.locator('#card-addresses .add').click()
  await page.locator('#sheet-address').fill('Nevsky 2')
  await page.locator('#sheet-zone').selectOption({ label: 'South' })
  await page.locator('dialog#sheet input[name="main"]').check()
  await page.locator('dialog#sheet').getByRole('button', { name: 'Save' }).click()
  await page.locator('#card-address .zone', { hasText: 'South' }).waitFor()
  await eventually(zoneOf, 'South')
  await page.locator('#card-address').hover()
  await page.locator('#card-address [data-sheet]').click()
  await page.locator('dialog#sheet').getByRole('button', { name: 'Delete' }).click()
  await page.locator('#card-address .zone', { hasText: 'North' }).waitFor()
  await page.locator('#toasts', { hasText: 'The address is deleted.' }).getByRole('button', { name: 'Undo' }).click()
  await page.locator('#card-address .zone', { hasText: 'South' }).waitFor()
  await page.locator('#card-history .unfold').click()
  await page.locator('#card-history', { hasText: 'Clara: Order H-1' }).waitFor()
  expect(errors).toEqual([])
})

test('on a phone the card is a screen of its own, whole and without fault', async () => {
  const phone = await newPage({ viewport: { width: 390, height: 844 }, hasTouch: true })
  await openConversation(phone, '&show=card')
  await phone.locator('#card-more').tap()
  await phone.locator('#card-orders').waitFor()
  const overflow = await phone.evaluate(() => {
    const pane = document.querySelector('#card')
    return pane === null ? null : pane.scrollWidth - pane.clientWidth
  })
  expect(overflow).toBe(0)
  expect(await faultsByDayAndNight(phone, '#card')).toEqual([])
  await phone.locator('#card-addresses .add').tap()
  await phone.locator('dialog#sheet[open]').waitFor()
  expect(await phone.locator('#sheet-address').evaluate((field) => getComputedStyle(field).fontSize)).toBe('16px')
  await phone.locator('dialog#sheet').getByRole('button', { name: 'Cancel' }).tap()
  await phone.locator('dialog#sheet').waitFor({ state: 'detached' })
  expect(errors).toEqual([])
  await phone.context().close()
})

test('zones are moved by keys and by hand, written, deleted and brought back', async () => {
  await page.goto(`${house.url}/settings/zones`)
  const names = () => page.locator('#zone-rows h2').allInnerTexts()
  expect(await names()).toEqual(['North', 'South'])
  expect(await faultsByDayAndNight(page, 'main')).toEqual([])
  await page.getByRole('button', { name: 'Move “North”' }).focus()
  await page.keyboard.press('ArrowDown')
  await page.locator('#zones-moved', { hasText: '“North” is now number 2.' }).waitFor({ state: 'attached' })
  expect(await names()).toEqual(['South', 'North'])
  await eventually(async () => (await listZones()).map(({ name }) => name), ['South', 'North'])
  const [grip, top] = await Promise.all(
    ['North', 'South'].map((name) => page.getByRole('button', { name: `Move “${name}”` }).boundingBox()),
  )
  await page.mouse.move(grip!.x + 5, grip!.y + 5)
  await page.mouse.down()
  await page.mouse.move(grip!.x + 5, top!.y - 20, { steps: 5 })
  await page.mouse.up()
  await eventually(async () => (await listZones()).map(({ name }) => name), ['North', 'South'])
  await page.getByRole('button', { name: 'New zone' }).click()
  await page.locator('#sheet-name').fill('East')
  await page.locator('#sheet-districts').fill('Okhta\nRzhevka')
  await page.getByLabel('Fri').check()
  expect(await faultsByDayAndNight(page, '#sheet')).toEqual([])
  await page.locator('dialog#sheet').getByRole('button', { name: 'Save' }).click()
  await page.locator('#zone-rows li', { hasText: 'Okhta, Rzhevka' }).waitFor()
  await page.getByRole('button', { name: 'Delete “East”' }).click()
  await page.locator('#zone-rows li', { hasText: 'East' }).waitFor({ state: 'detached' })
  await page.locator('#toasts').getByRole('button', { name: 'Undo' }).click()
  await page.locator('#zone-rows li', { hasText: 'East' }).waitFor()
  // Another program's zone comes by itself.
  await api.put('zones/west', { name: 'West' })
  await page.locator('#zone-rows li', { hasText: 'West' }).waitFor()
  expect(errors).toEqual([])
})

test('a key is made on the page of the installation, read once and revoked', async () => {
  await page.goto(`${house.url}/settings/installation`)
  await page.locator('#api-key-name').fill('Route planner')
  await page.getByRole('button', { name: 'Create key' }).click()
  const key = await page.locator('#api-key-made').innerText()
  expect((await new ApiClient(house.url, key).get('zones/north')).status).toBe(200)
  // A connection that comes back asks for lists again, and takes nothing that is shown once or being typed.
  await page.locator('#api-key-name').fill('Half a na')
  const asked = page.waitForResponse((answer) => answer.url().endsWith('/settings/api-keys'))
  await page.evaluate(() => document.body.dispatchEvent(new CustomEvent('api-keys-changed')))
  await (await asked).finished()
  expect(await page.locator('#api-key-made').innerText()).toBe(key)
  expect(await page.locator('#api-key-name').inputValue()).toBe('Half a na')
  expect(await faultsByDayAndNight(page, '#api-keys')).toEqual([])
  await page.getByRole('button', { name: 'Revoke “Route planner”' }).click()
  await page.getByRole('button', { name: 'Revoke “Route planner”' }).waitFor({ state: 'detached' })
  expect((await new ApiClient(house.url, key).get('zones/north')).status).toBe(401)
  await page.locator('#toasts').getByRole('button', { name: 'Undo' }).click()
  await page.getByRole('button', { name: 'Revoke “Route planner”' }).waitFor()
  expect((await new ApiClient(house.url, key).get('zones/north')).status).toBe(200)
  await page.reload()
  expect(await page.locator('#api-key-made').count()).toBe(0)
  expect(errors).toEqual([])
})
