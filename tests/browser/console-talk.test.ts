import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import type { Locator } from 'playwright-core'
import { importLogs } from '../../src/features/conversations/index.ts'
import { sendMessage } from '../../src/features/messages/index.ts'
import { importVisitors } from '../../src/features/visitors/index.ts'
import { write } from '../../src/platform/db/write.ts'
import { newId } from '../../src/platform/lib/id.ts'
import { faults } from '../support/axe.ts'
import type { AgentClient } from '../support/agent-client.ts'
import { newVisitor } from '../support/cast.ts'
import { type Browser, errorsOf, openPages, type Page, widgetOn } from '../support/chromium.ts'
import { openHouse, type TestHouse } from '../support/house.ts'
import { keepPicture } from '../support/pictures.ts'
import { newClientId, VisitorSocket } from '../support/visitor-client.ts'
import { eventually } from '../support/waiting.ts'
import { atConsole, type Boris, visitorWrites } from '../inbox/stage.ts'

// Two agents at their consoles and two visitors, in a real browser: what happens in the middle pane.
setDefaultTimeout(60_000)

const desk = { viewport: { width: 1440, height: 900 } }
const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 1 }

let house: TestHouse
let browser: Browser
let anna: AgentClient
let dora: AgentClient

beforeAll(async () => {
  house = await openHouse({ demo: true, 'no-limits': true })
  anna = await atConsole(house, 'Anna', 'admin')
  dora = await atConsole(house, 'Dora')
  browser = await openPages()
})
afterAll(async () => {
  await browser.close()
  await house.close()
})

type Options = NonNullable<Parameters<Browser['newContext']>[0]>
type Console = AsyncDisposable & { page: Page; errors: string[]; sockets: () => number }

/** An agent's console; with a conversation open, once it hears what happens there. */
async function consoleOf(agent: AgentClient, path: string, options: Options = desk): Promise<Console> {
  const context = await browser.newContext({ locale: 'en-GB', ...options })
  await context.addCookies([...agent.cookies].map(([name, value]) => ({ name, value, url: house.url })))
  const page = await context.newPage()
  page.setDefaultTimeout(15_000)
  const errors = errorsOf(page)
  let sockets = 0
  page.on('websocket', () => sockets++)
  const watching = /^\/c\/[0-9a-f-]{36}/.test(path)
    ? page
        .waitForEvent('websocket')
        .then((socket) => socket.waitForEvent('framereceived', ({ payload }) => payload.includes('"watching"')))
    : null
  await page.goto(house.url + path)
  await watching
  return { page, errors, sockets: () => sockets, [Symbol.asyncDispose]: () => context.close() }
}

const rowOf = (page: Page, one: Boris) => page.locator(`#row-${one.conversationId} a.row`)
const paneOf = (page: Page, one: Boris) => page.locator(`#conversation[data-conversation="${one.conversationId}"]`)
const said = (page: Page, text: string) => page.locator('#messages').getByText(text, { exact: true })
const box = (page: Page) => page.locator('#body')
const stream = (page: Page) => page.locator('#stream')
const topOf = (one: Locator) => one.evaluate((element) => Math.round(element.getBoundingClientRect().top))
const isInView = (page: Page, one: Locator) =>
  one.evaluate((element, box) => {
    const { top, bottom } = element.getBoundingClientRect()
    const view = document.querySelector(box)?.getBoundingClientRect()
    return view !== undefined && top >= view.top - 1 && bottom <= view.bottom + 1
  }, '#stream')
const fromEnd = (page: Page) => stream(page).evaluate((e) => e.scrollHeight - e.scrollTop - e.clientHeight)

/** A visitor who has said much: `message 1` to `message count`. */
async function longTalk(count: number): Promise<Boris> {
  const boris = newVisitor(house.site.id)
  let conversationId = ''
  const say = async (body: string) => {
    const ack = await sendMessage(boris, { clientId: newClientId(), body })
    conversationId = ack.conversationId
    return ack.seq
  }
  await say('message 1')
  for (let from = 2; from <= count; from += 200) {
    const some = Array.from({ length: Math.min(200, count - from + 1) }, (_, n) => say(`message ${from + n}`))
    await Promise.all(some)
  }
  return { token: '', conversationId, say }
}

/** What the page says of what it watches does not go out before it may; `cut` ends the connection, and holds the next. */
async function holdWatching(page: Page) {
  const held = { mayWatch: Promise.withResolvers<void>(), cut: async () => undefined as void }
  await page.routeWebSocket(/./, (socket) => {
    const server = socket.connectToServer()
    socket.onMessage(async (frame) => {
      if (frame.toString().includes('"watch"')) await held.mayWatch.promise
      server.send(frame)
    })
    held.cut = async () => {
      held.mayWatch = Promise.withResolvers<void>()
      await socket.close({ code: 1012 })
      await server.close()
    }
  })
  return held
}

