import { afterAll, beforeAll, beforeEach, expect, setDefaultTimeout, test } from 'bun:test'
import { keepContact } from '../../src/features/contacts/index.ts'
import { findConversation } from '../../src/features/conversations/index.ts'
import { createTemplate, listTemplates, removeTemplate } from '../../src/features/templates/index.ts'
import { knowVisitor } from '../../src/features/visitors/index.ts'
import { write } from '../../src/platform/db/write.ts'
import { formatPosition } from '../../views/templates/position.ts'
import { atConsole, type Boris, visitorWrites } from '../inbox/stage.ts'
import { faults } from '../support/axe.ts'
import type { AgentClient } from '../support/agent-client.ts'
import { type Browser, errorsOf, openPages, type Page } from '../support/chromium.ts'
import { openHouse, type TestHouse } from '../support/house.ts'
import { eventually } from '../support/waiting.ts'

// Clara in her cabinet, Anna at her console and Boris who waits, in a real browser: what is written here is offered there.
setDefaultTimeout(60_000)

const desk = { viewport: { width: 1440, height: 900 } }
const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 1 }
type Options = NonNullable<Parameters<Browser['newContext']>[0]>

let house: TestHouse
let browser: Browser
let clara: AgentClient
let anna: AgentClient
let admin: { agentId: string; role: 'admin' }
let boris: Boris

beforeAll(async () => {
  house = await openHouse({ 'no-limits': true })
  clara = await atConsole(house, 'Clara', 'admin')
  anna = await atConsole(house, 'Anna')
  admin = { agentId: String((await clara.get('/session', 'application/json')).json.agentId), role: 'admin' }
  boris = await visitorWrites(house, 'Do you deliver today?')
  const visitorId = (await findConversation(boris.conversationId))?.visitorId ?? ''
  await write(async (tx) => knowVisitor(tx, visitorId, await keepContact(tx, { name: 'Boris' })))
  browser = await openPages()
})
afterAll(async () => {
  await browser.close()
  await house.close()
})
beforeEach(async () => {
  for (const { id } of await listTemplates()) await removeTemplate(admin, id, true)
})

type Window = AsyncDisposable & { page: Page; errors: string[] }

async function windowOf(agent: AgentClient, path: string, options: Options = desk): Promise<Window> {
  const context = await browser.newContext({ locale: 'en-GB', ...options })
  await context.addCookies([...agent.cookies].map(([name, value]) => ({ name, value, url: house.url })))
  const page = await context.newPage()
  page.setDefaultTimeout(15_000)
  const errors = errorsOf(page)
  await page.goto(house.url + path)
  return { page, errors, [Symbol.asyncDispose]: () => context.close() }
}

const cabinet = (options?: Options) => windowOf(clara, '/settings/templates', options)
const talk = (options?: Options) => windowOf(anna, `/c/${boris.conversationId}`, options)
const make = (name: string, position: string, text = `${name}.`) => createTemplate(admin, { name, text, position })
async function makeThree(): Promise<void> {
  await make('One', '1')
  await make('Two', '2')
  await make('Three', '3')
}
const gripOf = (page: Page, name: string) => page.getByRole('button', { name: `Move “${name}”` })
const order = async () => (await listTemplates()).map(({ name, position }) => `${formatPosition(position)} ${name}`)
const offered = (page: Page) => page.locator('#templates-list [role="option"] .name')
const box = (page: Page) => page.locator('#body')

