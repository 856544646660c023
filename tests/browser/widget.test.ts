import { afterAll, afterEach, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { finishConversation, listFolder } from '../../src/features/conversations/index.ts'
import { listEntries, readUpTo, sendMessage } from '../../src/features/messages/index.ts'
import { switchChat } from '../../src/features/sites/index.ts'
import { publish } from '../../src/platform/live/bus.ts'
import { enter, leavePresence } from '../../src/platform/live/presence.ts'
import { hire } from '../support/cast.ts'
import { type Browser, type BrowserContext, errorsOf, openPages, widgetOn } from '../support/chromium.ts'
import { openHouse, type TestHouse } from '../support/house.ts'
import { openShop, type Shop } from '../support/shop.ts'

setDefaultTimeout(60_000)

let house: TestHouse
let shop: Shop
let browser: Browser
let anna: Awaited<ReturnType<typeof hire>>
const contexts: BrowserContext[] = []

beforeAll(async () => {
  house = await openHouse()
  anna = await hire('Anna', 'owner')
  shop = openShop(house.url, house.site.id)
  browser = await openPages()
})

afterEach(async () => {
  for (const context of contexts.splice(0)) await context.close()
})

afterAll(async () => {
  await browser.close()
  await shop.stop()
  await house.close()
})

/** A visitor with a browser of their own; `localhost` is another site than the 127.0.0.1 of the house. */
async function visit(options: Parameters<Browser['newContext']>[0] = {}) {
  const context = await browser.newContext(options)
  contexts.push(context)
  const page = await context.newPage()
  const errors = errorsOf(page)
  const load = async (tab = page) => {
    await tab.goto(`http://localhost:${shop.port}/`)
    await widgetOn(tab).launcher.waitFor()
    return tab
  }
  await load()
  return { context, page, errors, load, ...widgetOn(page) }
}

const eventually = async (ask: () => Promise<unknown>, wanted: unknown) => {
  const giveUpAt = performance.now() + 20_000
  for (;;) {
    const answer = await ask().catch((error: unknown) => error)
    if (Bun.deepEquals(answer, wanted)) return
    if (performance.now() > giveUpAt) return expect(answer).toEqual(wanted)
    await Bun.sleep(20)
  }
}

const waitingFor = async (text: string) => {
  const rows = await listFolder({ folder: 'waiting', agentId: anna.agentId, limit: 100 })
  return rows.find(({ lastText }) => lastText === text)
}

/** The conversation whose last message is `text`, once it has come. */
async function conversationWith(text: string) {
  await eventually(async () => (await waitingFor(text)) !== undefined, true)
  const row = await waitingFor(text)
  if (!row) throw new Error('the conversation has gone')
  return row
}

const bodiesOf = async (conversationId: string) =>
  (await listEntries(conversationId, { limit: 100 })).filter(({ kind }) => kind === 'text').map(({ body }) => body)

let answers = 0
const answer = (conversationId: string, body: string) =>
  sendMessage(anna, { conversationId, clientId: `answer-${answers++}`, body })

test('a visitor writes, sees it sent and seen, and is answered live', async () => {
  const { page, launcher, field, write, own, theirs, frame, errors } = await visit()
  await launcher.click()
  await field.waitFor()
  await write('Will it come before two?')
  await own.getByText('Sent', { exact: true }).waitFor()
  const conversation = await conversationWith('Will it come before two?')
  await readUpTo(anna, { conversationId: conversation.id, seq: conversation.lastSeq })
  await own.getByText('Seen', { exact: true }).waitFor()
  publish('agent.typing', {
    conversationId: conversation.id,
    visitorId: conversation.visitorId,
    agentId: anna.agentId,
    name: 'Anna',
  })
  await frame.getByText('Anna is typing').first().waitFor()
  await answer(conversation.id, 'Yes, between twelve and two.')
  await theirs.getByText('Yes, between twelve and two.').waitFor()
  await eventually(() => frame.getByText('Anna is typing').count(), 0)
  expect(await page.context().cookies()).toEqual([])
  expect(errors).toEqual([])
})

test('before the visitor acts there is one request, no cookie and nothing stored', async () => {
  const context = await browser.newContext()
  contexts.push(context)
  const page = await context.newPage()
  const asked: string[] = []
  page.on('request', (request) => asked.push(new URL(request.url()).pathname))
  await page.goto(`http://localhost:${shop.port}/`)
  const { launcher, field } = widgetOn(page)
  await launcher.waitFor()
  await page.waitForTimeout(1500)
  expect(asked.filter((path) => path !== '/' && path !== '/favicon.ico')).toEqual(['/widget.js'])
  await launcher.hover()
  await launcher.click()
  await field.waitFor()
  expect(await page.evaluate(() => [localStorage.length, sessionStorage.length, document.cookie])).toEqual([0, 0, ''])
  expect(await context.cookies()).toEqual([])
  await field.pressSequentially('He')
  await eventually(
    () =>
      page.evaluate(() =>
        Object.keys(localStorage)
          .map((key) => key.split(':').at(-1) ?? '')
          .toSorted(),
      ),
    ['draft', 'token'],
  )
  expect(await context.cookies()).toEqual([])
})

test('pending messages and the draft survive a reload without a network, and go out once and in order', async () => {
  const { context, page, launcher, load, field, write, own, bar, errors } = await visit()
  await launcher.click()
  await write('first')
  await own.getByText('Sent', { exact: true }).waitFor()
  await context.setOffline(true)
  await write('second')
  await write('third')
  await bar.getByText('Waiting for connection').waitFor()
  await eventually(() => own.locator('.state').allTextContents(), ['Sent', 'Not sent yet', 'Not sent yet'])
  await field.fill('half a sentence')
  await context.setOffline(false)
  await house.reopen()
  await load()
  await launcher.click()
  await eventually(() => own.locator('.state').allTextContents(), ['Sent', 'Sent', 'Sent'])
  expect(await field.inputValue()).toBe('half a sentence')
  const { id } = await conversationWith('third')
  expect(await bodiesOf(id)).toEqual(['first', 'second', 'third'])
  expect(await page.evaluate(() => Object.keys(localStorage).filter((key) => key.includes('pending')))).toEqual([])
  expect(errors).toEqual([])
})

test('offline it waits in words, online it heals by itself, with nothing missing or double', async () => {
  const { context, launcher, write, own, theirs, bar } = await visit()
  await launcher.click()
  await write('before')
  await own.getByText('Sent', { exact: true }).waitFor()
  const { id } = await conversationWith('before')
  await context.setOffline(true)
  await bar.getByText('What you write is kept and goes out by itself').waitFor()
  await answer(id, 'while you were away')
  await write('from the tunnel')
  await context.setOffline(false)
  await theirs.getByText('while you were away').waitFor()
  await eventually(() => own.locator('.state').allTextContents(), ['Delivered', 'Sent'])
  await eventually(() => bar.count(), 0)
  expect(await bodiesOf(id)).toEqual(['before', 'while you were away', 'from the tunnel'])
})

test('two tabs are one visitor with one conversation, and each message shows once in both', async () => {
  const { context, page, load } = await visit()
  const second = await load(await context.newPage())
  const one = widgetOn(page)
  const two = widgetOn(second)
  for (const tab of [one, two]) {
    await tab.launcher.click()
    await tab.field.waitFor()
  }
  await one.write('from one')
  await one.own.getByText('Sent', { exact: true }).waitFor()
  await two.own.getByText('from one').waitFor()
  await Promise.all([one.write('one again'), two.write('from two')])
  for (const tab of [one, two]) {
    await eventually(() => tab.own.locator('.state').allTextContents(), ['Sent', 'Sent', 'Sent'])
  }
  const shown = await one.own.locator('.face').allTextContents()
  expect(await two.own.locator('.face').allTextContents()).toEqual(shown)
  const rows = await listFolder({ folder: 'waiting', agentId: anna.agentId, limit: 100 })
  const mine = rows.filter(({ lastText }) => lastText === 'from two' || lastText === 'one again')
  expect(mine).toHaveLength(1)
  expect((await bodiesOf(mine[0]?.id ?? '')).toSorted()).toEqual(['from one', 'from two', 'one again'])
})

test('an answer to a closed window is counted on the launcher, and read when it is opened', async () => {
  const { page, launcher, field, write, own, theirs, frame } = await visit()
  await launcher.click()
  await write('Hello')
  await own.getByText('Sent', { exact: true }).waitFor()
  const { id } = await conversationWith('Hello')
  await field.press('Escape')
  await eventually(() => page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.className), 'launcher')
  await answer(id, 'one')
  await answer(id, 'two')
  await eventually(() => launcher.getAttribute('aria-label'), 'Open the chat, 2 unread messages')
  await page.reload()
  await eventually(() => launcher.getAttribute('aria-label'), 'Open the chat, 2 unread messages')
  await launcher.press('Enter')
  await theirs.getByText('two').waitFor()
  await eventually(() => launcher.getAttribute('aria-label'), 'Open the chat')
  await eventually(() => frame.locator('textarea').evaluate((field) => field === document.activeElement), true)
})

test('the switch, the end of a conversation and who is there are told live, in words', async () => {
  const { launcher, field, write, own, bar, frame } = await visit()
  await launcher.click()
  await frame.getByText('Nobody is here now').waitFor()
  enter(anna.agentId, 'Anna')
  await frame.getByText('Online', { exact: true }).waitFor()
  await write('Hello there')
  await own.getByText('Delivered', { exact: true }).waitFor()
  leavePresence(anna.agentId)
  await switchChat({ role: 'owner' }, house.site.id, false)
  await frame.getByText('The chat is switched off').waitFor()
  await switchChat({ role: 'owner' }, house.site.id, true)
  await field.waitFor()
  expect(await bar.count()).toBe(0)
  const { id } = await conversationWith('Hello there')
  await answer(id, 'Hello')
  await finishConversation(anna, id)
  await bar.getByText('Write again to reopen it').waitFor()
  await write('One more thing')
  await own
    .nth(1)
    .getByText(/^(Sent|Delivered)$/)
    .waitFor()
  await eventually(() => bar.count(), 0)
  expect((await conversationWith('One more thing')).id).toBe(id)
})