describe('conversations are switched in place', () => {
  test('the socket stays and watches the one that is open; back, forward and a reload show what they name', async () => {
    const [boris, clara] = [await visitorWrites(house, 'Hello from Boris'), await visitorWrites(house, 'Clara here')]
    await using open = await consoleOf(anna, '/inbox?folder=waiting')
    const { page, errors, sockets } = open
    await page.evaluate(() => Object.assign(window, { mark: 'the same page' }))
    await rowOf(page, boris).click()
    await said(page, 'Hello from Boris').waitFor()
    expect(new URL(page.url()).pathname).toBe(`/c/${boris.conversationId}`)
    await boris.say('Are you there?')
    await said(page, 'Are you there?').waitFor()
    await rowOf(page, clara).click()
    await said(page, 'Clara here').waitFor()
    expect(await rowOf(page, clara).getAttribute('aria-current')).toBe('true')
    await clara.say('And I')
    await said(page, 'And I').waitFor()
    await boris.say('Anybody?')
    await page.goBack()
    await paneOf(page, boris).waitFor()
    await said(page, 'Anybody?').waitFor()
    await page.goBack()
    await page.getByText('Choose a conversation').waitFor()
    await page.goForward()
    await paneOf(page, boris).waitFor()
    await boris.say('Still me')
    await said(page, 'Still me').waitFor()
    expect(await page.evaluate(() => (window as unknown as { mark?: string }).mark)).toBe('the same page')
    expect(sockets()).toBe(1)
    await page.reload()
    await paneOf(page, boris).waitFor()
    expect(errors).toEqual([])
  })

  test('drafts and what is not sent yet stay with their conversation', async () => {
    const [boris, clara] = [await visitorWrites(house, 'First'), await visitorWrites(house, 'Second')]
    await using open = await consoleOf(anna, `/c/${boris.conversationId}?folder=waiting`)
    const { page, errors } = open
    await page.context().route('**/messages', (route) => route.abort('connectionreset'))
    await box(page).fill('To Boris')
    await box(page).press('Enter')
    await box(page).fill('a draft for Boris')
    await rowOf(page, clara).click()
    await paneOf(page, clara).waitFor()
    expect(await box(page).inputValue()).toBe('')
    expect(await page.locator('#messages [data-state]').count()).toBe(0)
    await box(page).fill('a draft for Clara')
    await page.goBack()
    await paneOf(page, boris).waitFor()
    expect(await box(page).inputValue()).toBe('a draft for Boris')
    expect(await page.locator('#messages [data-state="pending"] .face').allTextContents()).toEqual(['To Boris'])
    await page.goForward()
    await paneOf(page, clara).waitFor()
    expect(await box(page).inputValue()).toBe('a draft for Clara')
    // What waits leaves also while another conversation is open, and to its own.
    await page.context().unroute('**/messages')
    const isEmpty = () => !Object.keys(localStorage).some((name) => name.includes('outbox'))
    await page.waitForFunction(isEmpty, undefined, { timeout: 40_000 })
    expect(await said(page, 'To Boris').count()).toBe(0)
    await page.goBack()
    await said(page, 'To Boris').waitFor()
    expect(errors).toEqual([])
  })

  test('what is slow shows its outline after 200 ms, what fails says what to do, and the last press wins', async () => {
    const [boris, clara] = [await visitorWrites(house, 'Slow one'), await visitorWrites(house, 'Quick one')]
    await using open = await consoleOf(anna, '/inbox?folder=waiting')
    const { page } = open
    const go = Promise.withResolvers<void>()
    await page.route(`**/c/${boris.conversationId}*`, async (route) => {
      await go.promise
      await route.continue()
    })
    await rowOf(page, boris).click()
    await page.locator('.pane-loading').waitFor()
    await rowOf(page, clara).click()
    await said(page, 'Quick one').waitFor()
    go.resolve()
    await rowOf(page, boris).click()
    await said(page, 'Slow one').waitFor()
    await page.unroute(`**/c/${boris.conversationId}*`)
    expect(await page.locator('.pane-loading').count()).toBe(0)
    await page.route(`**/c/${clara.conversationId}*`, (route) => route.abort('connectionreset'))
    await rowOf(page, clara).click()
    await page.getByRole('alert').getByText('The conversation did not load').waitFor()
    await page.unroute(`**/c/${clara.conversationId}*`)
    await page.getByRole('button', { name: 'Try again' }).click()
    await said(page, 'Quick one').waitFor()
  })

  test('an address that names no conversation says so beside the list', async () => {
    await using open = await consoleOf(anna, '/c/nothing?folder=waiting')
    await open.page.getByRole('heading', { name: 'No such conversation' }).waitFor()
    await open.page.locator('#rows').waitFor()
    await open.page.getByRole('link', { name: 'Back to the list' }).click()
    await open.page.getByText('Choose a conversation').waitFor()
  })
})

