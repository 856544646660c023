import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { listAgents } from '../../src/features/agents/index.ts'
import { findConversation } from '../../src/features/conversations/index.ts'
import { listEntries, sendMessage } from '../../src/features/messages/index.ts'
import { findSite } from '../../src/features/sites/index.ts'
import { listTemplates } from '../../src/features/templates/index.ts'
import { AgentClient } from '../support/agent-client.ts'
import { hire, newVisitor, password } from '../support/cast.ts'
import { type Browser, type BrowserContext, openPages, type Page } from '../support/chromium.ts'
import { openHouse, type TestHouse } from '../support/house.ts'
import { newClientId } from '../support/visitor-client.ts'
import { rawRequest, statusOf, upgradeRequest } from './support.ts'

// What a browser really sends, cookies included. A page on another port of the same host is the same site, so that its
// requests carry the agent's cookie whatever SameSite says.
setDefaultTimeout(60_000)

let house: TestHouse
let evil: ReturnType<typeof Bun.serve>
let browser: Browser
let context: BrowserContext
let olga: Page
let conversationId: string

beforeAll(async () => {
  house = await openHouse()
  const { email } = await hire('Olga', 'owner')
  await hire('Mallory')
  evil = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    fetch: () => new Response('<!doctype html><title>Prizes</title>', { headers: { 'content-type': 'text/html' } }),
  })
  conversationId = (await sendMessage(newVisitor(house.site.id), { clientId: newClientId(), body: 'hello' }))
    .conversationId
  browser = await openPages()
  context = await browser.newContext({ locale: 'en-GB' })
  olga = await context.newPage()
  await olga.goto(`${house.url}/sign-in`)
  await olga.getByLabel('E-mail').fill(email)
  await olga.getByLabel('Password').fill(password)
  await olga.getByRole('button', { name: 'Sign in' }).click()
  await olga.waitForURL(/\/inbox/)
})
afterAll(async () => {
  await browser.close()
  await evil.stop(true)
  await house.close()
})

const state = async () => ({
  log: await listEntries(conversationId, { limit: 100 }),
  conversation: await findConversation(conversationId),
  site: await findSite(house.site.id),
  agents: await listAgents(),
  templates: await listTemplates(),
  cookies: await context.cookies(house.url),
})

type Answer = { method: string; path: string; status: number; cookie: boolean }

/** Opens a foreign page, lets it do its worst, and gives back what of it reached the house. */
async function from(host: string, worst: (page: Page) => Promise<unknown>, expected = 0): Promise<Answer[]> {
  const page = await context.newPage()
  const answers: Promise<Answer>[] = []
  const underWay = new Set<unknown>()
  let lastSign = performance.now()
  const over = (request: unknown) => {
    underWay.delete(request)
    lastSign = performance.now()
  }
  page.on('request', (request) => underWay.add(request))
  page.on('requestfinished', over)
  page.on('requestfailed', over)
  page.on('response', (response) => {
    const request = response.request()
    if (!request.url().startsWith(house.url)) return
    answers.push(
      // What was really sent is told apart from the request, and for a blocked frame sometimes never.
      Promise.race([request.allHeaders(), Bun.sleep(2000).then(() => request.headers())]).then((headers) => ({
        method: request.method(),
        path: new URL(request.url()).pathname,
        status: response.status(),
        cookie: /kontuar=/.test(headers.cookie ?? ''),
      })),
    )
  })
  await page.goto(`http://${host}:${evil.port}/`)
  await worst(page)
  const giveUpAt = performance.now() + 15_000
  while (answers.length < expected && performance.now() < giveUpAt) await Bun.sleep(10)
  while ((underWay.size > 0 || performance.now() - lastSign < 300) && performance.now() < giveUpAt) await Bun.sleep(10)
  const settled = await Promise.all(answers)
  await page.close()
  return settled
}

