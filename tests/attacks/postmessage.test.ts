import { afterAll, beforeAll, beforeEach, expect, setDefaultTimeout, test } from 'bun:test'
import { listFolder } from '../../src/features/conversations/index.ts'
import { sendMessage } from '../../src/features/messages/index.ts'
import { hire } from '../support/cast.ts'
import { type Browser, kept, openChromium, type Page, widgetOn } from '../support/chromium.ts'
import { openHouse, type TestHouse } from '../support/house.ts'
import { openShop, type Shop } from '../support/shop.ts'
import { newClientId } from '../support/visitor-client.ts'

// What the loader and the frame say to each other goes over a port that each takes from the other alone. Everybody else
// who can reach one of the two windows tries to be that other.
setDefaultTimeout(60_000)

const hello = 'kontuar:hello'
const welcome = 'kontuar:port'

let house: TestHouse
let shop: Shop
let evil: ReturnType<typeof Bun.serve>
let browser: Browser
let page: Page
let widget: ReturnType<typeof widgetOn>

beforeAll(async () => {
  house = await openHouse({ 'no-limits': true })
  shop = openShop(house.url, house.site.id)
  evil = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    // Keeps what it is told, and does what its address says.
    fetch: ({ url }) =>
      new Response(
        `<!doctype html><title>evil</title><script>
          window.told = []
          addEventListener('message', ({ data, ports }) => {
            told.push(JSON.stringify(data))
            for (const port of ports) port.onmessage = ({ data }) => told.push('port ' + JSON.stringify(data))
          })
          ${decodeURIComponent(new URL(url).search.slice(1))}
        </script>`,
        { headers: { 'content-type': 'text/html' } },
      ),
  })
  browser = await openChromium(['--disable-features=BlockThirdPartyCookies'])
})
afterAll(async () => {
  await browser.close()
  await Promise.all([evil.stop(true), shop.stop()])
  await house.close()
})

beforeEach(async () => {
  await page?.context().close()
  page = await (await browser.newContext({ locale: 'en-GB' })).newPage()
  page.setDefaultTimeout(15_000)
  await page.goto(`http://localhost:${shop.port}/`)
  widget = widgetOn(page)
})

async function writeSomething(): Promise<string> {
  await widget.open()
  await widget.write('my address is Field Lane 2')
  await widget.own.getByText(kept).waitFor()
  const token = await page.evaluate(() => Object.entries(localStorage).find(([key]) => key.endsWith(':token'))?.[1])
  expect(token).toStartWith('k1.')
  return token ?? '-'
}

/** Whether the widget is still the shop's own: what is written arrives, what is answered is shown. */
async function stillWorks(): Promise<void> {
  await widget.write('still me?')
  await widget.own.getByText('still me?').waitFor()
  await widget.frame.locator('.say[data-from="me"]', { hasText: 'still me?' }).getByText(kept).waitFor()
  const [row] = (await listFolder({ folder: 'waiting', agentId: '', limit: 100 }))
    .filter(({ lastText }) => lastText === 'still me?')
    .slice(-1)
  expect(row).toBeDefined()
}

const evilPage = (script = '') => `http://127.0.0.1:${evil.port}/?${encodeURIComponent(script)}`

test('a frame of another site on the shop’s page gets no port, however it asks', async () => {
  const token = await writeSomething()
  await page.evaluate(
    (src) => {
      const frame = document.createElement('iframe')
      Object.assign(frame, { src, name: 'advert' })
      document.body.append(frame)
    },
    evilPage(`
    for (const target of [parent, ...Array.from({ length: parent.length }, (_, i) => parent[i])]) {
      if (target === window) continue
      for (const said of ['${hello}', '${welcome}', { type: 'start' }, { type: 'token', token: 'k1.evil', was: null }]) {
        const { port1, port2 } = new MessageChannel()
        port1.onmessage = ({ data }) => told.push('port ' + JSON.stringify(data))
        target.postMessage(said, '*', [port2])
      }
    }`),
  )
  const advert = await frameNamed('advert')
  await page.waitForTimeout(300)
  expect(await advert.evaluate(() => (window as unknown as { told: string[] }).told)).toEqual([])
  await stillWorks()
  expect(await page.evaluate(() => Object.entries(localStorage).find(([key]) => key.endsWith(':token'))?.[1])).toBe(
    token,
  )
})

test('a frame without an origin gets no port', async () => {
  await writeSomething()
  await page.evaluate(
    (src) => {
      const frame = document.createElement('iframe')
      frame.setAttribute('sandbox', 'allow-scripts')
      Object.assign(frame, { src, name: 'advert' })
      document.body.append(frame)
    },
    evilPage(`parent.postMessage('${hello}', '*')`),
  )
  const advert = await frameNamed('advert')
  await page.waitForTimeout(300)
  expect(await advert.evaluate(() => (window as unknown as { told: string[] }).told)).toEqual([])
  await stillWorks()
})

test('a frame of our own origin that is not the widget’s gets no port', async () => {
  await writeSomething()
  const second = await page.evaluate(
    (src) =>
      new Promise((resolve) => {
        const frame = document.createElement('iframe')
        frame.src = src
        // It says hello to this page as the real one did: the loader must know them apart.
        addEventListener('message', ({ data, source }) => source === frame.contentWindow && resolve(data))
        document.body.append(frame)
      }),
    `${house.url}/widget/frame?site=${house.site.id}`,
  )
  expect(second).toBe(hello)
  await page.waitForTimeout(300)
  const frames = page.frames().filter((frame) => frame.url().includes('/widget/frame'))
  expect(frames.length).toBe(2)
  const texts = await Promise.all(frames.map((frame) => frame.locator('body').innerText()))
  expect(texts.filter((text) => text.includes('Field Lane 2')).length).toBe(1)
  await stillWorks()
})

