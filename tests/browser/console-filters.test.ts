import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { inArray } from 'drizzle-orm'
import { conversations, finishConversation } from '../../src/features/conversations/index.ts'
import { endTold, tellAgents } from '../../src/features/system-messages/index.ts'
import { zones } from '../../src/features/zones/index.ts'
import { write } from '../../src/platform/db/write.ts'
import { newId } from '../../src/platform/lib/id.ts'
import { record } from '../../src/platform/live/bus.ts'
import { atConsole, type Boris, visitorWrites } from '../inbox/stage.ts'
import { faultsByDayAndNight } from '../support/axe.ts'
import { hire } from '../support/cast.ts'
import { type Browser, type BrowserContext, errorsOf, openPages, type Page } from '../support/chromium.ts'
import { openHouse, type TestHouse } from '../support/house.ts'
import { eventually } from '../support/waiting.ts'

setDefaultTimeout(120_000)

// What is listed, in a real browser: filters together, what the system says, and what is looked for.
let house: TestHouse
let browser: Browser
let context: BrowserContext
let page: Page
let errors: string[]
const [north, centre] = [newId(), newId()]

beforeAll(async () => {
  browser = await openPages()
  house = await openHouse({ 'no-limits': true }, { hooks: {} })
  const made = { districts: [], colour: 'blue', days: [], createdAt: 1, changedAt: 1 }
  await write((tx) =>
    tx.insert(zones).values([
      { id: north, name: 'North', position: 0, ...made },
      { id: centre, name: 'Centre', position: 1, ...made },
    ]),
  )
  const agent = await atConsole(house, 'Anna', 'agent')
  context = await browser.newContext({
    locale: 'en-GB',
    viewport: { width: 1440, height: 900 },
    reducedMotion: 'reduce',
  })
  await context.addCookies([...agent.cookies].map(([name, value]) => ({ name, value, url: house.url })))
  page = await context.newPage()
  page.setDefaultTimeout(15_000)
  errors = errorsOf(page)
})
afterAll(async () => {
  await browser.close()
  await house.close()
})

/** Opens an address and waits until the page hears what happens: its list is asked for anew then. */
async function open(path: string): Promise<void> {
  let isConnected = false
  page.once('websocket', () => (isConnected = true))
  // Listened for from the start: what is heard late may come together.
  const asked = page.waitForResponse((answer) => isConnected && answer.url().includes('/inbox/rows?'))
  await page.goto(house.url + path)
  await (await asked).finished()
}

const place = (ids: string[], zoneId: string | null) =>
  write(async (tx) => {
    await tx.update(conversations).set({ zoneId }).where(inArray(conversations.id, ids))
    await record(tx, 'conversations.zoned', { conversationIds: ids })
  })

const listed = () =>
  page.locator('#rows > li[data-conversation]').evaluateAll((rows) => rows.map((row) => row.id.slice(4)))
const shows = (...those: Boris[]) =>
  eventually(
    listed,
    those.map(({ conversationId }) => conversationId),
  )
const textOf = (selector: string) => async () =>
  ((await page.locator(selector).textContent()) ?? '').replaceAll(/\s+/g, ' ').trim()