test('a template is made, offered in an open console at once, hidden there, gone and brought back', async () => {
  await using there = await talk()
  await using here = await cabinet()
  const [page, console] = [here.page, there.page]
  await box(console).pressSequentially('/')
  await console.getByText('No template is offered on this site yet.').waitFor()

  await page.getByLabel('Name', { exact: true }).fill('Delivery today')
  await page.getByLabel('Text', { exact: true }).fill('Yes, {{contact.nmae|there}}, before ten.')
  await page.getByRole('button', { name: 'Create template' }).click()
  await page.getByText('There is no {{contact.nmae|there}}. Did you mean {{contact.name}}?').waitFor()
  await page.getByLabel('Text', { exact: true }).fill('Yes, ')
  await page.getByRole('button', { name: 'contact.name' }).click()
  await page.getByLabel('Text', { exact: true }).pressSequentially(', before ten.')
  await page.getByRole('button', { name: 'Create template' }).click()
  await page.getByText('Created “Delivery today”. Open consoles offer it now.').waitFor()
  expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('')
  await offered(console).getByText('Delivery today').waitFor()
  expect(await console.locator('#templates .shown p').innerText()).toBe('Yes, Boris, before ten.')

  const visible = page.getByRole('switch', { name: 'Offer “Delivery today” to agents' })
  await visible.click()
  await console.getByText('No template is offered on this site yet.').waitFor()
  await visible.click()
  await offered(console).getByText('Delivery today').waitFor()
  await page.getByRole('button', { name: 'Delete “Delivery today”' }).click()
  await console.getByText('No template is offered on this site yet.').waitFor()
  await page.getByText('No templates yet').waitFor()
  await page.getByRole('button', { name: 'Undo' }).last().click()
  await offered(console).getByText('Delivery today').waitFor()

  await page.getByRole('button', { name: 'Edit “Delivery today”' }).click()
  await page.getByRole('heading', { name: 'Edit the template' }).waitFor()
  await page.getByLabel('Name', { exact: true }).fill('Delivery tonight')
  page.once('dialog', (dialog) => void dialog.dismiss())
  await page.getByRole('button', { name: 'Edit “Delivery today”' }).click()
  expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('Delivery tonight')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await offered(console).getByText('Delivery tonight').waitFor()

  await console.keyboard.press('Enter')
  expect(await box(console).inputValue()).toBe('Yes, Boris, before ten.')
  await console.keyboard.press('Enter')
  await console.locator('#messages li[data-from="agent"][data-seq]').getByText('Yes, Boris, before ten.').waitFor()
  await eventually(
    async () => (await clara.get('/settings/templates')).text.includes('<td class="opt num">1</td>'),
    true,
  )
  expect([here.errors, there.errors]).toEqual([[], []])
})

test('a row is dragged by mouse and moved by keys, and gets a decimal between its neighbours', async () => {
  await makeThree()
  await make('Four', '3')
  await using here = await cabinet()
  const { page } = here
  const middle = async (name: string) => {
    const box = await gripOf(page, name).boundingBox()
    return { x: (box?.x ?? 0) + (box?.width ?? 0) / 2, y: (box?.y ?? 0) + (box?.height ?? 0) / 2 }
  }
  const shown = () => page.locator('#template-rows .name .cut:first-child').allInnerTexts()
  expect(await shown()).toEqual(['One', 'Two', 'Four', 'Three'])

  const [from, to] = [await middle('Three'), await middle('Two')]
  await page.mouse.move(from.x, from.y)
  await page.mouse.down()
  await page.mouse.move(to.x, to.y - 4, { steps: 8 })
  expect(await shown()).toEqual(['One', 'Three', 'Two', 'Four'])
  await page.mouse.up()
  await eventually(order, ['1 One', '1.5 Three', '2 Two', '3 Four'])
  await eventually(() => page.getByLabel('Position of Three').inputValue(), '1.5')

  await gripOf(page, 'Four').focus()
  await page.keyboard.press('ArrowUp')
  await eventually(order, ['1 One', '1.5 Three', '1.7 Four', '2 Two'])
  await page.getByText('Four now has position 1.7').waitFor({ state: 'attached' })
  await eventually(() => page.evaluate(() => document.activeElement?.getAttribute('aria-label')), 'Move “Four”')
  await page.keyboard.press('Home')
  await eventually(order, ['0.5 Four', '1 One', '1.5 Three', '2 Two'])

  const [start, end] = [await middle('Two'), await middle('One')]
  await page.mouse.move(start.x, start.y)
  await page.mouse.down()
  await page.mouse.move(end.x, end.y - 4, { steps: 4 })
  expect(await shown()).toEqual(['Four', 'Two', 'One', 'Three'])
  await page.keyboard.press('Escape')
  await page.mouse.up()
  expect(await shown()).toEqual(['Four', 'One', 'Three', 'Two'])
  expect(await order()).toEqual(['0.5 Four', '1 One', '1.5 Three', '2 Two'])

  await page.getByLabel('Position of Two').fill('1,25')
  await page.keyboard.press('Enter')
  await eventually(order, ['0.5 Four', '1 One', '1.25 Two', '1.5 Three'])
  expect(here.errors).toEqual([])
})