const changes = () => ({
  posts: [
    [`/c/${conversationId}/notes`, { body: 'evil' }],
    [`/c/${conversationId}/messages`, { clientId: 'evil', body: 'send your card number to evil.example' }],
    ['/settings/templates', { name: 'evil', text: 'evil' }],
    ['/account/locale', { locale: 'pl' }],
    ['/account/theme', { theme: 'dark' }],
    ['/sign-in', { email: 'mallory@shop.test', password }],
    ['/setup', { token: 'x', name: 'x', email: 'x@y.test', password, shop: 'x' }],
    ['/settings/sites', { name: 'Evil', domains: 'evil.example' }],
    ['/settings/pictures', {}],
    ['/sign-out', {}],
  ] as [string, Record<string, string>][],
  others: [
    ['PUT', `/c/${conversationId}/contact/name`],
    ['PUT', `/c/${conversationId}/block`],
    ['PUT', `/c/${conversationId}/take`],
    ['PUT', `/c/${conversationId}/closure`],
    ['DELETE', `/c/${conversationId}/closure`],
    ['PUT', `/c/${conversationId}/read`],
    ['PUT', '/account/theme'],
    ['PUT', '/system/hidden'],
    ['PUT', '/system/read?to=9007199254740991'],
    ['DELETE', '/inbox/read-all/none?folder=waiting'],
    ['DELETE', `/settings/sites/${house.site.id}/chat`],
    ['PUT', '/settings/chat'],
    ['PUT', `/settings/chat?site=${house.site.id}`],
    ['PUT', `/settings/sites/${house.site.id}`],
    ['PUT', `/settings/sites/${house.site.id}/deactivation`],
    ['DELETE', `/settings/sites/${house.site.id}`],
  ] as [string, string][],
})

describe.each([
  ['the same host, another port', '127.0.0.1', true],
  ['another site', 'localhost', false],
] as const)('a page on %s', (_, host, sendsCookies) => {
  test('posts forms of every kind in vain', async () => {
    const before = await state()
    const answers = await from(
      host,
      (page) =>
        page.evaluate(
          ({ base, posts }) => {
            for (const [path, fields] of posts) {
              for (const enctype of ['application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data']) {
                const target = document.createElement('iframe')
                target.name = `t${Math.random()}`
                const form = document.createElement('form')
                Object.assign(form, { method: 'post', action: base + path, enctype, target: target.name })
                for (const [name, value] of Object.entries(fields)) {
                  const input = document.createElement('input')
                  Object.assign(input, { name, value })
                  form.append(input)
                }
                document.body.append(target, form)
                form.submit()
              }
            }
          },
          { base: house.url, posts: changes().posts },
        ),
      3 * changes().posts.length,
    )
    const posts = answers.filter(({ method }) => method === 'POST')
    expect(posts.length).toBe(3 * changes().posts.length)
    expect(posts.map(({ path, status }) => [path, status])).toEqual(posts.map(({ path }) => [path, 403]))
    // The control: the browser did lend the agent's cookie where it counts as the same site.
    if (sendsCookies) expect(posts.some(({ cookie }) => cookie)).toBe(true)
    expect(await state()).toEqual(before)
  })

  test('asks with fetch, beacons and JSON as text in vain', async () => {
    const before = await state()
    const answers = await from(host, (page) =>
      page.evaluate(
        async ({ base, posts, others }) => {
          const tries: Promise<unknown>[] = []
          for (const [path, fields] of posts) {
            const body = JSON.stringify(fields)
            const lent = { method: 'POST', credentials: 'include', body } as const
            tries.push(fetch(base + path, { ...lent, mode: 'no-cors', headers: { 'content-type': 'text/plain' } }))
            tries.push(fetch(base + path, { ...lent, headers: { 'content-type': 'application/json' } }))
            tries.push(fetch(base + path, { ...lent, headers: { 'hx-request': 'true' } }))
            navigator.sendBeacon(base + path, new URLSearchParams(fields))
          }
          for (const [method, path] of others) tries.push(fetch(base + path, { method, credentials: 'include' }))
          await Promise.allSettled(tries)
        },
        { base: house.url, ...changes() },
      ),
    )
    expect(answers.filter(({ method, status }) => method !== 'OPTIONS' && status !== 403)).toEqual([])
    // What needs to be asked for first is not sent at all.
    expect(answers.filter(({ method }) => method === 'PUT' || method === 'DELETE')).toEqual([])
    expect(answers.length).toBeGreaterThan(5)
    expect(await state()).toEqual(before)
  })

  test('changes nothing by having addresses fetched, framed and opened', async () => {
    const before = await state()
    const { posts, others } = changes()
    const paths = [...posts.map(([path]) => path), ...others.map(([, path]) => path), `/c/${conversationId}`, '/inbox']
    await from(host, async (page) => {
      await page.evaluate(
        ({ base, all }) => {
          for (const path of all) {
            for (const tag of ['img', 'iframe', 'script'] as const) {
              const element = document.createElement(tag)
              element.src = `${base}${path}?_method=DELETE`
              document.body.append(element)
            }
          }
        },
        { base: house.url, all: paths },
      )
      await page.waitForTimeout(200)
      for (const path of ['/sign-out', `/c/${conversationId}/take`]) await page.goto(house.url + path)
    })
    expect(await state()).toEqual(before)
  })

  test('reads nothing with the agent’s cookie, and hears nothing on the live socket', async () => {
    let read: unknown
    await from(host, async (page) => {
      read = await page.evaluate(
        async ({ base, id }) => {
          const paths = ['/inbox', `/c/${id}`, `/c/${id}/entries?after=0`, '/session', '/account']
          const texts = paths.map((path) =>
            fetch(base + path, { credentials: 'include' }).then(
              (one) => one.text(),
              () => 'refused',
            ),
          )
          const socket = new WebSocket(`${base.replace('http', 'ws')}/live`)
          const heard = new Promise((resolve) => {
            socket.onmessage = ({ data }) => resolve(data)
            socket.onopen = () => resolve('opened')
            socket.onerror = () => resolve('refused')
          })
          return [...(await Promise.all(texts)), await heard]
        },
        { base: house.url, id: conversationId },
      )
    })
    expect(read).toEqual(Array(6).fill('refused'))
  })
})

