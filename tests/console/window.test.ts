import { afterAll, afterEach, beforeAll, beforeEach, expect, setDefaultTimeout, test } from 'bun:test'
import { consoleSockets } from '../../src/features/inbox/console-socket.ts'
import type { AgentClient } from '../support/agent-client.ts'
import { password } from '../support/cast.ts'
import { type Browser, type BrowserContext, errorsOf, openPages, type Page } from '../support/chromium.ts'
import { openHouse, type TestHouse } from '../support/house.ts'
import { newClientId, session, VisitorSocket } from '../support/visitor-client.ts'
import { atConsole, type Boris, visitorWrites } from '../inbox/stage.ts'

setDefaultTimeout(60_000)

let house: TestHouse
let browser: Browser
let context: BrowserContext
let page: Page
let errors: string[]
let clara: AgentClient
let boris: Boris

beforeAll(async () => {
  house = await openHouse({ 'no-limits': true })
  clara = await atConsole(house, 'Clara', 'admin')
  browser = await openPages()
})
afterAll(async () => {
  await browser.close()
  await house.close()
})
beforeEach(async () => {
  context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1280, height: 800 } })
  await context.addCookies([...clara.cookies].map(([name, value]) => ({ name, value, url: house.url })))
  page = await context.newPage()
  errors = errorsOf(page)
  boris = await visitorWrites(house, 'When will the water come?')
})
afterEach(async () => {
  await context.close()
})

const rows = () => page.locator('#messages > li:not(.day, .new-line)')
const said = () => page.locator('#messages .face').allTextContents()
const shown = (text: string) => page.locator('#messages').getByText(text, { exact: true })
const reconnecting = () => page.getByText('Reconnecting…')
const box = () => page.getByLabel('Your answer')

async function openConversation() {
  const watching = page
    .waitForEvent('websocket')
    .then((socket) =>
      socket.waitForEvent('framereceived', { predicate: ({ payload }) => payload.toString().includes('"watching"') }),
    )
  await page.goto(`${house.url}/c/${boris.conversationId}?folder=waiting`)
  await watching
}

test('a conversation is taken, answered, finished and reopened with the keyboard alone', async () => {
  await page.goto(`${house.url}/inbox`)
  const take = page.locator(`#row-${boris.conversationId} .take`)
  await take.focus()
  await page.keyboard.press('Enter')
  await page.waitForURL(`**/c/${boris.conversationId}?folder=active`)
  await page.waitForFunction(() => document.activeElement?.id === 'body')
  await page.keyboard.type('one')
  await page.keyboard.press('Shift+Enter')
  await page.keyboard.type('two')
  await page.keyboard.press('Enter')
  await rows().nth(2).locator('[data-is="sent"]').waitFor()
  expect(await said()).toEqual(['When will the water come?', 'one\ntwo'])
  await page.getByRole('button', { name: 'Finish' }).focus()
  await page.keyboard.press('Enter')
  await page.getByText('This conversation is finished.').waitFor()
  await page.getByRole('button', { name: 'Reopen' }).focus()
  await page.keyboard.press('Enter')
  await page.getByText('You have it').waitFor()
  expect(errors).toEqual([])
})

test('an answer shows at once as pending, then sent, then seen', async () => {
  let hold = true
  const held: (() => void)[] = []
  await context.route('**/messages', async (route) => {
    if (hold) await new Promise<void>((go) => held.push(go))
    await route.continue()
  })
  await openConversation()
  await box().fill('Tomorrow')
  await box().press('Enter')
  await page.getByText('Not sent yet', { exact: true }).waitFor()
  expect(await box().inputValue()).toBe('')
  hold = false
  for (const go of held) go()
  await rows().last().locator('[data-is="sent"]').waitFor()
  expect(await page.getByText('Not sent yet', { exact: true }).count()).toBe(0)
  const visitor = await VisitorSocket.connect(house.url, { token: boris.token })
  visitor.read(3, boris.conversationId)
  await rows().last().locator('[data-is="seen"]').waitFor()
  await visitor.close()
})

