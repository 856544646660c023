import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { eq } from 'drizzle-orm'
import { finishConversation, listFolder } from '../../src/features/conversations/index.ts'
import { readUpTo, sendMessage } from '../../src/features/messages/index.ts'
import { changeWidget, createSite, demoSite, type SiteRow, switchChat } from '../../src/features/sites/index.ts'
import { visitors } from '../../src/features/visitors/schema.ts'
import { write as writeStore } from '../../src/platform/db/write.ts'
import { publish } from '../../src/platform/live/bus.ts'
import { enter, leavePresence } from '../../src/platform/live/presence.ts'
import { faults } from '../support/axe.ts'
import { hire } from '../support/cast.ts'
import { type Browser, errorsOf, kept, openPages, widgetOn } from '../support/chromium.ts'
import { openHouse, type TestHouse } from '../support/house.ts'
import { keepPicture } from '../support/pictures.ts'
import { openShop } from '../support/shop.ts'
import { eventually } from '../support/waiting.ts'

setDefaultTimeout(120_000)

const owner = { role: 'owner' }

let house: TestHouse
let browser: Browser
let anna: Awaited<ReturnType<typeof hire>>

beforeAll(async () => {
  house = await openHouse({ demo: true, 'no-limits': true })
  anna = await hire('Anna', 'owner')
  browser = await openPages()
})

afterAll(async () => {
  await browser.close()
  await house.close()
})

const desktop = { viewport: { width: 1200, height: 760 } }
// Of one pixel each: Chromium that is made to look denser loses where in a frame it was pressed.
const phone = { viewport: { width: 390, height: 780 }, isMobile: true, hasTouch: true, deviceScaleFactor: 1 }

type Way = { name: string; options: Parameters<Browser['newContext']>[0]; colour: string; rtl?: boolean }

const ways: Way[] = [
  { name: 'light', options: { ...desktop, colorScheme: 'light', locale: 'en-GB' }, colour: '#0b6a70' },
  { name: 'dark', options: { ...desktop, colorScheme: 'dark', locale: 'ru-RU' }, colour: '#0b6a70' },
  { name: 'phone', options: { ...phone, colorScheme: 'light', locale: 'pl-PL' }, colour: '#ffd400' },
  {
    name: 'phone-dark',
    options: { ...phone, colorScheme: 'dark', locale: 'fr-FR', reducedMotion: 'reduce' },
    colour: '#3b1d6e',
  },
  { name: 'rtl', options: { ...desktop, colorScheme: 'light', locale: 'en-GB' }, colour: '#8a2f6b', rtl: true },
]

// By day and by night, on a desk and on a phone: of each state axe is asked without these ways, and then without those.
const turns = [
  ['light', 'phone-dark', 'rtl'],
  ['dark', 'phone'],
]

const words = {
  ltr: {
    first: 'Hello! Will order 48213 come before two?',
    answer:
      'Good morning, Marina. **Yes**, the driver is on the way:\n- two bottles\n- a pump\nhttps://shop.test/track/48213',
    thanks: 'Great, thank you',
    typed: 'And could he take',
    late: 'And take the empty bottles, please',
    text: 'The last bottle came without a cap.',
    topic: 'A complaint',
    name: 'Katarzyna Wójcik',
  },
  rtl: {
    first: 'صباح الخير، هل يصل الطلب قبل الثانية؟',
    answer: 'صباح الخير! **نعم**، السائق في الطريق: https://shop.test/track/48213',
    thanks: 'شكرًا',
    typed: 'وخذوا العبوات',
    late: 'وخذوا العبوات الفارغة',
    text: 'وصلت الزجاجة الأخيرة بلا غطاء.',
    topic: 'شكوى',
    name: 'كاتارينا',
  },
}