describe('the log', () => {
  test('opens at the line before what is new, as it stood when one came', async () => {
    const boris = await longTalk(120)
    await anna.read(boris.conversationId, 80)
    await using open = await consoleOf(anna, `/c/${boris.conversationId}`)
    const { page } = open
    const line = page.locator('#messages .new-line')
    await line.waitFor()
    expect(await isInView(page, line)).toBe(true)
    expect(await isInView(page, said(page, 'message 81'))).toBe(true)
    expect(await isInView(page, said(page, 'message 120'))).toBe(false)
    const next = await line.evaluate((element) => (element.nextElementSibling as HTMLElement).dataset.seq)
    expect(next).toBe('81')
    // The mark has risen meanwhile; the line stays where it was.
    const told = page.waitForResponse((response) => response.request().postData() === 'seq=121')
    await boris.say('message 121')
    await said(page, 'message 121').waitFor({ state: 'attached' })
    expect(await line.evaluate((element) => (element.nextElementSibling as HTMLElement).dataset.seq)).toBe('81')
    await told
    await page.reload()
    await said(page, 'message 121').waitFor()
    expect(await page.locator('#messages .new-line').count()).toBe(0)
    expect(await fromEnd(page)).toBeLessThan(40)
  })

  test('gives what stands before as one scrolls, and nothing that one reads moves', async () => {
    const boris = await longTalk(260)
    await using open = await consoleOf(anna, `/c/${boris.conversationId}`)
    const { page } = open
    await said(page, 'message 260').waitFor()
    const answered = () => page.waitForResponse((response) => response.url().includes('/entries?before='))
    for (const first of [161, 111, 61, 11]) {
      const here = said(page, `message ${first + 49}`)
      const came = answered()
      await stream(page).evaluate((element, near) => {
        element.scrollTop = Math.min(element.scrollTop, near)
      }, 700)
      const stood = await topOf(here)
      await came
      await said(page, `message ${first}`).waitFor({ state: 'attached' })
      expect([first, await topOf(here)]).toEqual([first, stood])
    }
    await stream(page).evaluate((element) => element.scrollTo(0, 0))
    await said(page, 'message 1').waitFor()
    const seqs = await page
      .locator('#messages > [data-seq]')
      .evaluateAll((rows) => rows.map((row) => Number((row as HTMLElement).dataset.seq)))
    expect(seqs).toEqual(Array.from({ length: seqs.length }, (_, n) => n + 1))
  })

  test('what could not be fetched is asked for again at a press', async () => {
    const boris = await longTalk(90)
    await using open = await consoleOf(anna, `/c/${boris.conversationId}`)
    const { page } = open
    await said(page, 'message 90').waitFor()
    // It would ask again by itself after a while.
    await page.clock.install()
    await page.clock.pauseAt(Date.now() + 60_000)
    await page.route('**/entries?before=*', (route) => route.abort('connectionreset'))
    await stream(page).evaluate((element) => element.scrollTo(0, 0))
    await page.getByText('They did not load.').waitFor()
    await page.unroute('**/entries?before=*')
    await page.getByRole('button', { name: 'Earlier messages' }).click()
    await said(page, 'message 1').waitFor({ state: 'attached' })
    expect(await page.getByText('They did not load.').isVisible()).toBe(false)
  })

  test('of five thousand messages stays smooth from its end to its beginning', async () => {
    const boris = await longTalk(5000)
    await using open = await consoleOf(anna, `/c/${boris.conversationId}`)
    const { page, errors } = open
    await said(page, 'message 5000').waitFor()
    // In the time of the page's own thread: what else this machine does is not the page's fault.
    const inspector = await page.context().newCDPSession(page)
    await inspector.send('Performance.enable', { timeDomain: 'threadTicks' })
    const busy = async () =>
      (await inspector.send('Performance.getMetrics')).metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0
    const before = await busy()
    await page.evaluate(async () => {
      const scroller = document.querySelector('#stream')!
      while (!document.querySelector('#m-1')) {
        scroller.scrollTop -= 1200
        await new Promise(requestAnimationFrame)
      }
    })
    const pages = (5000 - 50) / 50
    const msEach = ((await busy()) - before) * (1000 / pages)
    const rows = await page.locator('#messages > [data-seq]').count()
    console.log(`5,000 messages: ${rows} rows in the page, ${msEach.toFixed(1)} ms of work for each 50 that come`)
    expect(rows).toBeLessThanOrEqual(500)
    expect(msEach).toBeLessThan(100)
    await page.getByRole('button', { name: /Jump to the latest/ }).click()
    await said(page, 'message 5000').waitFor()
    expect(await fromEnd(page)).toBeLessThan(40)
    await boris.say('message 5001')
    await said(page, 'message 5001').waitFor()
    expect(errors).toEqual([])
  })

  test('counts what comes while one reads further up, and jumps there', async () => {
    const boris = await longTalk(600)
    await using open = await consoleOf(anna, `/c/${boris.conversationId}?at=20`)
    const { page } = open
    await said(page, 'message 20').waitFor()
    const latest = page.getByRole('button', { name: /Jump to the latest/ })
    await boris.say('one')
    await boris.say('two')
    await latest.getByText('2', { exact: true }).waitFor()
    expect(await said(page, 'one').count()).toBe(0)
    await latest.click()
    await said(page, 'two').waitFor()
    expect(await latest.isVisible()).toBe(false)
  })

  test('counts what came before one heard of anything', async () => {
    const boris = await longTalk(600)
    await using open = await consoleOf(anna, '/inbox')
    const { page } = open
    const { mayWatch } = await holdWatching(page)
    await page.goto(`${house.url}/c/${boris.conversationId}?at=20`)
    await said(page, 'message 20').waitFor()
    await boris.say('one')
    await boris.say('two')
    mayWatch.resolve()
    await page
      .getByRole('button', { name: /Jump to the latest/ })
      .getByText('2', { exact: true })
      .waitFor()
  })

  test('misses nothing that came while it was asked for and not heard of', async () => {
    const boris = await visitorWrites(house, 'The first')
    await using open = await consoleOf(anna, '/inbox')
    const { page } = open
    const watching = await holdWatching(page)
    watching.mayWatch.resolve()
    const [isRead, mayCome] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    await page.route(
      '**/entries?after=*',
      async (route) => {
        const response = await route.fetch()
        isRead.resolve()
        await mayCome.promise
        await route.fulfill({ response })
      },
      { times: 1 },
    )
    await page.goto(`${house.url}/c/${boris.conversationId}`)
    await isRead.promise
    await watching.cut()
    await boris.say('The second')
    const asked = page.waitForRequest('**/actions*')
    watching.mayWatch.resolve()
    await asked
    mayCome.resolve()
    await said(page, 'The second').waitFor()
  })

  test('stays at the message that a link leads to, whatever comes before the next frame', async () => {
    const boris = await longTalk(50)
    await using open = await consoleOf(anna, `/c/${boris.conversationId}`)
    const { page } = open
    await said(page, 'message 50').waitFor()
    await page.evaluate(() => {
      const comes = () => {
        const last = [...document.querySelectorAll<HTMLElement>('#messages > [data-seq]')].at(-1)
        const next = last?.cloneNode(true) as HTMLElement
        next.dataset.seq = `${Number(last?.dataset.seq) + 1}`
        last?.after(next)
      }
      addEventListener('hashchange', comes, { once: true })
      location.hash = '#m-5'
    })
    await page.locator('#m-5[data-aimed]').waitFor()
    await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn))))
    expect(await isInView(page, page.locator('#m-5'))).toBe(true)
  })

  test('a link to a message opens around it, shows which it is, and is copied from beside it', async () => {
    const boris = await longTalk(200)
    await using open = await consoleOf(anna, `/c/${boris.conversationId}?at=77`, {
      ...desk,
      permissions: ['clipboard-read', 'clipboard-write'],
    })
    const { page } = open
    const aimed = page.locator('#messages [data-aimed]')
    await aimed.waitFor()
    expect(await aimed.locator('.face').textContent()).toBe('message 77')
    expect(await isInView(page, aimed)).toBe(true)
    await said(page, 'message 79').hover()
    await page.locator('#m-79 [data-do="copy-link"]').click()
    await page.getByText('The link is copied').waitFor()
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(
      `${house.url}/c/${boris.conversationId}?at=79`,
    )
    await page.goto(`${house.url}/c/${boris.conversationId}#m-12`)
    await page.locator('#m-12[data-aimed]').waitFor()
    expect(await isInView(page, page.locator('#m-12'))).toBe(true)
  })

  test('shows one side alone, in the address, with what comes and what stands before', async () => {
    const boris = await longTalk(60)
    await anna.take(boris.conversationId)
    await anna.send(boris.conversationId, { clientId: newClientId(), body: 'from Anna' })
    await using open = await consoleOf(anna, `/c/${boris.conversationId}?folder=active`)
    const { page } = open
    await said(page, 'from Anna').waitFor()
    const choose = async (side: string) => {
      await page.locator('#stream-filter').click()
      await page.getByRole('menuitemradio', { name: side, exact: true }).click()
    }
    await choose('Agent')
    await said(page, 'message 60').waitFor({ state: 'hidden' })
    expect(await page.locator('#messages .face:visible').allTextContents()).toEqual(['from Anna'])
    expect(new URL(page.url()).searchParams.get('stream')).toBe('agent')
    await boris.say('unseen by this filter')
    await anna.send(boris.conversationId, { clientId: newClientId(), body: 'again from Anna' })
    await said(page, 'again from Anna').waitFor()
    expect(await said(page, 'unseen by this filter').isVisible()).toBe(false)
    await page.locator('#stream').focus()
    // At once: strokes that belong together follow within a moment.
    await Promise.all(['f', 'd'].map((key) => page.keyboard.press(key)))
    await page.locator('#messages .face').first().waitFor({ state: 'hidden' })
    await page.locator('#messages [data-event="taken"]').waitFor()
    expect(await page.locator('#messages .face:visible').count()).toBe(0)
    await page.reload()
    await page.locator('#messages [data-event="taken"]').waitFor()
    expect(await page.locator('#messages .face:visible').count()).toBe(0)
    await page.getByRole('button', { name: 'Show all' }).click()
    await said(page, 'unseen by this filter').waitFor()
    expect(new URL(page.url()).searchParams.has('stream')).toBe(false)
  })

  test('puts what belongs together together, by author, page and day, in a page as in what is pushed', async () => {
    const shop = (name: string) => ({ page: { url: `https://shop.example/${name}`, title: name } })
    const boris = await visitorWrites(house, 'one', shop('pumps'))
    await using open = await consoleOf(anna, `/c/${boris.conversationId}`)
    const { page } = open
    await said(page, 'one').waitFor()
    await boris.say('two', shop('pumps'))
    await boris.say('three', shop('cart'))
    await anna.send(boris.conversationId, { clientId: newClientId(), body: 'four' })
    await boris.say('five', shop('cart'))
    await said(page, 'five').waitFor()
    const shown = () =>
      page.locator('#messages > li').evaluateAll((rows) =>
        rows.map((row) => {
          const has = (name: string) => (row.hasAttribute(`data-${name}`) ? ` ${name}` : '')
          const words = row.querySelector('.face')?.textContent ?? row.className
          return `${words}${has('joins')}${has('goes-on')}${has('same-page')}`
        }),
      )
    const arranged = ['day', 'one goes-on', 'two joins', 'three', 'event', 'four', 'five same-page']
    expect(await shown()).toEqual(arranged)
    await page.reload()
    await said(page, 'five').waitFor()
    await eventually(shown, arranged)
    expect(await page.locator('#messages .day').textContent()).toBe('Today')
  })
})