test('an answer whose ack is lost is sent again under its key, and stands there once', async () => {
  let lose = true
  const keys: string[] = []
  await context.route('**/messages', async (route) => {
    keys.push(new URLSearchParams(route.request().postData() ?? '').get('clientId') ?? '')
    if (!lose) return route.continue()
    lose = false
    await route.fetch()
    await route.abort('connectionreset')
  })
  await openConversation()
  await box().fill('Tomorrow')
  await box().press('Enter')
  await page.waitForFunction(() => localStorage.length === 0)
  expect(new Set(keys).size).toBe(1)
  expect(keys.length).toBeGreaterThan(1)
  expect(await said()).toEqual(['When will the water come?', 'Tomorrow'])
  const log = await clara.get(`/c/${boris.conversationId}/entries?after=0`, 'application/json')
  expect((log.json.items as { body: string }[]).filter(({ body }) => body === 'Tomorrow')).toHaveLength(1)
})

test('an answer that is pushed before its request is answered stands there once', async () => {
  let answered = () => {}
  const held = new Promise<void>((resolve) => {
    answered = resolve
  })
  await context.route('**/messages', async (route) => {
    const response = await route.fetch()
    await held
    await route.fulfill({ response })
  })
  await openConversation()
  await box().fill('Tomorrow')
  await box().press('Enter')
  await rows().last().locator('[data-is="sent"]').waitFor()
  expect(await said()).toEqual(['When will the water come?', 'Tomorrow'])
  answered()
  await page.waitForFunction(() => localStorage.length === 0)
  expect(await said()).toEqual(['When will the water come?', 'Tomorrow'])
})

test('unsent answers survive a reload, and leave in their order', async () => {
  await context.route('**/messages', (route) => route.abort('connectionreset'))
  await openConversation()
  for (const text of ['one', 'two', 'three']) {
    await box().fill(text)
    await box().press('Enter')
  }
  await page.reload()
  expect(await said()).toEqual(['When will the water come?', 'one', 'two', 'three'])
  expect(await page.locator('[data-state="pending"]').count()).toBe(3)
  await context.unroute('**/messages')
  await page.waitForFunction(() => document.querySelectorAll('[data-state]').length === 1)
  await rows().last().locator('[data-is="sent"]').waitFor()
  expect(await said()).toEqual(['When will the water come?', 'one', 'two', 'three'])
})

test('a refused answer says why; it can be tried again, or taken back to be changed', async () => {
  await openConversation()
  await clara.finish(boris.conversationId)
  await page.getByText('This conversation is finished.').waitFor()
  // The window of a colleague who has not heard of it yet: the box is still there, and nothing that comes puts it away.
  await page.evaluate(() => {
    const form = document.querySelector<HTMLElement>('#reply')
    if (form) form.style.display = 'block'
  })
  await box().fill('Too late')
  await box().press('Enter')
  await page.getByText('Not sent:').waitFor()
  await page.getByText('Reopen it to go on').waitFor()
  await page.reload()
  await page.getByText('Reopen it to go on').waitFor()
  await clara.reopen(boris.conversationId)
  await page.getByText('You have it').waitFor()
  await page.getByRole('button', { name: 'Try again' }).click()
  await rows().last().locator('[data-is="sent"]').waitFor()
  expect((await said()).at(-1)).toBe('Too late')
})