/** One visitor in one way of looking, who is led through every state together with the others. */
async function begin(way: Way) {
  const site = await writeStore((tx) =>
    createSite(tx, { name: 'Northwater', greeting: '**Hello!** Ask about an order 💧 or _return_ empties.' }),
  )
  const widget = {
    colour: way.colour,
    hours: { zone: 'Europe/Warsaw', week: Array.from({ length: 7 }, () => [{ from: 480, to: 1260 }]) },
  }
  await changeWidget(owner, site.id, { widget })
  const shop = openShop(house.url, site.id)
  const context = await browser.newContext(way.options)
  const page = await context.newPage()
  page.setDefaultTimeout(40_000)
  const errors = errorsOf(page)
  await page.goto(`http://localhost:${shop.port}/plain`)
  const shown = widgetOn(page)
  await shown.launcher.click()
  await shown.field.waitFor()
  const inside = await shown.inside()
  if (way.rtl) await inside.evaluate(() => (document.documentElement.dir = 'rtl'))
  let states = 0
  /** Waits for `sign`, keeps a picture, and, when it is this way's turn, asks axe. */
  async function look(state: string, sign: string) {
    await shown.frame.locator(sign).first().waitFor()
    await inside.evaluate(() => Promise.all(document.getAnimations().map((one) => one.ready)))
    await keepPicture(page, `widget-${way.name}-${state}`)
    const others = turns[++states % 2] ?? []
    if (!others.includes(way.name)) expect(await faults(inside), `${way.name} ${state}`).toEqual([])
  }
  const said = words[way.rtl ? 'rtl' : 'ltr']
  return { ...shown, way, site, page, context, errors, inside, look, said, end: () => shop.stop() }
}

type Visit = Awaited<ReturnType<typeof begin>>
const together = (visits: Visit[], step: (visit: Visit) => Promise<unknown>) => Promise.all(visits.map(step))

async function conversationOf({ site }: { site: SiteRow }) {
  for (let turn = 0; turn < 500; turn++) {
    const rows = await listFolder({ folder: 'waiting', agentId: anna.agentId, limit: 200 })
    const row = rows.find(({ siteId }) => siteId === site.id)
    if (row) return row
    await Bun.sleep(20)
  }
  throw new Error('the message did not come')
}

test('nothing bars anybody, by day and by night, on a desk, on a phone and from right to left, in every state', async () => {
  const visits = await Promise.all(ways.map(begin))
  const { greeting, away, talk, waiting, failed, extras, form, ends } = steps()

  await together(visits, greeting)
  await together(visits, away)
  enter(anna.agentId, 'Anna', { title: 'Delivery' })
  await together(visits, talk)
  await together(visits, waiting)
  await together(visits, failed)
  await together(visits, extras)
  await together(visits, form)
  await together(visits, ends)
  leavePresence(anna.agentId)
  for (const { errors, context, end } of visits) {
    expect(errors).toEqual([])
    await context.close()
    await end()
  }
})