test('zone, unread and users filter together, by pointer and by keys, live; Read all reads what they show, and Undo puts it back', async () => {
  const boris = await visitorWrites(house, 'Where is my water?')
  const clara = await visitorWrites(house, 'Is the spring cold?')
  const dora = await visitorWrites(house, 'Bottles to take back')
  await place([boris.conversationId], north)
  await place([clara.conversationId], centre)
  await tellAgents({ kind: 'notice', title: 'The shop moves on Friday' })
  await open('/inbox')
  await shows(boris, clara, dora)
  await page.locator('#system-row').waitFor()
  expect(await textOf(`#row-${boris.conversationId} .zone`)()).toBe('North')

  await page.locator('#filter-users').click()
  await page.locator('#system-row').waitFor({ state: 'detached' })
  await page.locator('#filter-zone').click()
  expect(await faultsByDayAndNight(page, '#filter-zone-menu')).toEqual([])
  await page.emulateMedia({ colorScheme: 'light' })
  await page.locator(`#zone-${north}`).click()
  await shows(boris)
  // The menu stays: another one by keys.
  await page.locator(`#zone-${north}:focus`).waitFor()
  await page.keyboard.press('End')
  await page.keyboard.press('Enter')
  await shows(boris, dora)
  await page.locator('#zone-none[aria-checked="true"]:focus').waitFor()
  await page.keyboard.press('Escape')
  await page.keyboard.press('u')
  await eventually(() => new URL(page.url()).search, `?folder=waiting&unread=1&zone=${north}.none&kind=users`)
  await page.locator('#list-head[data-list*="unread=1"]').waitFor()
  await shows(boris, dora)
  expect(await textOf('#filter-unread')()).toBe('Unread 2')
  expect(await textOf('#folders [aria-current]')()).toBe('Waiting 2Unread: 2')
  expect(await faultsByDayAndNight(page, '#inbox')).toEqual([])

  // Rows come and go by themselves.
  await place([clara.conversationId], north)
  await shows(boris, clara, dora)
  await place([dora.conversationId], centre)
  await shows(boris, clara)

  await page.keyboard.press('Shift+A')
  await eventually(textOf('#empty h2'), 'Nothing here: Waiting')
  expect(await textOf('.filters-on')()).toBe('UnreadZone: North, No zone')
  // Of Dora's, in another zone, and of what the system says nothing was read.
  await eventually(textOf('#rail-unread'), 'Unread: 2')
  await page.locator('#toasts [data-undo]').click()
  await shows(boris, clara)
  await eventually(textOf('#rail-unread'), 'Unread: 4')
  await page.reload()
  await shows(boris, clara)
  // A menu that is opened while the list is on its way stays.
  const on = Promise.withResolvers<void>()
  await page.route('**/inbox?**', async (route) => {
    await on.promise
    await route.continue()
  })
  await page.locator('#filter-unread').click()
  await page.locator('#filter-zone').click()
  await page.locator('#filter-zone-all[href*="unread"]').waitFor()
  on.resolve()
  await page.locator('#filter-zone-all:not([href*="unread"])').waitFor()
  await page.unroute('**/inbox?**')
  await page.locator('#filter-zone-all').click()
  await shows(boris, clara, dora)
  expect(errors).toEqual([])
})

test('what the system says comes by itself, is read by opening it, is over when it is, and is hidden and brought back by one press', async () => {
  await open('/inbox')
  await tellAgents({ kind: 'delivery', code: 'mail_dead', values: { error: '421 <b>busy</b>' }, key: 'mail' })
  await eventually(textOf('#system-row .words'), 'E-mail could not be sent')
  await eventually(textOf('#system-row .unread'), 'Unread: 2')
  await page.locator('#system-row a.row').click()
  await page.getByRole('heading', { name: 'E-mail could not be sent' }).waitFor()
  await page.getByText('421 <b>busy</b>').waitFor()
  await page.locator('#system-row .unread').waitFor({ state: 'detached' })
  await page.reload()
  await page.getByRole('heading', { name: 'The shop moves on Friday' }).waitFor()
  expect(await faultsByDayAndNight(page, '#conversation')).toEqual([])
  await page.emulateMedia({ colorScheme: 'light' })
  await endTold(['mail'])
  await eventually(async () => (await page.locator('#conversation .over').count()) === 1, true)
  await page.locator('#hide-system-all').click()
  await page.locator('#system-row').waitFor({ state: 'detached' })
  await page.locator('#show-system').click()
  await page.locator('#system-row').waitFor()
  await page.locator('#system-row').hover()
  await page.locator('#hide-system').click()
  await page.locator('#system-row').waitFor({ state: 'detached' })
  // Hidden they are counted nowhere, and still there for whoever asks for them.
  await tellAgents({ kind: 'notice', title: 'Nobody is disturbed by this' })
  await page.locator('#filter-system').click()
  await page.getByText('Nobody is disturbed by this').first().waitFor()
  await page.locator('#show-system').click()
  await page.locator('#filter-system').click()
  await page.locator('#system-row').waitFor()
  expect(errors).toEqual([])
})