test('a lost connection is told after two seconds, and heals by itself with nothing missing or double', async () => {
  let refuse = false
  await page.routeWebSocket('**/live', (socket) => {
    if (refuse) return void socket.close({ code: 1013 })
    socket.connectToServer()
  })
  // Nobody is there to ask either: where requests still get through, the page would show what is new.
  await context.route('**/session', (route) => (refuse ? route.abort() : route.continue()))
  await page.goto(`${house.url}/c/${boris.conversationId}`)
  await page.waitForTimeout(500)
  await boris.say('before')
  await shown('before').waitFor()
  refuse = true
  for (const socket of [...consoleSockets]) socket.end(1013, 'test')
  await reconnecting().waitFor()
  await boris.say('meanwhile')
  await boris.say('and again')
  await visitorWrites(house, 'a newcomer')
  expect(await said()).not.toContain('meanwhile')
  refuse = false
  await reconnecting().waitFor({ state: 'hidden' })
  await shown('and again').waitFor()
  await boris.say('after')
  await page.locator('#messages').getByText('after').waitFor()
  expect(await said()).toEqual(['When will the water come?', 'before', 'meanwhile', 'and again', 'after'])
  expect(errors).toEqual([])
})

test('where sockets do not get through the page says so, and still shows what is new', async () => {
  await page.routeWebSocket('**/live', (socket) => void socket.close({ code: 1013 }))
  await page.goto(`${house.url}/c/${boris.conversationId}`)
  await page.getByText('Live updates do not get through').waitFor()
  await boris.say('by request')
  await shown('by request').waitFor()
})

test('a full disk is told beside the answer that waits for it', async () => {
  let full = true
  await context.route('**/messages', (route) =>
    full
      ? route.fulfill({
          status: 503,
          headers: { 'X-Refusal': 'storage_full', 'X-Retryable': 'true' },
          contentType: 'text/html',
          body: '<p class="problem"><span>The disk is full</span></p>',
        })
      : route.continue(),
  )
  await openConversation()
  await box().fill('Tomorrow')
  await box().press('Enter')
  await page.getByText('Not sent yet The disk is full').waitFor()
  full = false
  await rows().last().locator('[data-is="sent"]').waitFor()
})

test('a connection that is open but dead is noticed within 45 seconds and replaced', async () => {
  let deaf = false
  let opened = 0
  await page.routeWebSocket('**/live', (socket) => {
    opened++
    const server = socket.connectToServer()
    const mine = opened
    const lost = () => deaf && mine === 1
    socket.onMessage((message) => {
      if (!lost()) server.send(message)
    })
    server.onMessage((message) => {
      if (!lost()) socket.send(message)
    })
  })
  await page.clock.install()
  await page.goto(`${house.url}/c/${boris.conversationId}`)
  await page.clock.runFor(1000)
  await boris.say('before')
  await shown('before').waitFor()
  deaf = true
  await boris.say('unheard')
  expect(await said()).not.toContain('unheard')
  for (let seconds = 0; seconds < 46; seconds++) await page.clock.runFor(1000)
  await shown('unheard').waitFor()
  expect(opened).toBeGreaterThan(1)
  expect(await said()).toEqual(['When will the water come?', 'before', 'unheard'])
})

test('what the visitor types is shown, gives way to the message, and fades when nothing more is heard', async () => {
  await openConversation()
  const visitor = await VisitorSocket.connect(house.url, { token: boris.token })
  visitor.typing('<b>Could</b> you also bring')
  const preview = page.locator('#preview')
  await preview.getByText('<b>Could</b> you also bring').waitFor()
  await visitor.send({ clientId: newClientId(), body: 'Could you also bring bread?' })
  await page.locator('#messages').getByText('Could you also bring bread?').waitFor()
  expect(await preview.isVisible()).toBe(false)
  visitor.typing('Or')
  await preview.getByText('Or', { exact: true }).waitFor()
  await preview.waitFor({ state: 'hidden', timeout: 25_000 })
  await visitor.close()
})

test('whoever writes their first message is seen in Waiting, and gives way to the conversation', async () => {
  await page.goto(`${house.url}/inbox`)
  const { visitorToken: token } = await session(house.url, house.site.id)
  const visitor = await VisitorSocket.connect(house.url, { token })
  visitor.typing('Is anybody')
  await page.locator('.writing').getByText('Is anybody').waitFor()
  await visitor.send({ clientId: newClientId(), body: 'Is anybody there?' })
  await page.locator('.rows').getByText('Is anybody there?').waitFor()
  await page.locator('.writing').waitFor({ state: 'detached' })
  await visitor.close()
})