test('where a row stands now is said by the answer to its move, not by news that came before that', async () => {
  await makeThree()
  await using here = await cabinet()
  const { page } = here
  const mayGo = Promise.withResolvers<void>()
  await page.route('**/place', async (route) => {
    await mayGo.promise
    await route.continue()
  })
  await page.evaluate(() => {
    const said = document.querySelector('#moved')
    const note = () => said?.setAttribute('data-said', `${said.getAttribute('data-said') ?? ''}${said.textContent};`)
    if (said) new MutationObserver(note).observe(said, { childList: true })
  })
  await gripOf(page, 'Three').focus()
  await page.keyboard.press('ArrowUp')
  await make('Zero', '0.5')
  await page.getByText('Zero.').waitFor()
  mayGo.resolve()
  await page.getByText('Three now has position 1.5').waitFor({ state: 'attached' })
  expect(await page.locator('#moved').getAttribute('data-said')).toBe('Three now has position 1.5;')
  expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Move “Three”')
  expect(here.errors).toEqual([])
})

test('a row in hand is not put back by a list that was asked for before', async () => {
  await makeThree()
  await using here = await cabinet()
  const { page } = here
  await gripOf(page, 'Three').waitFor()
  const mayCome = Promise.withResolvers<void>()
  await page.route('**/settings/templates/list', async (route) => {
    await mayCome.promise
    await route.continue()
  })
  const asked = page.waitForRequest('**/settings/templates/list')
  await make('Four', '4')
  await asked
  const [from, to] = [await gripOf(page, 'Three').boundingBox(), await gripOf(page, 'One').boundingBox()]
  await page.mouse.move((from?.x ?? 0) + 10, (from?.y ?? 0) + 10)
  await page.mouse.down()
  await page.mouse.move((to?.x ?? 0) + 10, (to?.y ?? 0) + 2, { steps: 4 })
  const [answer] = await Promise.all([page.waitForResponse('**/settings/templates/list'), mayCome.resolve()])
  await answer.finished()
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn))))
  await page.mouse.up()
  await eventually(order, ['0.5 Three', '1 One', '2 Two', '4 Four'])
  await page.getByText('Four.').waitFor()
  expect(here.errors).toEqual([])
})

