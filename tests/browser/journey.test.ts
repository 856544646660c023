import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { Database } from 'bun:sqlite'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ServerProcess } from '../crash/server-process.ts'
import type { FailPoint } from '../crash/server-settings.ts'
import { type Browser, errorsOf, kept, openPages, type Page, widgetOn } from '../support/chromium.ts'
import { freshFolder, builtProgram, startServing } from '../support/program.ts'
import { eventually } from '../support/waiting.ts'

// A visitor on the shop's page and an agent at the console, each in a browser of their own, and the whole house between.
setDefaultTimeout(60_000)

let browser: Browser
beforeAll(async () => {
  browser = await openPages()
})
afterAll(() => browser.close())

const password = 'correct horse battery'

async function newPage(): Promise<{ page: Page; errors: string[] }> {
  const page = await (await browser.newContext({ locale: 'en-GB' })).newPage()
  page.setDefaultTimeout(15_000)
  return { page, errors: errorsOf(page) }
}

/** Without what htmx says of a server that cannot be reached, which is no fault of the page. */
const faultsAmong = (errors: string[][]) =>
  errors.flat().filter((error) => !/^htmx: htmx:(error: Failed to fetch|ws:error)/.test(error))

/** What the console's log shows: who, and the words. */
const said = (page: Page) =>
  page
    .locator('#messages > li.message')
    .evaluateAll((rows) =>
      rows.map((row) => `${row.getAttribute('data-from')}: ${row.querySelector('.face')?.textContent}`),
    )

async function signIn(page: Page, base: string, email: string): Promise<void> {
  await page.goto(`${base}/sign-in`)
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL(/\/inbox/)
}

const reply = async (page: Page, text: string) => {
  await page.locator('#body').fill(text)
  await page.locator('#body').press('Enter')
}

test('a shop owner sets up by the one-time link, a visitor writes in the demo shop, and both talk', async () => {
  await using folder = await freshFolder()
  const house = await startServing(builtProgram, ['--data', folder.path, '--demo'])
  try {
    const owner = await newPage()
    const link = /http:\S+\/setup\?token=\S+/.exec(house.stdout)?.[0] ?? ''
    await owner.page.goto(link)
    await owner.page.getByLabel('Your name').fill('Clara')
    await owner.page.getByLabel('E-mail').fill('clara@shop.test')
    await owner.page.getByLabel('Password').fill(password)
    await owner.page.getByLabel(/shop/i).fill('Voda Severa')
    await owner.page.getByRole('button').last().click()
    await owner.page.waitForURL(/settings\/sites/)
    expect(await owner.page.locator('code').last().innerText()).toContain('/widget.js?site=')
    await owner.page.getByRole('link', { name: 'Conversations' }).click()
    await owner.page.waitForURL(/\/inbox/)
    expect(await owner.page.locator('#empty').innerText()).toContain('No one is waiting')

    const again = await newPage()
    await again.page.goto(link)
    expect(await again.page.getByRole('textbox').count()).toBe(0)

    const visitor = await newPage()
    await visitor.page.goto(`${house.url}/demo`)
    const widget = widgetOn(visitor.page)
    await widget.open()
    await widget.field.pressSequentially('Will you come bef')
    await owner.page.locator('#rows li.writing', { hasText: 'Will you come bef' }).waitFor()
    expect(bodiesIn(join(folder.path, 'kontuar.db'))).toEqual([])
    await widget.field.pressSequentially('ore two?')
    await widget.field.press('Enter')
    await widget.own.getByText('Delivered', { exact: true }).waitFor()

    const row = owner.page.locator('#rows li[data-conversation]')
    await row.waitFor()
    expect(await owner.page.locator('#rows li.writing').count()).toBe(0)
    await row.getByRole('button', { name: /Take/ }).click()
    await owner.page.locator('#messages > li.message').nth(1).waitFor()
    expect(await said(owner.page)).toEqual([
      'system: Hello! Ask about an order, move a delivery or return empties. We answer from 8:00 to 21:00.',
      'visitor: Will you come before two?',
    ])
    await widget.own.getByText('Seen', { exact: true }).waitFor()

    await widget.field.pressSequentially('And the emp')
    await owner.page.locator('#preview .words', { hasText: 'And the emp' }).waitFor()
    await owner.page.locator('#body').pressSequentially('Yes')
    await widget.frame.getByText('is typing').first().waitFor()
    await reply(owner.page, 'Yes, between 12 and 14.')
    await widget.theirs.getByText('Yes, between 12 and 14.').waitFor()
    await widget.field.pressSequentially('ties?')
    await widget.field.press('Enter')
    await owner.page.locator('#messages').getByText('And the empties?').waitFor()
    await owner.page.locator('#preview').waitFor({ state: 'hidden' })
    await owner.page.locator('#messages [data-from="agent"] [data-is="seen"]').waitFor()

    await owner.page.getByRole('button', { name: 'Finish' }).click()
    await owner.page.locator('#messages [data-event="finished"]').waitFor()
    await widget.log.getByText(/finished|closed/i).waitFor()
    await widget.write('One more thing')
    await owner.page.locator('#messages').getByText('One more thing').waitFor()
    await owner.page.goto(`${house.url}/inbox?folder=waiting`)
    await owner.page.locator('#rows li[data-conversation]').waitFor()
    expect([...owner.errors, ...visitor.errors, ...again.errors]).toEqual([])
  } finally {
    await house.end('SIGTERM')
  }
})