test('days stand between the entries where the reader’s own days begin', async () => {
  const noon = Date.UTC(2026, 2, 10, 12)
  const hour = 3_600_000
  const [visitorId, id] = [newId(), newId()]
  const wrote = (at: number, body: string) => ({
    does: 'write' as const,
    by: 'visitor' as const,
    clientId: newClientId(),
    at,
    body,
  })
  await write(async (tx) => {
    await importVisitors(tx, [{ id: visitorId, siteId: house.site.id, createdAt: noon, contactId: null }])
    const deeds = [wrote(noon, 'the first'), wrote(noon + 11 * hour, 'late'), wrote(noon + 25 * hour, 'the last')]
    await importLogs(tx, [{ id, visitorId, deeds }])
  })
  const days = [
    ['UTC', ['day', 'the first', 'late', 'day', 'the last']],
    ['Asia/Vladivostok', ['day', 'the first', 'day', 'late', 'the last']],
  ] as const
  for (const [timezoneId, rows] of days) {
    await using open = await consoleOf(anna, `/c/${id}`, { ...desk, timezoneId })
    await said(open.page, 'the last').waitFor()
    const shown = await open.page
      .locator('#messages > li')
      .evaluateAll((all) => all.map((row) => row.querySelector('.face')?.textContent ?? row.className))
    expect([timezoneId, shown]).toEqual([timezoneId, [...rows]])
    expect(await open.page.locator('#messages .day').first().textContent()).toContain('10 March')
  }
})

