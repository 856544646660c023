import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { makeKey } from '../../src/features/api-keys/index.ts'
import { findPeople, linkVisitor, writeAddress } from '../../src/features/clients/index.ts'
import { createAgent } from '../../src/features/agents/index.ts'
import { keepContact } from '../../src/features/contacts/index.ts'
import { type AgentActor, findConversation, listFolder } from '../../src/features/conversations/index.ts'
import { sendMessage } from '../../src/features/messages/index.ts'
import { addNote } from '../../src/features/notes/index.ts'
import { createSite, type SiteRow } from '../../src/features/sites/index.ts'
import { createTemplate } from '../../src/features/templates/index.ts'
import { knowVisitor } from '../../src/features/visitors/index.ts'
import { write } from '../../src/platform/db/write.ts'
import { ApiClient } from '../support/api-client.ts'
import { newVisitor, password } from '../support/cast.ts'
import { type Browser, kept, openPages, type Page, widgetOn } from '../support/chromium.ts'
import { openHouse, type TestHouse } from '../support/house.ts'
import { openShop } from '../support/shop.ts'
import { newClientId, session, VisitorSocket } from '../support/visitor-client.ts'
import { eventually } from '../support/waiting.ts'
import { corpus, shortCorpus } from './corpus.ts'

// The policy is off: what keeps a text from running must be that it is text.
setDefaultTimeout(60_000)

let house: TestHouse
let site: SiteRow
let browser: Browser
let anna: AgentActor & { email: string }
/** What ran that must not. */
let fired: string[] = []

const everything = corpus.join(' ')
const agentName = `<img src=x onerror=pwned(51)> "'Anna`
const agentEmail = "x'/onfocus='pwned`52`'/autofocus='@shop.test"

beforeAll(async () => {
  house = await openHouse({ 'no-limits': true })
  site = await write((tx) =>
    createSite(tx, {
      name: everything,
      greeting: everything,
      domains: ["'><img/src=x/onerror=pwned(50)>", 'localhost'],
    }),
  )
  const { id } = await createAgent({ email: agentEmail, name: agentName, role: 'owner', password })
  anna = { kind: 'agent', agentId: id, name: agentName, email: agentEmail }
  browser = await openPages()
})
afterAll(async () => {
  await browser.close()
  await house.close()
})

/** A page whose `pwned` tells, and on which a request for what only a payload names is told too. */
async function watchedPage(): Promise<Page> {
  const context = await browser.newContext({ bypassCSP: true, locale: 'en-GB' })
  await context.exposeFunction('pwned', (what: unknown) => void fired.push(`ran ${String(what)}`))
  const page = await context.newPage()
  page.setDefaultTimeout(15_000)
  page.on('request', (request) => {
    const { pathname, hostname } = new URL(request.url())
    if (pathname === '/pwned' || hostname.endsWith('evil.example')) fired.push(`asked for ${request.url()}`)
  })
  page.on('dialog', (dialog) => void dialog.dismiss().then(() => fired.push('opened a dialog')))
  fired = []
  return page
}

/** Touches everything as a mouse and a keyboard would, and gives back what the links of the page lead to. */
const touchEverything = () => {
  for (const element of document.querySelectorAll<HTMLElement>('body *')) {
    for (const type of ['mouseover', 'mouseenter', 'focus', 'load'])
      element.dispatchEvent(new Event(type, { bubbles: true }))
  }
  const links = [...document.querySelectorAll<HTMLAnchorElement>('a[href]')].map((link) => link.protocol)
  const strangers = document.querySelectorAll(
    'body :is(iframe:not([src*="/widget/frame"], [src="/settings/preview"]), object, embed, base, meta, style, link, math, noscript, svg[onload], img[src="x"], script, form[action="/pwned"], [onerror], [onload], [onfocus], [onmouseover], [hx-get="/pwned"], [data-hx-get], b)',
  )
  return {
    links: [...new Set(links)].toSorted(),
    strangers: [...strangers].map((one) => one.outerHTML.slice(0, 200)),
    title: document.title,
  }
}

async function look(page: Page): Promise<void> {
  await page.waitForTimeout(100)
  const { links, strangers } = await page.evaluate(touchEverything)
  expect(links.filter((protocol) => !['http:', 'https:', 'mailto:', 'tel:'].includes(protocol))).toEqual([])
  expect(strangers).toEqual([])
  await page.waitForTimeout(50)
  expect(fired).toEqual([])
}