test('a window that opened the shop, or was opened by it, gets no port and steers nothing', async () => {
  const opener = await page.context().newPage()
  await opener.goto(
    evilPage(`
    window.shop = null
    window.attack = (url) => {
      shop = open(url)
      setInterval(() => {
        for (const said of ['${hello}', '${welcome}']) {
          const { port1, port2 } = new MessageChannel()
          port1.onmessage = ({ data }) => told.push('port ' + JSON.stringify(data))
          shop.postMessage(said, '*', [port2])
        }
      }, 20)
    }`),
  )
  const [opened] = await Promise.all([
    page.context().waitForEvent('page'),
    opener.evaluate(
      (url) => (window as unknown as { attack(url: string): void }).attack(url),
      `http://localhost:${shop.port}/`,
    ),
  ])
  page = opened
  widget = widgetOn(page)
  await writeSomething()
  await page.waitForTimeout(200)
  expect(await opener.evaluate(() => (window as unknown as { told: string[] }).told)).toEqual([])
  await stillWorks()
})

test('the frame takes a port from the page that holds it alone: not from a neighbour, not from its opener, not twice', async () => {
  await writeSomething()
  const heard = await page.evaluate(
    (said) =>
      new Promise<string[]>((resolve) => {
        const widgetFrame = document.querySelector('kontuar-chat')?.shadowRoot?.querySelector('iframe')
        const neighbour = document.createElement('iframe')
        document.body.append(neighbour)
        const told: string[] = []
        const inside = neighbour.contentWindow as (Window & typeof globalThis) | null
        for (const view of [inside, window]) {
          if (!view) continue
          const { port1, port2 } = new view.MessageChannel()
          port1.onmessage = ({ data }: MessageEvent) => told.push(JSON.stringify(data))
          const from = view === window ? '' : 'neighbour'
          if (from)
            inside?.eval(`(target, said, port) => target.postMessage(said, '*', [port])`)(
              widgetFrame?.contentWindow,
              said,
              port2,
            )
          else widgetFrame?.contentWindow?.postMessage(said, '*', [port2])
          port1.postMessage({ type: 'start', token: null, items: [], draft: 'hijacked', readMark: 0, open: true })
        }
        setTimeout(() => resolve(told), 300)
      }),
    welcome,
  )
  expect(heard).toEqual([])
  expect(await widget.field.inputValue()).toBe('')
  await stillWorks()

  const opener = await page.context().newPage()
  await opener.goto(
    evilPage(`
    window.attack = (url) => {
      const frame = open(url)
      setInterval(() => {
        const { port1, port2 } = new MessageChannel()
        port1.onmessage = ({ data }) => told.push('port ' + JSON.stringify(data))
        port1.postMessage({ type: 'start', token: null, items: [], draft: 'hijacked', readMark: 0, open: true })
        frame.postMessage('${welcome}', '*', [port2])
      }, 20)
    }`),
  )
  const [frame] = await Promise.all([
    page.context().waitForEvent('page'),
    opener.evaluate(
      (url) => (window as unknown as { attack(url: string): void }).attack(url),
      `${house.url}/widget/frame?site=${house.site.id}`,
    ),
  ])
  await frame.waitForTimeout(400)
  expect(await opener.evaluate(() => (window as unknown as { told: string[] }).told)).toEqual([])
  expect(await frame.locator('body').innerText()).not.toContain('hijacked')
})

test('a page that frames the widget for itself learns nothing of the shop’s visitor', async () => {
  const token = await writeSomething()
  const anna = await hire('Anna')
  const mine = (await listFolder({ folder: 'waiting', agentId: '', limit: 100 })).at(-1)
  await sendMessage(anna, {
    clientId: newClientId(),
    body: 'the driver has your number',
    conversationId: mine?.id ?? null,
  })
  await widget.theirs.getByText('the driver has your number').waitFor()
  const evilTab = await page.context().newPage()
  await evilTab.goto(
    evilPage(`
    addEventListener('message', ({ source, data }) => {
      if (data !== '${hello}') return
      const { port1, port2 } = new MessageChannel()
      port1.onmessage = ({ data }) => told.push('port ' + JSON.stringify(data))
      source.postMessage('${welcome}', '*', [port2])
      port1.postMessage({ type: 'start', token: null, items: [], draft: 'its own', readMark: 0, open: true })
    })
    const frame = document.createElement('iframe')
    frame.src = '${house.url}/widget/frame?site=${house.site.id}'
    addEventListener('load', () => document.body.append(frame))`),
  )
  // The control: it may hold the widget, as any page may where a site names no domains, as a newcomer.
  const field = evilTab.frameLocator('iframe').locator('textarea')
  await field.waitFor()
  expect(await field.inputValue()).toBe('its own')
  await evilTab.waitForTimeout(500)
  const told = (await evilTab.evaluate(() => (window as unknown as { told: string[] }).told)).join('\n')
  for (const secret of [token, 'Field Lane', 'the driver']) expect(told).not.toContain(secret)
  const frame = evilTab.frames().find((one) => one.url().includes('/widget/frame'))
  expect(await frame?.locator('body').innerText()).not.toContain('Field Lane')
  await stillWorks()
})

async function frameNamed(name: string) {
  const giveUpAt = performance.now() + 10_000
  while (performance.now() < giveUpAt) {
    const frame = page.frame({ name })
    if (frame && frame.url().startsWith('http://127.0.0.1')) {
      await frame.waitForLoadState()
      return frame
    }
    await Bun.sleep(20)
  }
  throw new Error(`no frame ${name}`)
}