test('words are looked for in any form, beside what is open; a hit is marked and opens in its place, and the way back leads to the list', async () => {
  const pavel = await hire('Pavel')
  const inge = await visitorWrites(house, 'Когда привезут доставку воды?')
  for (let n = 0; n < 60; n++) await inge.say(`и ещё ${n}`)
  await finishConversation({ ...pavel, kind: 'agent' }, inge.conversationId)
  const words = 'доставка вод'
  const answer = async () => (await page.request.get(`${house.url}/search?q=${encodeURIComponent(words)}`)).text()
  await eventually(async () => (await answer()).includes(`hit-${inge.conversationId}-1`), true)
  await open('/inbox?folder=active')
  await page.keyboard.press('/')
  await page.keyboard.type(words)
  // Whoever types slowly is answered in between, too.
  await eventually(() => new URL(page.url()).searchParams.get('q'), words)
  const hit = page.locator(`#hit-${inge.conversationId}-1`)
  await hit.waitFor()
  expect(await hit.locator('mark').allTextContents()).toEqual(['доставку', 'воды'])
  expect(await faultsByDayAndNight(page, '#inbox')).toEqual([])
  await page.emulateMedia({ colorScheme: 'light' })
  const unread = () => page.locator('.console').evaluate((shell) => Number((shell as HTMLElement).dataset.unread))
  const before = await unread()
  await visitorWrites(house, 'Somebody else meanwhile')
  await eventually(unread, before + 1)
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await page.locator('#m-1[data-aimed]').waitFor()
  expect(await unread()).toBe(before + 1)
  await page.locator('#card').waitFor()
  await hit.locator('[aria-current]').waitFor()
  await page.reload()
  await page.locator('#m-1[data-aimed]').waitFor()
  await hit.waitFor()
  await page.locator('#search-box').fill('такого никто не говорил')
  await page.getByText('All the words must stand in one message').waitFor()
  expect(await page.locator('#m-1').count()).toBe(1)
  await page.locator('#search-box').press('Escape')
  await page.locator('#folders').waitFor()
  expect(await page.locator('#search-box').inputValue()).toBe('')
  await page.setViewportSize({ width: 390, height: 844 })
  await page.goto(`${house.url}/search?q=${encodeURIComponent('доставкой')}`)
  await page.locator(`#hit-${inge.conversationId}-1 a`).click()
  await page.locator('#m-1[data-aimed]').waitFor()
  await page.locator('#conversation .to-list').click()
  await hit.waitFor()
  expect(errors).toEqual([])
})

test('what cannot be found yet comes by itself, and the address stays as it is', async () => {
  const olga = await visitorWrites(house, 'Когда вы починили кулер?')
  const answer = async () => (await page.request.get(`${house.url}/search?q=кулер`)).text()
  const hitId = `hit-${olga.conversationId}-1`
  await eventually(async () => (await answer()).includes(hitId), true)
  // As the server answers while it has not come to this message.
  const building = '<p class="search-building">Older messages are still being taken in</p>'
  await page.route(
    '**/search?*',
    async (route) => {
      const body = (await (await route.fetch()).text())
        .replaceAll(hitId, 'hit-of-another')
        .replace('<p class="said"', `${building}$&`)
      await route.fulfill({ body, contentType: 'text/html' })
    },
    { times: 1 },
  )
  await open('/inbox?folder=waiting')
  await page.keyboard.press('/')
  await page.keyboard.insertText('кулер')
  await page.getByText('Older messages are still being taken in').waitFor()
  expect(await page.locator(`#${hitId}`).count()).toBe(0)
  const address = page.url()
  await page.locator(`#${hitId}`).waitFor()
  expect(await page.locator('.search-building').count()).toBe(0)
  expect(page.url()).toBe(address)
  expect(errors).toEqual([])
})
