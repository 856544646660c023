import { afterAll, afterEach, beforeAll, beforeEach, expect, setDefaultTimeout, test } from 'bun:test'
import type { AgentActor } from '../../src/features/conversations/index.ts'
import { sendMessage } from '../../src/features/messages/index.ts'
import { listSites } from '../../src/features/sites/index.ts'
import { readVisitorToken } from '../../src/features/visitors/index.ts'
import { setGrace } from '../../src/features/visitors/who-is-here.ts'
import { faultsByDayAndNight } from '../support/axe.ts'
import { hire, newVisitor, password } from '../support/cast.ts'
import { type Browser, type BrowserContext, errorsOf, openPages, type Page, widgetOn } from '../support/chromium.ts'
import { openHouse, type TestHouse } from '../support/house.ts'
import { copyTo, mailThrough } from '../support/mail-house.ts'
import { MailServer } from '../support/smtp.ts'
import { letClockRun, pass, stopClock, ticking } from '../support/tick.ts'
import { conversationWith } from '../support/waiting.ts'

setDefaultTimeout(90_000)

let house: TestHouse
let browser: Browser
let anna: AgentActor
let server: MailServer
let contexts: BrowserContext[] = []
let errors: string[][] = []

beforeAll(async () => {
  setGrace(300)
  server = await MailServer.start()
  house = await openHouse({ demo: true, 'no-limits': true }, { extraFeatures: [ticking] })
  anna = await hire('Anna', 'owner')
  browser = await openPages()
})
afterAll(async () => {
  setGrace(5000)
  await browser.close()
  await house.close()
  await server.stop()
})
beforeEach(() => {
  contexts = []
  errors = []
})
afterEach(async () => {
  letClockRun()
  for (const context of contexts) await context.close()
  expect(errors.flat()).toEqual([])
})

async function newPage(): Promise<Page> {
  const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1440, height: 900 } })
  contexts.push(context)
  const page = await context.newPage()
  page.setDefaultTimeout(15_000)
  errors.push(errorsOf(page))
  return page
}

async function atConsole(path: string): Promise<Page> {
  const page = await newPage()
  await page.goto(`${house.url}/sign-in`)
  await page.getByLabel('E-mail').fill('anna@shop.test')
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL(/\/inbox/)
  await page.goto(house.url + path)
  return page
}

test('an admin sets mail up, tries it, sees what has not gone out, and tries that again', async () => {
  const page = await atConsole('/settings/mail')
  const fill = (label: string, value: string) => page.getByLabel(label, { exact: true }).fill(value)
  await fill('Host', 'no such host')
  await fill('Port', `${server.port}`)
  await page.getByRole('radio', { name: 'None' }).check()
  await fill('Name', 'Spring Water')
  await fill('Address', 'chat@shop.test')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText("Write the host's name or address").waitFor()
  expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('Spring Water')
  expect(await faultsByDayAndNight(page)).toEqual([])
  await fill('Host', '127.0.0.1')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Mail settings are saved').waitFor()
  await page.getByRole('button', { name: 'Send a test' }).click()
  await page.getByText('The server has taken the mail to anna@shop.test').waitFor()
  await page.getByText('250 2.0.0 Ok: queued as 4F2A').waitFor()

  await server.behave({ recipients: { '*': [550, '5.1.1 Unknown user'] } })
  await copyTo(house.site.id, { addresses: ['office@shop.test'] })
  await sendMessage(newVisitor(house.site.id), { clientId: 'one', body: 'hello' })
  await page.getByText('Given up after one try.').waitFor()
  await page.getByText('550 5.1.1 Unknown user').waitFor()
  expect(await faultsByDayAndNight(page)).toEqual([])
  await server.behave({})
  await page.getByRole('button', { name: 'Try all again' }).click()
  await page.getByText('Nothing waits: every mail has gone out.').waitFor()
  await copyTo(house.site.id, { addresses: ['office@shop.test'], on: false })
})

test('the box says where an answer goes once its reader has left, and the link in the mail opens the conversation elsewhere', async () => {
  await mailThrough(anna, server.port)
  const demo = (await listSites()).find((site) => site.demo)!
  const shop = await newPage()
  await shop.goto(`${house.url}/demo`)
  const widget = widgetOn(shop)
  await widget.open()
  await widget.write('Do you deliver today?')
  const token = await shop.waitForFunction((id) => localStorage.getItem(`kontuar:${id}:token`), demo.id)
  const boris = readVisitorToken(await token.jsonValue())
  // The token stands there before the message is kept.
  await conversationWith('Do you deliver today?', anna.agentId)
  const { conversationId } = await sendMessage(boris, { clientId: 'mine', body: 'boris@home.test', kind: 'email' })

  const page = await atConsole(`/c/${conversationId}`)
  const hint = page.locator('#reply-hint')
  expect(await hint.textContent()).toBe('')
  await page.locator('#body').fill('Until eight.')
  await shop.close()
  await hint.getByText('Left: the reply goes to boris@home.test').waitFor()
  // It changes under what is being written, and takes nothing of it.
  expect(await page.locator('#body').inputValue()).toBe('Until eight.')
  expect(await faultsByDayAndNight(page)).toEqual([])
  stopClock()
  await page.locator('#body').press('Enter')
  await page.locator('#messages [data-seq]').getByText('Until eight.').waitFor()
  server.forget()
  await pass(60_000)
  const [mail] = await server.mails(1)
  letClockRun()
  const link = /https:\/\/chat\.shop\.test(\/conversation\?site=\S+)/.exec(mail!.text ?? '')?.[1] ?? ''

  const elsewhere = await newPage()
  const asked: string[] = []
  elsewhere.on('request', (request) => asked.push(`${request.url()} ${request.headers().referer ?? ''}`))
  await elsewhere.goto(house.url + link)
  await widgetOn(elsewhere).theirs.getByText('Until eight.').waitFor()
  expect(new URL(elsewhere.url()).hash).toBe('')
  const secret = link.split('#')[1] ?? ''
  expect(secret.length).toBeGreaterThan(90)
  expect(asked.filter((line) => line.includes(secret))).toEqual([])
  await widgetOn(elsewhere).write('Thank you!')
  await page.locator('#messages').getByText('Thank you!').waitFor()
  // Loaded again, the window opens by the token that is kept; the link itself is spent for everybody else.
  await elsewhere.reload()
  await widgetOn(elsewhere).own.getByText('Thank you!').waitFor()
  await elsewhere.goto('about:blank')
  await elsewhere.goto(house.url + link)
  await widgetOn(elsewhere).own.getByText('Thank you!').waitFor()
  const late = await newPage()
  await late.goto(house.url + link)
  await late.getByText('This link has been used already').waitFor()
  expect(await faultsByDayAndNight(late)).toEqual([])
  await late.goto(`${house.url}/conversation?site=${demo.id}#m1.forged`)
  await late.reload()
  await late.getByText('not one of ours').waitFor()
})
