import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { finishConversation, takeConversation } from '../../src/features/conversations/index.ts'
import { readUpTo, sendMessage } from '../../src/features/messages/index.ts'
import { atConsole } from '../inbox/stage.ts'
import { faults } from '../support/axe.ts'
import { hire, newVisitor } from '../support/cast.ts'
import { type Browser, errorsOf, openPages } from '../support/chromium.ts'
import { openHouse, type TestHouse } from '../support/house.ts'
import { keepPicture } from '../support/pictures.ts'
import { session, VisitorSocket } from '../support/visitor-client.ts'

setDefaultTimeout(180_000)

let house: TestHouse
let browser: Browser
beforeAll(async () => {
  house = await openHouse({ 'no-limits': true }, { hooks: {} })
  browser = await openPages()
})
afterAll(async () => {
  await browser.close()
  await house.close()
})

const desk = { viewport: { width: 1440, height: 900 } }
const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 1 }
const ways = [
  { name: 'desk-light', locale: 'en', colorScheme: 'light', ...desk },
  { name: 'desk-dark', locale: 'ru', colorScheme: 'dark', ...desk },
  { name: 'desk-rtl', locale: 'fr', colorScheme: 'light', rtl: true, ...desk },
  { name: 'phone-light', locale: 'fr', colorScheme: 'light', ...phone },
  { name: 'phone-dark', locale: 'pl', colorScheme: 'dark', ...phone },
] as const

// By day and by night, on a desk and on a phone: each state in two of the ways or three, the next one in the others.
const turns = [
  ['desk-light', 'phone-dark', 'desk-rtl'],
  ['desk-dark', 'phone-light'],
]

let said = 0
async function writes(body: string, more: { name?: string; texts?: number } = {}): Promise<string> {
  const visitor = newVisitor(house.site.id)
  const form = { name: more.name, email: 'somebody@mail.example', topic: '', consent: true }
  const first = { clientId: `m${++said}`, body }
  const { conversationId } = await sendMessage(visitor, more.name ? { ...first, kind: 'feedback', form } : first)
  for (let n = 1; n < (more.texts ?? 1); n++)
    await sendMessage(visitor, { clientId: `m${++said}`, body: `${body} ${n}` })
  return conversationId
}

/** A long day: names and words that do not fit, numbers past ninety-nine, and somebody who is there. */
async function fill(agent: Awaited<ReturnType<typeof hire>>): Promise<void> {
  await writes('Wo bleibt das Wasser?', { name: 'Hubert Blaine Wolfeschlegelsteinhausenbergerdorff, Einkauf' })
  await writes('ЗдравствуйтеподскажитепожалуйстагдемойзаказЖдуужедватретийчас', { texts: 120 })
  await readUpTo(agent, { conversationId: await writes('Read already'), seq: 1 })
  await writes('שלום, איפה ההזמנה שלי?', { name: 'אברהם כהן' })
  for (let n = 0; n < 12; n++) await writes(`Number ${n}, please`)
  await takeConversation(agent, await writes('Mine'))
  await finishConversation(agent, await writes('Done'))
}

test('nothing in the list bars anybody, by day and by night, on a desk, on a phone and from right to left, in every state', async () => {
  const there = await session(house.url, house.site.id)
  const socket = await VisitorSocket.connect(house.url, { token: there.visitorToken })
  const openWindow = async ({ name, ...way }: (typeof ways)[number]) => {
    const agent = await atConsole(house, `Anna-${name}`)
    const context = await browser.newContext(way)
    await context.addCookies([...agent.cookies].map(([key, value]) => ({ name: key, value, url: house.url })))
    const page = await context.newPage()
    return { name, context, page, errors: errorsOf(page), rtl: 'rtl' in way }
  }
  type Visit = Awaited<ReturnType<typeof openWindow>>
  const visits: Visit[] = []
  for (const way of ways) visits.push(await openWindow(way))
  const look = async (state: string, { name, page, rtl }: Visit) => {
    if (rtl) await page.evaluate(() => document.documentElement.setAttribute('dir', 'rtl'))
    await keepPicture(page, `list-${name}-${state}`)
    expect(await faults(page), `${name} ${state}`).toEqual([])
  }
  let turn = 0
  const inTurn = () => visits.filter(({ name }) => turns[turn % 2]?.includes(name))
  const all = async (state: string, path: string, sign: string) => {
    turn++
    for (const visit of inTurn()) {
      await visit.page.goto(house.url + path)
      await visit.page.locator(sign).first().waitFor()
      await look(state, visit)
    }
  }
  for (const folder of ['waiting', 'active', 'finished']) {
    await all(`empty-${folder}`, `/inbox?folder=${folder}`, '#empty')
    await all(`empty-${folder}-unread`, `/inbox?folder=${folder}&unread=1`, '#empty')
  }
  await fill(await hire('Dora'))
  socket.typing('Is anybody')
  await all('waiting', '/inbox', '#rows a.row .unread')
  await all('unread', '/inbox?unread=1', '#rows a.row .unread')
  await all('finished', '/inbox?folder=finished', '#rows a.row')
  for (const visit of visits) {
    const { page } = visit
    await page.goto(`${house.url}/inbox`)
    await page.locator('#read-all').click()
    await page.locator('#toasts [data-undo]').waitFor()
    // While it has the focus it stays.
    await page.locator('#toasts [data-undo]').focus()
    await page.locator('#read-all:disabled').waitFor()
    await look('read-all', visit)
    await page.locator('#toasts [data-undo]').click()
    await page.locator('#read-all:enabled').waitFor()
    await page.route('**/inbox/rows**', (route) => route.fulfill({ status: 503, body: '' }))
    await page.evaluate(() => document.body.dispatchEvent(new CustomEvent('inbox-changed')))
    await page.locator('.list-failed').waitFor()
    await look('failed', visit)
    await page.unroute('**/inbox/rows**')
    await page.route('**/inbox?**', async () => undefined)
    await page.locator('#folders a').nth(2).click()
    await page.locator('.rows[aria-busy] .skeletons').waitFor()
    await look('loading', visit)
  }
  for (const { context, errors } of visits) {
    expect(errors).toEqual([])
    await context.close()
  }
  await socket.close()
})