describe('two agents', () => {
  test('see each other answer, and what the visitor has not sent yet', async () => {
    const boris = await visitorWrites(house, 'Who is there?')
    await using annas = await consoleOf(anna, `/c/${boris.conversationId}`)
    await using doras = await consoleOf(dora, `/c/${boris.conversationId}`)
    await said(doras.page, 'Who is there?').waitFor()
    await annas.page.waitForFunction(() => document.activeElement?.id === 'body')
    await boris.say('Hello?')
    await said(annas.page, 'Hello?').waitFor()
    await said(doras.page, 'Hello?').waitFor()
    await annas.page.keyboard.type('We are')
    await doras.page.getByText('Anna is answering here').waitFor()
    expect(await annas.page.locator('#answering').isVisible()).toBe(false)
    await annas.page.keyboard.press('Enter')
    await said(doras.page, 'We are').waitFor()
    expect(await doras.page.locator('#answering').isVisible()).toBe(false)
    const visitor = await VisitorSocket.connect(house.url, { token: boris.token })
    visitor.typing('Six bottles, and')
    for (const { page } of [annas, doras]) await page.locator('#preview').getByText('Six bottles, and').waitFor()
    await doras.page.getByText('Online', { exact: true }).first().waitFor()
    await visitor.close()
    expect([...annas.errors, ...doras.errors]).toEqual([])
  })

  test('who both press Take: one has it, the other reads by whom and stays where they are', async () => {
    const boris = await visitorWrites(house, 'Mine or yours?')
    await using annas = await consoleOf(anna, `/c/${boris.conversationId}?folder=waiting`)
    await using doras = await consoleOf(dora, `/c/${boris.conversationId}?folder=waiting`)
    const pressed = Promise.withResolvers<void>()
    let presses = 0
    for (const { page } of [annas, doras]) {
      await page.route('**/take', async (route) => {
        if (++presses === 2) pressed.resolve()
        await pressed.promise
        await route.continue()
      })
    }
    await Promise.all([annas, doras].map(({ page }) => page.locator('#take').click()))
    const told = await Promise.race(
      [annas, doras].map(async ({ page }, place) => {
        await page.locator('#notice [role="alert"]').waitFor()
        return { page, by: ['Dora', 'Anna'][place] }
      }),
    )
    expect(await told.page.locator('#notice').innerText()).toContain(`${told.by} has taken this conversation.`)
    const winner = told.page === annas.page ? doras.page : annas.page
    await winner.getByText('You have it').waitFor()
    expect(new URL(winner.url()).searchParams.get('folder')).toBe('active')
    await told.page.getByText(`${told.by} has it`).waitFor()
  })

  test('one finishes while the other sends: the answer stays, says why, and goes once it is reopened', async () => {
    const boris = await visitorWrites(house, 'Almost done')
    await using annas = await consoleOf(anna, `/c/${boris.conversationId}`)
    const { page } = annas
    const held = Promise.withResolvers<void>()
    await page.route('**/messages', async (route) => {
      await held.promise
      await route.continue()
    })
    await box(page).fill('One more thing')
    await box(page).press('Enter')
    await dora.finish(boris.conversationId)
    held.resolve()
    await page.getByText('Not sent:').waitFor()
    await page.getByText('Reopen it to go on').waitFor()
    await page.getByRole('button', { name: 'Reopen' }).click()
    await page.getByText('You have it').waitFor()
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.locator('#messages [data-seq]', { hasText: 'One more thing' }).waitFor()
    expect(await page.locator('#messages [data-state]').count()).toBe(0)
  })

  test('x finishes, and what was finished by mistake is open again at a press', async () => {
    const [boris, other] = [await visitorWrites(house, 'Thank you'), await visitorWrites(house, 'Not yet')]
    // Another stays in the list: what is undone is the conversation, and not the list.
    for (const one of [boris, other]) await anna.take(one.conversationId)
    await using annas = await consoleOf(anna, `/c/${boris.conversationId}?folder=active`)
    const { page } = annas
    await page.waitForFunction(() => document.activeElement?.id === 'body')
    await page.keyboard.press('x')
    expect(await box(page).inputValue()).toBe('x')
    await box(page).fill('')
    await page.keyboard.press('Escape')
    await page.keyboard.press('x')
    await page.getByText('The conversation is finished', { exact: true }).waitFor()
    await page.locator('#messages [data-event="finished"]').waitFor()
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.locator('#messages [data-event="reopened"]').waitFor()
    await page.getByText('You have it').waitFor()
    await box(page).fill('You are welcome')
    await box(page).press('Enter')
    await page.locator('#messages [data-seq]', { hasText: 'You are welcome' }).waitFor()
  })
})