async function isCalled(conversationId: string, name: string): Promise<void> {
  const visitorId = (await findConversation(conversationId))?.visitorId ?? ''
  await write(async (tx) => knowVisitor(tx, visitorId, await keepContact(tx, { name })))
}

/** A browser that says nothing but what would run, were it taken for more than text. */
const hostileVisit = (text: string) => ({
  headers: { 'user-agent': text.replaceAll(/[^\x20-\x7e]/g, '').slice(0, 4000) },
  hello: {
    visit: {
      page: { url: `https://shop.example/?q=${text.slice(0, 500)}`, title: text },
      referrer: `https://search.example/?q=${text.slice(0, 500)}`,
      language: text,
      timeZone: text,
      attributes: Object.fromEntries(shortCorpus.slice(-12).map((one) => [one.slice(0, 40), text])),
    },
  },
})

async function noteOn(conversationId: string, body: string): Promise<void> {
  const visitorId = (await findConversation(conversationId))?.visitorId ?? ''
  await addNote(anna, { visitorId, contactId: null }, body)
}

async function signIn(page: Page): Promise<void> {
  await page.goto(`${house.url}/sign-in`)
  await page.getByLabel('E-mail').fill(anna.email)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL(/\/inbox/)
}

test('the sentinel fires where something does run', async () => {
  const page = await watchedPage()
  await page.goto(`${house.url}/sign-in`)
  await page.evaluate(() => document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=pwned(0)>'))
  await eventually(() => fired, ['ran 0'])
  expect((await page.evaluate(touchEverything)).strangers.length).toBe(1)
  await page.context().close()
})

test('what was typed into a form that is refused comes back as text', async () => {
  const page = await watchedPage()
  for (const value of corpus) {
    const body = new URLSearchParams({ email: value, password: value, next: value })
    const headers = { accept: 'text/html', origin: house.url, 'hx-current-url': value.replaceAll(/[^\x20-\x7e]/g, '') }
    const answer = await fetch(`${house.url}/sign-in`, { method: 'POST', body, headers })
    expect(answer.status).toBe(401)
    await page.setContent(
      (await answer.text()).replaceAll(/<(script|link|meta)[^>]*>/g, (tag) => (/"\/assets\//.test(tag) ? '' : tag)),
    )
    expect(await page.getByLabel('E-mail').inputValue()).toBe(value.replaceAll(/[\r\n]/g, ''))
    const { strangers } = await page.evaluate(touchEverything)
    expect(strangers).toEqual([])
  }
  await page.waitForTimeout(200)
  expect(fired).toEqual([])
  await page.context().close()
})

describe('without any policy to lean on', () => {
  test('a client of whom programs and colleagues have told is text in the card, its sheets and among those who are found', async () => {
    const page = await watchedPage()
    const { key } = await makeKey(anna, 'Program')
    const api = new ApiClient(house.url, key)
    const taken = async (path: string, body: object) => {
      const { status, json } = await api.put(path, body)
      expect([path, status, json.code]).toEqual([path, 201, undefined as never])
    }
    const lines = shortCorpus.map((one) => one.replaceAll(/\s+/g, ' ').trim())
    const short = lines.filter((one) => one.length <= 60)
    for (const [n, line] of short.entries()) await taken(`zones/${n}`, { name: line, districts: [line], note: line })
    await taken('contacts/hostile', {
      name: lines[0],
      addresses: lines.slice(0, 50).map((address, n) => ({
        ...{ externalId: address, address, note: address, zone: `${n % short.length}` },
        district: address.slice(0, 80),
      })),
    })
    for (const [n, line] of lines.entries()) {
      await taken(`orders/${n}`, {
        ...{ contact: 'hostile', number: line.slice(0, 40), status: line.slice(0, 60), note: line, currency: 'EUR' },
        ...{ sumMinor: 1, placedAt: '2026-01-31T18:00:00Z', address: lines[n % 50] },
        lines: [{ name: line, quantity: '1', unit: line.slice(0, 20), sumMinor: 1 }],
      })
      const type = line.slice(0, 60)
      await taken(`container-movements/${n}`, {
        contact: 'hostile',
        type,
        note: line,
        delivered: 1,
        at: '2026-01-31T18:00:00Z',
      })
    }
    const ack = await sendMessage(newVisitor(site.id), { clientId: newClientId(), body: 'It is me' })
    const visitorId = (await findConversation(ack.conversationId))?.visitorId ?? ''
    const [hostile] = await findPeople('hostile', 1)
    await linkVisitor(anna, visitorId, { contactId: hostile?.id ?? '' })
    await writeAddress(anna, hostile?.id ?? '', null, {
      address: lines[1],
      note: lines[2],
      district: lines[3]?.slice(0, 80),
    })
    await signIn(page)
    await page.goto(`${house.url}/c/${ack.conversationId}?more=1&history=1`)
    await page.locator('#card-orders li').first().waitFor()
    expect(await page.locator('#card-containers tfoot bdi').allTextContents()).toContain(lines[0]?.slice(0, 60) ?? '')
    await look(page)
    for (const what of ['addresses', 'orders', 'movements']) {
      await page.locator(`#card [data-sheet*="/${what}/"]:not([data-sheet$="/new"])`).last().dispatchEvent('click')
      await page.locator('dialog#sheet[open]').waitFor()
      await look(page)
      await page.keyboard.press('Escape')
      await page.locator('dialog#sheet').waitFor({ state: 'detached' })
    }
    await page.goto(`${house.url}/settings/zones`)
    await page.locator('#zone-rows li').first().waitFor()
    await look(page)
    const other = await sendMessage(newVisitor(site.id), { clientId: newClientId(), body: 'Me too' })
    await page.goto(`${house.url}/c/${other.conversationId}`)
    await page.locator('#card-link [data-sheet]').click()
    await page.locator('#link-query').fill('hostile')
    await page.locator('.people button').waitFor()
    await look(page)
    await page.context().close()
  })

  test('the console shows hostile words, pages, names and what is being typed as text, live and loaded', async () => {
    const page = await watchedPage()
    const { visitorToken: token } = await session(house.url, site.id)
    const boris = await VisitorSocket.connect(house.url, { token, ...hostileVisit(everything) })
    const say = (body: string) =>
      boris.send({
        clientId: newClientId(),
        body,
        page: { url: `https://shop.example/?q=${body}#${body}`, title: body },
      })
    const first = await say('hello')
    const conversationId = first.outcome === 'ok' ? first.conversationId : ''
    await isCalled(conversationId, everything)
    for (const body of shortCorpus) {
      const ack = await sendMessage(newVisitor(site.id), {
        clientId: newClientId(),
        body,
        page: { url: 'https://shop.example/', title: body },
      })
      await isCalled(ack.conversationId, body)
    }
    await signIn(page)
    const typing = await VisitorSocket.connect(house.url, { token: (await session(house.url, site.id)).visitorToken })
    for (const text of corpus) {
      typing.typing(text)
      await typing.ping()
    }
    await page.locator('#rows li.writing').waitFor()
    const named = await page.locator('#rows .who bdi').allTextContents()
    expect(named).toEqual(expect.arrayContaining([everything, ...shortCorpus]))
    await look(page)

    await page.goto(`${house.url}/c/${conversationId}?folder=waiting`)
    await page.locator('#messages li').first().waitFor()
    for (const body of corpus) {
      boris.typing(body)
      boris.say({ type: 'page', ...hostileVisit(body).hello.visit })
      await say(body)
      await noteOn(conversationId, body)
      await sendMessage(anna, { clientId: newClientId(), body, conversationId })
      const email = `${body.replaceAll(/[\s@<>()[\]\\,;:"\u202a-\u202e\u2066-\u2069]/gu, '').slice(0, 200)}@shop.example`
      const form = { name: body.slice(0, 100), email, phone: `1${body.slice(0, 39)}`, topic: body, consent: true }
      const filledIn = await boris.send({ clientId: newClientId(), kind: 'feedback', body, form })
      const given = await boris.send({ clientId: newClientId(), kind: 'email', body: email })
      expect([filledIn.outcome, given.outcome]).toEqual(['ok', 'ok'])
    }
    boris.typing(everything.slice(0, 8000))
    await page
      .locator('#messages li[data-from="agent"]')
      .nth(corpus.length - 1)
      .waitFor()
    const live = await page.locator('#messages li.message .face:not([data-is])').allTextContents()
    expect(live.filter((text) => corpus.includes(text)).length).toBe(2 * corpus.length)
    await page.locator('#card-more').click()
    await page
      .locator('#card .note')
      .nth(corpus.length - 1)
      .waitFor()
    expect(await page.locator('#card-attributes').innerText()).toContain('constructor')
    await isCalled(conversationId, corpus.toReversed().join(' '))
    await page.locator('#who', { hasText: corpus.at(-1) ?? '' }).waitFor()
    expect(await page.locator('#who').textContent()).toBe(corpus.toReversed().join(' '))
    await look(page)
    expect(await page.locator('#conversation').count()).toBe(1)

    await page.reload()
    await page.locator('#messages li').first().waitFor()
    await page.locator('#card-more').click()
    await page.locator('#card .note').first().waitFor()
    const loaded = await page.locator('#messages li.message .face:not([data-is])').allTextContents()
    expect(loaded.every((text) => text === 'hello' || corpus.includes(text) || text === everything)).toBe(true)
    await look(page)

    const owner = { agentId: anna.agentId, role: 'owner' } as const
    for (const text of shortCorpus.filter((one) => !/\{\{|\}\}/.test(one)))
      await createTemplate(owner, { name: text, text, shortcut: text.replaceAll(/\s/g, '').slice(0, 40) })
    await page.locator('#body').fill('/')
    await page.locator('#body').press('End')
    await page.locator('#templates-list [role="option"]').first().waitFor()
    await look(page)

    for (const path of [
      '/settings/templates',
      '/settings/sites',
      `/settings/sites/${site.id}`,
      `/settings/chat?site=${site.id}`,
      '/settings/changes?page=sites',
      `/settings/search?q=${encodeURIComponent(corpus[3] ?? '')}`,
      '/settings/installation',
      '/account',
      '/inbox?folder=active',
      '/inbox?folder=finished',
      `/c/${encodeURIComponent(corpus[3] ?? '')}`,
      `/sign-in?next=${encodeURIComponent(corpus[3] ?? '')}`,
    ]) {
      await page.goto(house.url + path)
      await look(page)
    }
    await page.goto(`${house.url}/account`)
    expect(await page.locator('main').innerText()).toContain(agentName)
    await Promise.all([boris.close(), typing.close(), page.context().close()])
  })

  test('what an agent types and sends stays text in their own window, before and after it is kept', async () => {
    const page = await watchedPage()
    const ack = await sendMessage(newVisitor(site.id), { clientId: newClientId(), body: 'hello' })
    await signIn(page)
    await page.goto(`${house.url}/c/${ack.conversationId}`)
    for (const body of corpus) {
      await page.locator('#body').fill(body)
      await page.locator('#body').press('Enter')
    }
    await page
      .locator('#messages li[data-from="agent"][data-seq]')
      .nth(corpus.length - 1)
      .waitFor()
    await look(page)
    await page.context().close()
  })

  test('the widget shows hostile words, names and greetings as text, live and loaded', async () => {
    const shop = openShop(house.url, site.id)
    const page = await watchedPage()
    await page.goto(`http://localhost:${shop.port}/?q=${encodeURIComponent(corpus[3] ?? '')}`)
    const widget = widgetOn(page)
    await widget.open()
    await widget.field.waitFor()
    for (const body of corpus) await widget.write(body)
    await widget.own
      .nth(corpus.length - 1)
      .getByText(kept)
      .waitFor()
    const conversationId = await newestConversation()
    for (const body of corpus) await sendMessage(anna, { clientId: newClientId(), body, conversationId })
    await widget.frame.locator('.say:not([data-from="me"]) .face').nth(corpus.length).waitFor()
    await lookInside(page)
    await page.reload()
    await widget.open()
    await widget.own.nth(corpus.length - 1).waitFor()
    await lookInside(page)
    const shown = await widget.own.locator('.face').allTextContents()
    for (const body of corpus) expect(shown.some((text) => text.includes(body))).toBe(true)
    await page.context().close()
    await shop.stop()
  })

  async function lookInside(page: Page): Promise<void> {
    const frame = await widgetOn(page).inside()
    await page.waitForTimeout(100)
    const { links, strangers } = await frame.evaluate(touchEverything)
    expect(links).toEqual(['https:', 'mailto:'])
    expect(strangers).toEqual([])
    const targets = await frame
      .locator('a[href]')
      .evaluateAll((all) => all.map((link) => `${link.getAttribute('target')} ${link.getAttribute('rel')}`))
    for (const target of targets) expect(target).toMatch(/_blank .*noopener/)
    await page.waitForTimeout(50)
    expect(fired).toEqual([])
  }
})

async function newestConversation(): Promise<string> {
  const rows = await listFolder({ folder: 'waiting', agentId: anna.agentId, limit: 200 })
  const mine = rows.filter(({ lastText }) => lastText?.startsWith('<kontuar-chat>'))
  return mine.toSorted((a, b) => b.createdAt - a.createdAt)[0]?.id ?? ''
}