function steps() {
  return {
    async greeting({ look }: Visit) {
      await look('greeting', '.bar[data-is="awayNote"]')
    },

    async away({ look, write, said }: Visit) {
      await write(said.first)
      await look('away-email', '.card')
    },

    async talk(visit: Visit) {
      const { look, write, said, own, field, log, frame } = visit
      const { id: conversationId, visitorId, lastSeq } = await conversationOf(visit)
      await readUpTo(anna, { conversationId, seq: lastSeq })
      const agent = { ...anna, title: 'Delivery' }
      await sendMessage(agent, { conversationId, clientId: `${visit.way.name}-1`, body: said.answer })
      await log.getByText('48213').last().waitFor()
      await write(said.thanks)
      await own.nth(1).locator('[data-is="delivered"]').waitFor()
      await field.fill(said.typed)
      await frame.locator('.mark[data-online]').waitFor()
      publish('agent.typing', { conversationId, visitorId, agentId: anna.agentId, name: 'Anna' })
      await look('talk', '.typing')
    },

    async waiting({ look, context, field, said, own }: Visit) {
      await context.setOffline(true)
      await field.fill(said.late)
      await field.press('Enter')
      await own.nth(2).locator('[data-is="pending"]').waitFor()
      await look('waiting', '.bar[data-is="waiting"]')
      await context.setOffline(false)
      await own.nth(2).locator('[data-is="delivered"]').waitFor()
    },

    async failed({ look, inside, write, said, frame }: Visit) {
      // No server refuses a text that the field lets through: one refusal is made up, on either way.
      await inside.evaluate(() => {
        const { send } = WebSocket.prototype
        const { fetch } = window
        const refusal = { code: 'text_invalid', message: '', retryable: false }
        const heal = () => {
          WebSocket.prototype.send = send
          window.fetch = fetch
        }
        WebSocket.prototype.send = function (text) {
          const { type, clientId } = JSON.parse(text as string) as { type: string; clientId?: string }
          if (type !== 'send') return send.call(this, text)
          heal()
          const data = JSON.stringify({ type: 'refuse', clientId, ...refusal })
          this.dispatchEvent(new MessageEvent('message', { data }))
        }
        const refuseOnce = (...asked: Parameters<typeof fetch>) => {
          if (!(asked[0] as string).endsWith('/messages')) return fetch(...asked)
          heal()
          return Promise.resolve(Response.json(refusal, { status: 400 }))
        }
        window.fetch = refuseOnce as typeof fetch
      })
      await write(said.typed)
      await look('failed', '.say[data-is="failed"]')
      await frame.locator('.say[data-is="failed"] .text-button').nth(1).click()
    },

    async extras({ look, frame, page }: Visit) {
      await frame.locator('header .icon-button').first().click()
      await look('menu', '.menu input')
      await page.keyboard.press('Escape')
      await frame.locator('.write .icon-button').click()
      await look('emoji', '.emoji-grid button')
      await frame.locator('.write .icon-button').click()
    },

    async form({ look, site, said, frame }: Visit) {
      await switchChat(owner, site.id, false)
      await look('form', '.form')
      await frame.locator('#form-contact').fill('k.wojcik@')
      await frame.locator('.form .button').click()
      await look('form-errors', '.error')
      await frame.locator('#form-name').fill(said.name)
      await frame.locator('#form-contact').fill('k.wojcik@mail.test')
      await frame.locator('#form-topic').fill(said.topic)
      await frame.locator('#form-text').fill(said.text)
      await frame.locator('#form-consent').check()
      await look('form-filled', '.form')
      await frame.locator('.form .button').click()
      await look('form-thanks', '.told')
    },

    async ends(visit: Visit) {
      const { look, site, frame } = visit
      await frame.locator('.told .text-button').last().click()
      await look('off', '.bar[data-is="switchedOff"]')
      await switchChat(owner, site.id, true)
      await changeWidget(owner, site.id, { audience: 'registered' })
      await look('registered', '.bar[data-is="registered"]')
      await changeWidget(owner, site.id, { audience: 'anyone' })
      await frame.locator('.write').waitFor()
      const [row] = (await listFolder({ folder: 'active', agentId: anna.agentId, limit: 200 })).filter(
        ({ siteId }) => siteId === site.id,
      )
      if (!row) throw new Error('the conversation has gone')
      await finishConversation(anna, row.id)
      await look('finished', '.bar[data-is="finished"]')
      await writeStore(async (tx) => {
        await tx.update(visitors).set({ blockedAt: 1 }).where(eq(visitors.id, row.visitorId))
      })
      await frame.locator('textarea').fill('one more')
      await frame.locator('textarea').press('Enter')
      await look('blocked', '.bar[data-is="blocked"]')
      if (!visit.way.name.startsWith('phone')) return
      const box = await visit.page.locator('kontuar-chat .window').boundingBox()
      expect(box).toEqual({ x: 0, y: 0, width: 390, height: 780 })
    },
  }
}

test.each([
  ['zoom', { viewport: { width: 320, height: 180 } }],
  ['forced-colours', { ...desktop, forcedColors: 'active' as const }],
])('the window can be used with %s', async (name, options) => {
  const visit = await begin({ name, options: { ...options, locale: 'en-GB' }, colour: '#0b6a70' })
  const { look, write, own, inside, frame, site, page, context, end } = visit
  await write('Enlarged')
  await own.getByText(kept).waitFor()
  await look('talk', '.card')
  // Nothing has to be scrolled sideways.
  expect(await inside.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
  await frame.locator('.go').scrollIntoViewIfNeeded()
  const go = await frame.locator('.go').boundingBox()
  expect((go?.y ?? 0) + (go?.height ?? 0)).toBeLessThanOrEqual(page.viewportSize()?.height ?? 0)
  await frame.locator('header .icon-button').first().click()
  await look('menu', '.menu input')
  await page.keyboard.press('Escape')
  await switchChat(owner, site.id, false)
  await look('form', '.form')
  await frame.locator('.form .button').click()
  await look('form-errors', '.error')
  expect(await inside.evaluate(() => document.activeElement?.id)).toBe('form-name')
  await context.close()
  await end()
})

test('the keyboard alone is enough', async () => {
  const context = await browser.newContext(desktop)
  const page = await context.newPage()
  await page.goto(`${house.url}/demo`)
  const { launcher, field, own, frame } = widgetOn(page)
  const focused = () => page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.className ?? '')
  await launcher.waitFor()
  expect(await faults(page)).toEqual([])
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
  await own.getByText(kept).waitFor()
  expect(await own.locator('.face').innerText()).toContain('line one\nline two')
  await page.keyboard.press('Escape')
  await eventually(focused, 'launcher')
  expect(await launcher.isVisible()).toBe(true)
  await context.close()
})

test('the demo shop has its snippet, and a site of its own', async () => {
  const html = await (await fetch(`${house.url}/demo`)).text()
  expect(html).toContain(`<script async src="/widget.js?site=${(await demoSite())?.id}"></script>`)
})