test('on a phone a finger drags a row, and a template is found and inserted at the cursor', async () => {
  await makeThree()
  {
    await using here = await cabinet(phone)
    const { page } = here
    await page.getByRole('link', { name: 'New template' }).tap()
    await eventually(() => page.evaluate(() => document.activeElement?.id), 'template-name')
    const touch = await page.context().newCDPSession(page)
    await gripOf(page, 'Three').scrollIntoViewIfNeeded()
    const at = async (name: string) => {
      const place = await gripOf(page, name).boundingBox()
      return { x: (place?.x ?? 0) + 10, y: (place?.y ?? 0) + (place?.height ?? 0) / 2 }
    }
    const [from, to] = [await at('Three'), await at('Two')]
    const finger = (type: 'touchStart' | 'touchMove' | 'touchEnd', points: { x: number; y: number }[]) =>
      touch.send('Input.dispatchTouchEvent', { type, touchPoints: points })
    await finger('touchStart', [from])
    for (const part of [0.25, 0.5, 0.75, 1])
      await finger('touchMove', [{ x: from.x, y: from.y + (to.y - 4 - from.y) * part }])
    await finger('touchEnd', [])
    await eventually(order, ['1 One', '1.5 Three', '2 Two'])
    expect(here.errors).toEqual([])
  }
  await make('Greeting', '9', 'Hello {{contact.name|there}}, {{order.number}}')
  await using there = await talk(phone)
  const { page } = there
  await box(page).fill('Good day. Bye.')
  await box(page).evaluate((field: HTMLTextAreaElement) => field.setSelectionRange(9, 9))
  await page.getByRole('button', { name: 'Templates, or type /' }).tap()
  await page.getByRole('combobox', { name: 'Find a template' }).fill('gree')
  await eventually(() => offered(page).allInnerTexts(), ['Greeting'])
  await offered(page).tap()
  expect(await box(page).inputValue()).toBe('Good day. Hello Boris, {{order.number}} Bye.')
  expect(await page.evaluate(() => getSelection()?.toString())).toBe('{{order.number}}')
  await page.keyboard.type('your order is here.')
  await page.getByRole('button', { name: 'Send' }).tap()
  await page.locator('#messages').getByText('Good day. Hello Boris, your order is here. Bye.').waitFor()
  await box(page).fill('And {{order.number}}?')
  await page.getByRole('button', { name: 'Send' }).tap()
  await page.getByText('Nothing is known for {{order.number}}. Write it yourself, or leave it out.').waitFor()
  expect(there.errors).toEqual([])
})

test('a file is looked through, and taken in piece by piece', async () => {
  await make('Hello', '1', 'Old words.')
  await using here = await cabinet()
  const { page } = here
  const lines = Array.from({ length: 60 }, (_, n) => `T${n};Text ${n};${n + 2}`)
  const file = ['name;text;position', 'Hello;New words.;1', 'Bad;{{order.sum}};2', ...lines].join('\n')
  await page
    .locator('#templates-file')
    .setInputFiles({ name: 'a.csv', mimeType: 'text/csv', buffer: Buffer.from(file) })
  const dialog = page.getByRole('dialog')
  await dialog.getByText('New: 60. Changed: 1. The same already: 0.').waitFor()
  await dialog.getByText('Line 3: There is no {{order.sum}}.').waitFor()
  expect(await faults(page)).toEqual([])
  await dialog.getByRole('button', { name: 'Import 61 templates' }).click()
  await page.getByText('Imported. New: 60, changed: 1, the same already: 0.').waitFor()
  await page.getByText('Text 59').waitFor()
  expect((await listTemplates())[0]).toMatchObject({ name: 'Hello', text: 'New words.' })
  await page.locator('#templates-file').setInputFiles({ name: 'b.csv', mimeType: 'text/csv', buffer: Buffer.from('x') })
  await page.getByText('Its first line has to name the columns, among them name and text.').waitFor()
  expect(here.errors).toEqual([])
})

test.each(['light', 'dark'] as const)('axe finds nothing on the page and in the panel, %s', async (colorScheme) => {
  await make('Greeting', '1', 'Hello {{contact.name|there}}, {{order.number}}')
  await createTemplate(admin, { name: 'Hidden', text: 'Not offered.', visible: false, shortcut: 'no', locale: 'fr' })
  await using here = await cabinet({ ...desk, colorScheme })
  await here.page.getByLabel('Position of Greeting').fill('x')
  await here.page.keyboard.press('Enter')
  await here.page.getByText('A position is a number').waitFor()
  await here.page.getByRole('button', { name: 'Create template' }).click()
  await here.page.getByText('Write something first.').waitFor()
  expect(await faults(here.page)).toEqual([])
  await using there = await talk({ ...desk, colorScheme })
  await box(there.page).fill('')
  await box(there.page).pressSequentially('/')
  await offered(there.page).getByText('Greeting').waitFor()
  expect(await faults(there.page)).toEqual([])
  await there.page.keyboard.press('Escape')
  await there.page.keyboard.press('Control+/')
  await there.page.getByRole('combobox', { name: 'Find a template' }).waitFor()
  expect(await faults(there.page)).toEqual([])
})