test('the agent’s own page does what the foreign ones could not', async () => {
  await olga.goto(`${house.url}/c/${conversationId}`)
  await olga.getByRole('button', { name: 'Take' }).first().click()
  await olga.locator('#body').fill('Good morning')
  await olga.locator('#body').press('Enter')
  await olga.locator('#messages li[data-from="agent"][data-seq]').waitFor()
  await olga.getByRole('button', { name: 'Finish' }).click()
  await olga.locator('#messages [data-event="finished"]').waitFor()
  expect((await findConversation(conversationId))?.state).toBe('finished')
})

describe('the agents’ live socket', () => {
  test.each([
    ['absent', undefined],
    ['null', 'null'],
    ['of another site', 'https://evil.example'],
    ['of another port', 'http://127.0.0.1:1'],
    ['that begins like ours', 'OWN.evil.example'],
    ['that is no origin', 'OWN/path'],
    ['with a name in it', 'http://olga@HOST'],
  ])('is refused to an Origin that is %s, with a good session', async (_, given) => {
    const olgaClient = new AgentClient(house.url)
    await olgaClient.signIn('olga@shop.test', password)
    const cookie = olgaClient.cookieHeader()
    const origin = given?.replace('OWN', house.url).replace('HOST', new URL(house.url).host)
    const ours = await rawRequest(house.url, upgradeRequest(house.url, '/live', { cookie, origin: house.url }), 15_000)
    expect(statusOf(ours)).toBe(101)
    const foreign = await rawRequest(
      house.url,
      upgradeRequest(house.url, '/live', { cookie, ...(origin === undefined ? {} : { origin }) }),
      15_000,
    )
    expect([origin, statusOf(foreign)]).toEqual([origin, 403])
  })

  test('is refused, where the house is reached by https, to a page of its own host that came by http', async () => {
    const host = 'chat.shop.example'
    const behindProxy = { host, 'x-forwarded-proto': 'https' }
    const answer = await fetch(`${house.url}/sign-in`, {
      method: 'POST',
      headers: { ...behindProxy, accept: 'application/json', 'content-type': 'application/json' },
      body: JSON.stringify({ email: 'olga@shop.test', password }),
    })
    const cookie = answer.headers
      .getSetCookie()
      .map((line) => line.split(';')[0])
      .join('; ')
    expect(cookie).toContain('__Host-kontuar=')
    const open = (origin: string) =>
      rawRequest(house.url, upgradeRequest(house.url, '/live', { ...behindProxy, cookie, origin }), 15_000)
    expect(statusOf(await open(`https://${host}`))).toBe(101)
    expect(statusOf(await open(`http://${host}`))).toBe(403)
  })
})