test('what stands before is put above, where the reader is; what comes while they read does not move them', async () => {
  for (let n = 2; n <= 120; n++) await boris.say(`message ${n}`)
  await openConversation()
  const stream = page.locator('#stream')
  const top = () => stream.evaluate((element) => element.scrollTop)
  await shown('message 120').waitFor()
  expect(await stream.evaluate((e) => e.scrollHeight - e.scrollTop - e.clientHeight)).toBeLessThan(40)
  await stream.evaluate((element) => element.scrollTo(0, 0))
  const heightOf71 = () => shown('message 71').evaluate((element) => Math.round(element.getBoundingClientRect().top))
  const stood = await heightOf71()
  await shown('message 30').waitFor({ state: 'attached' })
  expect(await rows().count()).toBe(100)
  expect(await heightOf71()).toBe(stood)
  const before = await top()
  await boris.say('news')
  await page.getByRole('button', { name: /Jump to the latest/ }).waitFor()
  expect(await top()).toBe(before)
  await page.getByRole('button', { name: /Jump to the latest/ }).click()
  expect(await page.locator('#messages').getByText('news').isVisible()).toBe(true)
  const seqs = await rows().evaluateAll((list) => list.map((row) => Number((row as HTMLElement).dataset.seq)))
  expect(seqs).toEqual(Array.from({ length: 101 }, (_, i) => i + 21))
})

test('sign-out elsewhere brings every window of the session to the sign-in, and the draft is there after it', async () => {
  await openConversation()
  await box().fill('half an ans')
  await clara.signOut()
  await page.waitForURL('**/sign-in?next=*')
  await page.getByLabel('E-mail').fill('clara@shop.test')
  await page.getByLabel('Password').fill(password)
  await page.keyboard.press('Enter')
  await page.waitForURL(`**/c/${boris.conversationId}**`)
  expect(await box().inputValue()).toBe('half an ans')
  await clara.signIn('clara@shop.test', password)
})

test('the chat is switched off and on, and the snippet is copied', async () => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.goto(`${house.url}/settings/sites`)
  await page.getByRole('button', { name: 'Disable chat' }).click()
  await page.getByText('The chat is off').waitFor()
  await page.getByRole('button', { name: 'Enable chat' }).click()
  await page.getByText('The chat is on').waitFor()
  await page.getByRole('button', { name: 'Copy' }).click()
  const said = page.getByRole('status').getByText('Copied')
  await said.waitFor()
  // It stays said though the list is made anew meanwhile.
  await clara.switchChat(house.site.id, false)
  await page.getByRole('button', { name: 'Enable chat' }).waitFor()
  expect(await said.isVisible()).toBe(true)
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(
    `<script async src="${house.url}/widget.js?site=${house.site.id}"></script>`,
  )
  await clara.switchChat(house.site.id, true)
  await page.getByRole('button', { name: 'Disable chat' }).waitFor()
  expect(errors).toEqual([])
})

test('a long list gives its next page when it is scrolled to, and keeps its length when it asks again', async () => {
  for (let n = 0; n < 70; n++) await visitorWrites(house, `waiting ${n}`)
  await page.goto(`${house.url}/inbox`)
  const list = page.locator('#rows > li[data-conversation]')
  expect(await list.count()).toBe(50)
  await page.locator('#more').scrollIntoViewIfNeeded()
  await page.waitForFunction(() => document.querySelectorAll('#rows > li[data-conversation]').length >= 70)
  const before = await list.count()
  const position = await page.locator('.rows').evaluate((element) => element.scrollTop)
  const newest = await visitorWrites(house, 'the newest of all')
  await page.locator(`#row-${newest.conversationId}`).waitFor()
  expect(await list.count()).toBe(before + 1)
  expect(await page.locator('.rows').evaluate((element) => element.scrollTop)).toBe(position)
  expect(errors).toEqual([])
})