describe('the composer', () => {
  test('sets marks by buttons and keys, takes them back, and sends them as markup', async () => {
    const boris = await visitorWrites(house, 'Tell me')
    await using annas = await consoleOf(anna, `/c/${boris.conversationId}`)
    const { page, errors } = annas
    const select = (text: string) =>
      box(page).evaluate((element, wanted) => {
        const area = element as HTMLTextAreaElement
        area.setSelectionRange(area.value.indexOf(wanted), area.value.indexOf(wanted) + wanted.length)
      }, text)
    await box(page).fill('water and bread\ntea\nread this')
    await select('water')
    await page.keyboard.press('Control+b')
    await select('bread')
    await page.getByRole('button', { name: 'Italic' }).click()
    await select('this')
    await page.keyboard.press('Control+Shift+k')
    await page.keyboard.type('https://shop.example/')
    expect(await box(page).inputValue()).toBe('**water** and _bread_\ntea\nread [this](https://shop.example/)')
    await select('**water** and _bread_\ntea')
    await page.keyboard.press('Control+Shift+8')
    expect(await box(page).inputValue()).toStartWith('- **water** and _bread_\n- tea\n')
    await page.keyboard.press('Control+z')
    expect(await box(page).inputValue()).toStartWith('**water** and _bread_\ntea\n')
    await box(page).press('Enter')
    const face = page.locator('#messages [data-seq] .face', { hasText: 'water' })
    await face.locator('strong', { hasText: 'water' }).waitFor()
    expect(await face.locator('em').textContent()).toBe('bread')
    expect(await face.locator('a').getAttribute('href')).toBe('https://shop.example/')
    expect(errors).toEqual([])
  })

  test('reduces what is pasted to its own markup, and what is pasted runs nothing', async () => {
    const boris = await visitorWrites(house, 'Paste it')
    await using annas = await consoleOf(anna, `/c/${boris.conversationId}`)
    const { page, errors } = annas
    await box(page).evaluate((element) => {
      const data = new DataTransfer()
      data.setData(
        'text/html',
        '<p>Deliver <b>today</b> <img src=x onerror="document.title=\'pwned\'"> to</p><ul><li>flat <i>84</i></li><li><a href="javascript:alert(1)">gate</a></li></ul><script>document.title="pwned"</script>',
      )
      data.setData('text/plain', 'Deliver today to flat 84 gate')
      element.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }))
    })
    expect(await box(page).inputValue()).toBe('Deliver **today** to\n\n- flat _84_\n- gate')
    expect(await page.title()).not.toContain('pwned')
    // That a handler was in it is told, and that the policy would not have let it run.
    expect(errors.filter((error) => !error.includes('Content Security Policy'))).toEqual([])
  })

  test('brings the emoji when they are asked for, in the agent’s language, and puts one where the caret is', async () => {
    const boris = await visitorWrites(house, 'Smile')
    await using annas = await consoleOf(anna, `/c/${boris.conversationId}`)
    const { page, errors } = annas
    const asked: string[] = []
    page.on('request', (request) => void asked.push(request.url()))
    await page.getByRole('button', { name: 'Emoji' }).click()
    await page.getByRole('searchbox', { name: 'Search for an emoji' }).fill('thumbs up')
    await page.keyboard.press('Enter')
    expect(await box(page).inputValue()).toStartWith('👍')
    expect(asked.filter((url) => url.includes('/assets/emoji-en'))).toHaveLength(1)
    await page.keyboard.press('Escape')
    expect(await page.locator('#emoji').isVisible()).toBe(false)
    expect(errors).toEqual([])
  })

  test('keeps a draft over a reload, and grows with it', async () => {
    const boris = await visitorWrites(house, 'Draft')
    await using annas = await consoleOf(anna, `/c/${boris.conversationId}`)
    const { page } = annas
    const height = () => box(page).evaluate((element) => element.clientHeight)
    const small = await height()
    await box(page).fill('one\ntwo\nthree\nfour')
    expect(await height()).toBeGreaterThan(small + 30)
    await page.reload()
    expect(await box(page).inputValue()).toBe('one\ntwo\nthree\nfour')
    expect(await height()).toBeGreaterThan(small + 30)
  })
})