describe('with a shop that is open', () => {
  let folder: string
  let server: ServerProcess
  let port = 0
  let base: string

  /** With a fail point the server kills itself there, once this text is on disk. */
  const start = (failPoint: FailPoint | null = null, keptFirst = '') =>
    server.start({
      flags: { data: join(folder, 'data'), port: `${port}`, demo: true },
      sink: 'http://127.0.0.1:9/',
      agents: ['Anna', 'Dmitri'].map((name) => ({
        email: `${name.toLowerCase()}@shop.test`,
        name,
        role: 'agent' as const,
        password,
      })),
      failPoint,
      failAfter: 1,
      keptFirst,
    })

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kontuar-journey-'))
    server = new ServerProcess(join(folder, 'server.log'))
    port = (await start())!.port
    base = `http://127.0.0.1:${port}`
  })
  afterAll(async () => {
    await server.kill()
    await rm(folder, { recursive: true })
  })

  /** A visitor and Anna in one conversation, both looking at it. */
  async function inTouch(): Promise<{
    visitor: Page
    anna: Page
    widget: ReturnType<typeof widgetOn>
    errors: string[][]
  }> {
    const [visitor, anna] = [await newPage(), await newPage()]
    const widget = widgetOn(visitor.page)
    const greeting = `hello ${crypto.randomUUID()}`
    await visitor.page.goto(`${base}/demo`)
    await widget.open()
    await widget.write(greeting)
    await signIn(anna.page, base, 'anna@shop.test')
    await anna.page.locator('#rows li[data-conversation]', { hasText: greeting }).getByRole('link').click()
    await anna.page.getByRole('button', { name: 'Take', exact: true }).click()
    await anna.page.locator('#messages [data-event="taken"]').waitFor()
    return { visitor: visitor.page, anna: anna.page, widget, errors: [visitor.errors, anna.errors] }
  }

  test('a server that is killed between the commit and the ack loses nothing, doubles nothing, and both pages heal', async () => {
    const { anna, widget, errors } = await inTouch()
    await server.kill()
    await start('before-ack', 'Is the driver on his way?')
    await anna.locator('#reconnecting').waitFor({ state: 'hidden' })
    await widget.write('First of all')
    await anna.locator('#messages').getByText('First of all').waitFor()
    await widget.own.last().getByText('Seen', { exact: true }).waitFor()
    const dead = server.exited
    await widget.write('Is the driver on his way?')
    await dead
    // Kept, and nobody was told: the widget still shows it as on its way.
    expect(bodiesIn(join(folder, 'data/kontuar.db')).at(-1)).toBe('Is the driver on his way?')
    expect(await widget.own.last().getByText(kept).count()).toBe(0)
    await reply(anna, 'Yes, he left at ten.')
    await start()
    await widget.theirs.getByText('Yes, he left at ten.').waitFor()
    await anna.locator('#messages').getByText('Is the driver on his way?').waitFor()
    await widget.own.last().getByText(kept).waitFor()
    await widget.write('Thank you')
    await anna.locator('#messages').getByText('Thank you').waitFor()
    const shown = (await said(anna)).filter((line) => !line.includes('ello'))
    expect(shown.toSorted()).toEqual([
      'agent: Yes, he left at ten.',
      'visitor: First of all',
      'visitor: Is the driver on his way?',
      'visitor: Thank you',
    ])
    expect(await widget.own.count()).toBe(4)
    expect(await anna.locator('#messages [data-state="pending"]').count()).toBe(0)
    expect(faultsAmong(errors)).toEqual([])
  })

  test('both may go offline and write; once back, everything is there once and in order', async () => {
    const { visitor, anna, widget, errors } = await inTouch()
    await visitor.context().setOffline(true)
    await anna.context().setOffline(true)
    for (const word of ['one', 'two', 'three']) await widget.write(word)
    await reply(anna, 'first answer')
    await reply(anna, 'second answer')
    await anna.locator('#messages [data-state]').nth(1).waitFor()
    expect(await anna.locator('#messages').getByText('two').count()).toBe(0)
    await visitor.context().setOffline(false)
    await anna.context().setOffline(false)
    await anna.locator('#messages').getByText('three').waitFor()
    await widget.theirs.getByText('second answer').waitFor()
    await anna.locator('#messages [data-state]').first().waitFor({ state: 'detached' })
    const shown = await said(anna)
    expect(shown.filter((line) => line.startsWith('visitor')).slice(1)).toEqual([
      'visitor: one',
      'visitor: two',
      'visitor: three',
    ])
    expect(shown.filter((line) => line.startsWith('agent'))).toEqual(['agent: first answer', 'agent: second answer'])
    expect(faultsAmong(errors)).toEqual([])
  })

  test('two agents press Take at once: one has it, the other reads by whom', async () => {
    const visitor = await newPage()
    const widget = widgetOn(visitor.page)
    await visitor.page.goto(`${base}/demo`)
    await widget.open()
    await widget.write('Who is there?')
    const agents = await Promise.all([newPage(), newPage()])
    await signIn(agents[0]!.page, base, 'anna@shop.test')
    await signIn(agents[1]!.page, base, 'dmitri@shop.test')
    for (const { page } of agents)
      await page.locator('#rows li', { hasText: 'Who is there?' }).getByRole('link').click()
    // Both have pressed before either request goes out.
    const pressed = Promise.withResolvers<void>()
    let presses = 0
    for (const { page } of agents) {
      await page.route('**/take', async (route) => {
        if (++presses === agents.length) pressed.resolve()
        await pressed.promise
        await route.continue()
      })
      await page.getByRole('button', { name: 'Take', exact: true }).click()
    }
    const told = (page: Page) =>
      page
        .locator('#notice')
        .getByText(/Anna|Dmitri/)
        .waitFor()
        .then(() => page)
    const other = await Promise.race(agents.map(({ page }) => told(page)))
    const name = other === agents[0]!.page ? 'Dmitri' : 'Anna'
    expect(await other.locator('#notice').innerText()).toContain(name)
    await eventually(() => other.locator('#messages [data-event="taken"]').count(), 1)
  })

  test('an agent’s typed text survives a reload and a switch of conversation', async () => {
    const { anna } = await inTouch()
    const here = anna.url()
    await anna.locator('#body').fill('half an answ')
    await anna.reload()
    expect(await anna.locator('#body').inputValue()).toBe('half an answ')
    await anna.goto(`${base}/inbox?folder=waiting`)
    await anna.goto(here)
    expect(await anna.locator('#body').inputValue()).toBe('half an answ')
  })
})

/** What the database holds, read beside the server. */
function bodiesIn(file: string): string[] {
  const database = new Database(file, { readonly: true })
  const rows = database.query<{ body: string }, []>('SELECT body FROM messages ORDER BY at, conversation_id, seq').all()
  database.close()
  return rows.map((row) => row.body)
}