describe('every state of the pane is free of faults that axe knows, and is looked at', () => {
  const looks = [
    { name: 'light', options: { ...desk, colorScheme: 'light' } },
    { name: 'dark', options: { ...desk, colorScheme: 'dark' } },
    { name: 'phone-dark', options: { ...phone, colorScheme: 'dark' } },
  ] as const

  test('in Russian, with its long words, nothing stands out of a phone', async () => {
    const boris = await visitorWrites(house, 'Здравствуйте')
    const olga = await atConsole(house, 'Ольга')
    await olga.request('POST', '/account/locale', { locale: 'ru' })
    await using open = await consoleOf(olga, `/c/${boris.conversationId}`, phone)
    const outside = await open.page.locator('.composer button, #conversation header > *').evaluateAll((all) =>
      all
        .filter((one) => one.checkVisibility() && !one.closest('.marks'))
        .map((one) => [one.outerHTML.slice(0, 60), one.getBoundingClientRect()] as const)
        .filter(([, { left, right }]) => left < 0 || right > innerWidth)
        .map(([html]) => html),
    )
    expect(outside).toEqual([])
  })

  test.each(looks)('$name', async ({ name, options }) => {
    const shop = {
      page: { url: 'https://shop.example/pumps?of=19&l=1', title: 'Pumps and dispensers of nineteen litres' },
    }
    const boris = await visitorWrites(house, 'A very long word: '.repeat(9) + 'x'.repeat(200), shop)
    await anna.take(boris.conversationId)
    await anna.send(boris.conversationId, { clientId: newClientId(), body: '**Tomorrow**:\n- water\n- `cups`' })
    await anna.read(boris.conversationId, 3)
    await boris.say('Шесть бутылок, пожалуйста')
    await using open = await consoleOf(anna, `/c/${boris.conversationId}?folder=active`, {
      ...options,
      reducedMotion: 'reduce',
    })
    const { page } = open
    const look = async (state: string) => {
      expect([state, ...(await faults(page))]).toEqual([state])
      await keepPicture(page, `console-talk-${name}-${state}`)
    }
    await page.locator('#messages .new-line').waitFor()
    const visitor = await VisitorSocket.connect(house.url, { token: boris.token })
    visitor.typing('and cups')
    await page.locator('#preview').getByText('and cups').waitFor()
    await look('open')
    await visitor.close()
    await page.locator('[data-do="emoji"]').click()
    await page.locator('.emoji-grid button').first().waitFor()
    await look('emoji')
    await page.locator('[data-do="emoji"]').click()
    await page.locator('#stream-filter').click()
    await page.getByRole('menuitemradio', { name: 'Actions' }).click()
    await page.locator('#filtered').waitFor()
    await look('filtered')
    await page.getByRole('button', { name: 'Show all' }).click()
    await page.route('**/messages', (route) => route.abort('connectionreset'))
    await box(page).fill('Not on its way yet')
    await page.getByRole('button', { name: 'Send' }).click()
    await page.locator('[data-state="pending"]').waitFor()
    await look('pending')
    await page.locator('#finish').click()
    await page.locator('#messages [data-event="finished"]').waitFor()
    await look('finished')
    await page.goto(`${house.url}/c/nothing?folder=active`)
    await look('unknown')
  })
})

test('on a phone the list, the conversation and the card are screens, and the answer goes out by its button', async () => {
  const boris = await visitorWrites(house, 'From the phone')
  await using open = await consoleOf(anna, '/inbox?folder=waiting', phone)
  const { page, errors } = open
  await rowOf(page, boris).tap()
  await said(page, 'From the phone').waitFor()
  expect(await page.locator('#inbox').isVisible()).toBe(false)
  await box(page).fill('Coming')
  await page.getByRole('button', { name: 'Send' }).tap()
  await page.locator('#messages [data-seq]', { hasText: 'Coming' }).waitFor()
  await keepPicture(page, 'console-talk-phone')
  await page.getByRole('link', { name: 'Contact card' }).tap()
  await page.locator('#card').waitFor()
  expect(await page.locator('#conversation').isVisible()).toBe(false)
  await page.goBack()
  await said(page, 'Coming').waitFor()
  await page.getByRole('link', { name: 'Back to the list' }).tap()
  await page.locator('#inbox').waitFor()
  expect(await page.locator('#conversation').isVisible()).toBe(false)
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
  expect(errors).toEqual([])
})

test('two visitors in the shop and two agents at the console talk past each other without a mix-up', async () => {
  const visitors = await Promise.all(
    ['Boris', 'Maria'].map(async (name) => {
      const page = await (await browser.newContext({ locale: 'en-GB' })).newPage()
      await page.goto(`${house.url}/demo`)
      const widget = widgetOn(page)
      await widget.open()
      await widget.write(`${name} asks`)
      return { page, widget, name }
    }),
  )
  await using annas = await consoleOf(anna, '/inbox?folder=waiting')
  await using doras = await consoleOf(dora, '/inbox?folder=waiting')
  const agents = [annas, doras]
  for (const [place, { name }] of visitors.entries()) {
    const { page } = agents[place]!
    await page.locator('#rows a.row', { hasText: `${name} asks` }).click()
    await said(page, `${name} asks`).waitFor()
    await page.locator('#where').getByText('now on').waitFor()
    await box(page).fill(`Hello ${name}`)
    await box(page).press('Enter')
  }
  for (const { widget, name } of visitors) {
    await widget.theirs.getByText(`Hello ${name}`).waitFor()
    await widget.write(`${name} thanks`)
  }
  for (const [place, { name }] of visitors.entries()) {
    const { page } = agents[place]!
    await said(page, `${name} thanks`).waitFor()
    await page.locator('#messages [data-from="agent"] [data-is="seen"]').first().waitFor()
    const other = visitors[1 - place]!.name
    expect(await page.locator('#messages').innerText()).not.toContain(other)
  }
  await keepPicture(annas.page, 'console-talk-desk')
  expect([...annas.errors, ...doras.errors]).toEqual([])
  for (const { page } of visitors) await page.context().close()
})
