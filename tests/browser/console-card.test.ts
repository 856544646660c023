import { afterAll, afterEach, beforeAll, beforeEach, expect, setDefaultTimeout, test } from 'bun:test'
import { addNote } from '../../src/features/notes/index.ts'
import { editPerson } from '../../src/features/visitors/index.ts'
import { faults } from '../support/axe.ts'
import { AgentClient } from '../support/agent-client.ts'
import { hire, password } from '../support/cast.ts'
import { type Browser, type BrowserContext, errorsOf, openPages, type Page, widgetOn } from '../support/chromium.ts'
import { openHouse, type TestHouse } from '../support/house.ts'
import { keepPicture } from '../support/pictures.ts'
import { conversationWith } from '../support/waiting.ts'

// Two agents at their consoles and a visitor on the shop's page, each in a browser of their own.
setDefaultTimeout(90_000)

let house: TestHouse
let browser: Browser
let anna: Awaited<ReturnType<typeof hire>>
let pavel: Awaited<ReturnType<typeof hire>>
let contexts: BrowserContext[] = []
let errors: string[][] = []

beforeAll(async () => {
  house = await openHouse({ demo: true, 'no-limits': true })
  anna = await hire('Anna', 'owner')
  pavel = await hire('Pavel')
  browser = await openPages()
})
afterAll(async () => {
  await browser.close()
  await house.close()
})
beforeEach(() => {
  contexts = []
  errors = []
})
afterEach(async () => {
  for (const context of contexts) await context.close()
  expect(errors.flat()).toEqual([])
})

async function newPage(options: Parameters<Browser['newContext']>[0] = {}): Promise<Page> {
  const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1440, height: 900 }, ...options })
  contexts.push(context)
  const page = await context.newPage()
  page.setDefaultTimeout(15_000)
  errors.push(errorsOf(page))
  return page
}

let count = 0

/** A visitor who has written from the shop's page, and the window that they did it in. */
async function visitorWrites() {
  const page = await newPage()
  await page.goto(`${house.url}/demo`)
  const widget = widgetOn(page)
  const words = `Do you deliver? ${count++}`
  await widget.open()
  await widget.write(words)
  const { id, visitorId } = await conversationWith(words, anna.agentId)
  return { page, widget, id, visitorId }
}

/** An agent's console with a conversation open, live. */
async function consoleOf(
  agent: { email: string },
  id: string,
  options: Parameters<typeof newPage>[0] = {},
): Promise<Page> {
  const page = await newPage(options)
  const client = new AgentClient(house.url)
  await client.signIn(agent.email, password)
  await page.context().addCookies([...client.cookies].map(([name, value]) => ({ name, value, url: house.url })))
  const watching = page
    .waitForEvent('websocket')
    .then((socket) =>
      socket.waitForEvent('framereceived', { predicate: ({ payload }) => payload.toString().includes('"watching"') }),
    )
  await page.goto(`${house.url}/c/${id}?folder=waiting`)
  await watching
  return page
}

const fieldIn = (page: Page, field: string) => page.locator(`#card-${field} .input`)
const factIn = (page: Page, field: string) => page.locator(`#card-${field} .shown`)
const edit = async (page: Page, field: string) => {
  await page.locator(`#card-${field}`).hover()
  await page.locator(`#card-${field} [data-edit]`).click()
}
const focused = (page: Page) => page.evaluate(() => document.activeElement?.id || document.activeElement?.ariaLabel)

test('what one agent changes is with the other at once, and what the other is typing is left alone', async () => {
  const { id } = await visitorWrites()
  const [one, other] = [await consoleOf(anna, id), await consoleOf(pavel, id)]
  await edit(one, 'email')
  await one.keyboard.type('boris@mai')
  await edit(other, 'name')
  await other.keyboard.type('Boris Ivanov')
  await other.keyboard.press('Enter')
  await one.locator('#card-who', { hasText: 'Boris Ivanov' }).waitFor()
  await one.locator('#who', { hasText: 'Boris Ivanov' }).waitFor()
  await one.locator('#rows', { hasText: 'Boris Ivanov' }).waitFor()
  expect(await fieldIn(one, 'email').inputValue()).toBe('boris@mai')
  expect(await focused(one)).toBe('card-email-value')
  await one.keyboard.type('l.example')
  await one.keyboard.press('Enter')
  await other.locator('#card-email a[href="mailto:boris@mail.example"]').waitFor()
})

test('the second of two who change the same is told who was first, loses nothing, and may choose', async () => {
  const { id } = await visitorWrites()
  const [one, other] = [await consoleOf(anna, id), await consoleOf(pavel, id)]
  for (const page of [one, other]) await edit(page, 'name')
  await one.keyboard.type('Борис')
  await other.keyboard.type('Boris')
  await other.keyboard.press('Enter')
  await one.locator('#card-who', { hasText: 'Boris' }).waitFor()
  await one.keyboard.press('Enter')
  await one.locator('#card-name .error', { hasText: 'Pavel has changed it to “Boris”.' }).waitFor()
  expect(await fieldIn(one, 'name').inputValue()).toBe('Борис')
  // Going elsewhere is no choice.
  await one.locator('#body').focus()
  expect(await fieldIn(one, 'name').inputValue()).toBe('Борис')
  await other.locator('#card-who', { hasText: /^Boris$/ }).waitFor()
  await one.getByRole('button', { name: 'Save mine' }).click()
  await other.locator('#card-who', { hasText: 'Борис' }).waitFor()

  for (const page of [one, other]) await edit(page, 'phone')
  await one.keyboard.type('+48 600 100 200')
  await other.keyboard.type('+48 600 100 300')
  await other.keyboard.press('Enter')
  await factIn(other, 'phone').getByText('300').waitFor()
  await one.keyboard.press('Enter')
  await one.getByRole('button', { name: 'Keep theirs' }).click()
  await factIn(one, 'phone').getByText('+48 600 100 300').waitFor()
  await one.getByRole('button', { name: 'Who changed what' }).click()
  await one.locator('#card-history li', { hasText: 'Anna' }).waitFor()
  expect(await one.locator('#card-history li').allInnerTexts()).toMatchObject([
    expect.stringMatching(/Pavel: Phone[^]*\+48 600 100 300/),
    expect.stringMatching(/Anna: Name[^]*Boris[^]*Борис/),
    expect.stringMatching(/Pavel: Name[^]*Boris/),
  ])
})

test('everything about a field is done by keys: open, leave as it was, keep, mend, keep by going on', async () => {
  const { id } = await visitorWrites()
  const page = await consoleOf(anna, id)
  await page.locator('#stream').focus()
  await page.keyboard.press('e')
  expect(await focused(page)).toBe('card-name-value')
  await page.keyboard.type('Nobody')
  await page.keyboard.press('Escape')
  await fieldIn(page, 'name').waitFor({ state: 'hidden' })
  expect(await page.locator('#card-name .shown').innerText()).toContain('Add a name')
  await page.keyboard.press('Enter')
  expect(await fieldIn(page, 'name').inputValue()).toBe('')
  await page.keyboard.type('  Boris   Ivanov ')
  await page.keyboard.press('Enter')
  await factIn(page, 'name').getByText('Boris Ivanov', { exact: true }).waitFor()
  expect(await focused(page)).toBe('Edit the name')

  await edit(page, 'email')
  await page.keyboard.type('boris at mail')
  await page.keyboard.press('Enter')
  await page.locator('#card-email .error', { hasText: 'e-mail' }).waitFor()
  expect(await focused(page)).toBe('card-email-value')
  expect(await fieldIn(page, 'email').getAttribute('aria-invalid')).toBe('true')
  expect(await faults(page, { within: '#card' })).toEqual([])
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.type('boris@mail.example')
  // Going on keeps it.
  await page.locator('#body').focus()
  await factIn(page, 'email').getByText('boris@mail.example').waitFor()
  expect(await focused(page)).toBe('body')
})

test('whoever has gone on before the answer came stays where they are', async () => {
  const { id } = await visitorWrites()
  const page = await consoleOf(anna, id)
  const mayCome = Promise.withResolvers<void>()
  await page.route('**/contact/name', async (route) => {
    await mayCome.promise
    await route.continue()
  })
  await edit(page, 'name')
  await page.keyboard.type('Boris')
  await page.keyboard.press('Enter')
  await edit(page, 'phone')
  await page.keyboard.type('+48 600')
  mayCome.resolve()
  await page.locator('#card-who', { hasText: 'Boris' }).waitFor()
  await page.keyboard.type(' 100 200')
  expect(await fieldIn(page, 'phone').inputValue()).toBe('+48 600 100 200')
})

test('without a connection nothing that was typed is lost, and the card says that it is not kept', async () => {
  const { id } = await visitorWrites()
  const page = await consoleOf(anna, id)
  await edit(page, 'name')
  await page.keyboard.type('Boris')
  await page.context().setOffline(true)
  await page.keyboard.press('Enter')
  await page.locator('#card-name .error', { hasText: 'Not saved' }).waitFor()
  expect(await fieldIn(page, 'name').inputValue()).toBe('Boris')
  await page.context().setOffline(false)
  // What the page was told to ask for meanwhile did not come either.
  expect(
    errors
      .at(-1)
      ?.splice(0)
      .filter((error) => !error.includes('Failed to fetch')),
  ).toEqual([])
  await fieldIn(page, 'name').press('Enter')
  await factIn(page, 'name').getByText('Boris').waitFor()
})

test('where the visitor goes is shown at once, with what their browser is', async () => {
  const visitor = await visitorWrites()
  const page = await consoleOf(anna, visitor.id)
  const fact = (name: string) =>
    page
      .locator('#card .fact')
      .filter({ has: page.getByText(name, { exact: true }) })
      .locator('dd')
  expect(await fact('Browser').innerText()).toMatch(/^Chrom/)
  expect(await fact('Language').innerText()).toBe('British English')
  expect(await fact('Local time').innerText()).toMatch(/^\d\d:\d\d$/)
  await visitor.page.evaluate(() => {
    history.pushState(null, '', '/demo?cart')
    document.title = 'Your cart'
  })
  await fact('Now on').getByText('Your cart').waitFor()
  await visitor.page.evaluate("kontuar('setAttributes', { plan: 'gold' })")
  await page.locator('#card-attributes', { hasText: 'gold' }).waitFor()
  expect(await page.locator('#card-attributes').innerText()).toContain('not checked')
  expect(await page.locator('#card .presence').innerText()).toBe('Online')
  await visitor.page.close()
  await page.locator('#card .presence', { hasText: 'Not here' }).waitFor()
  expect(await fact('Last page').innerText()).toBe('Your cart')
})

test('a visitor is blocked from the menu and let in again by undo, and their window says so each time', async () => {
  const { id, widget } = await visitorWrites()
  const page = await consoleOf(anna, id)
  await page.getByRole('button', { name: 'More actions' }).click()
  await page.getByRole('menuitem', { name: 'Block this visitor' }).click()
  await widget.frame.locator('.bar[data-is="blocked"]').waitFor()
  await page.locator('#card-blocked').waitFor()
  await page.locator('#toasts').getByRole('button', { name: 'Undo' }).click()
  await widget.frame.locator('.bar[data-is="blocked"]').waitFor({ state: 'detached' })
  await page.locator('#card-blocked').waitFor({ state: 'detached' })
  await widget.write('Thank you')
  await page.locator('#messages').getByText('Thank you').waitFor()
})

test('a note is written, changed, deleted and brought back, and the other agent sees each step', async () => {
  const { id, widget } = await visitorWrites()
  const [one, other] = [await consoleOf(anna, id), await consoleOf(pavel, id)]
  await one.locator('#stream').focus()
  const arrow = (page: Page) => page.locator('#card-more')
  expect(await one.locator('#card-notes').isVisible()).toBe(false)
  await one.keyboard.press('n')
  expect(await focused(one)).toBe('new-note')
  await one.locator('#card-more[aria-expanded="true"]').waitFor()
  expect(await focused(one)).toBe('new-note')
  await one.keyboard.type('Calls **half an hour**')
  await one.keyboard.press('Shift+Enter')
  await one.keyboard.type('before')
  await one.keyboard.press('Enter')
  // Who has not opened the arrow sees that there is one.
  const note = other.locator('#card-notes .note .words')
  await other.locator('#card-rest h3', { hasText: '1 note' }).waitFor()
  expect(await note.isVisible()).toBe(false)
  await arrow(other).click()
  await note.waitFor()
  expect(await note.innerText()).toBe('Calls half an hour\nbefore')
  expect(await note.locator('strong').innerText()).toBe('half an hour')
  await other.locator('#card-notes .note').hover()
  await other.getByRole('button', { name: 'Edit the note' }).click()
  await other.keyboard.press('ControlOrMeta+a')
  await other.keyboard.type('Calls never')
  await other.keyboard.press('Enter')
  await one.locator('#card-notes .note .words', { hasText: 'Calls never' }).waitFor()
  await one.locator('#card-notes .note').hover()
  await one.getByRole('button', { name: 'Delete the note' }).click()
  await other.locator('#card-notes .none').waitFor()
  await arrow(other).click()
  await note.waitFor({ state: 'hidden' })
  await other.locator('#card-more[aria-expanded="false"]').waitFor()
  await one.locator('#toasts').getByRole('button', { name: 'Undo' }).click()
  await other.locator('#card-rest h3', { hasText: '1 note' }).waitFor()
  await other.getByRole('button', { name: 'More actions' }).click()
  await other.getByRole('menuitem', { name: 'Write a note' }).click()
  await note.getByText('Calls never').waitFor()
  await other.locator('#card-more[aria-expanded="true"]').waitFor()
  expect(await focused(other)).toBe('new-note')
  expect(await widget.frame.locator('body').innerText()).not.toContain('Calls')
})

test('what is being written in the card outlives a look at another conversation and a reload, also when it was changed', async () => {
  const [first, second] = [await visitorWrites(), await visitorWrites()]
  const page = await consoleOf(anna, first.id)
  await page.locator('#stream').focus()
  await page.keyboard.press('n')
  await page.keyboard.type('Calls half an')
  await page.locator(`#row-${second.id} a.row`).click()
  await page.locator(`#card[data-conversation="${second.id}"]`).waitFor()
  expect(await page.locator('#new-note').isVisible()).toBe(false)
  await page.locator(`#row-${first.id} a.row`).click()
  await page.locator('#new-note').waitFor()
  expect(await page.locator('#new-note').inputValue()).toBe('Calls half an')
  await page.reload()
  await page.locator('#new-note').waitFor()
  await page.locator('#card-more[aria-expanded="true"]').waitFor()
  expect(await page.locator('#new-note').inputValue()).toBe('Calls half an')
  await page.locator('#new-note').press('Enter')
  await page.locator('#card-notes .note', { hasText: 'Calls half an' }).waitFor()

  await edit(page, 'name')
  await page.keyboard.type('Борис')
  await page.reload()
  await editPerson(pavel, first.visitorId, { field: 'name', value: 'Boris', was: null })
  await page.reload()
  await fieldIn(page, 'name').waitFor()
  await fieldIn(page, 'name').press('Enter')
  await page.locator('#card-name .error', { hasText: 'Pavel has changed it to “Boris”.' }).waitFor()
  await page.getByRole('button', { name: 'Keep theirs' }).click()
  await factIn(page, 'name').getByText('Boris').waitFor()
  await page.reload()
  await factIn(page, 'name').getByText('Boris').waitFor()
  expect(await fieldIn(page, 'name').isVisible()).toBe(false)
})

test('on a phone the card is the third screen, one tap from the conversation and back', async () => {
  const { id } = await visitorWrites()
  const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true }
  const page = await consoleOf(anna, id, phone)
  expect(await page.locator('#card').isVisible()).toBe(false)
  await page.getByRole('link', { name: 'Contact card' }).click()
  await page.locator('#card').waitFor()
  expect(page.url()).toContain('show=card')
  expect(await page.locator('#conversation').isVisible()).toBe(false)
  await page.locator('#card-name [data-edit]').click()
  await page.keyboard.type('Boris')
  await page.keyboard.press('Enter')
  await factIn(page, 'name').getByText('Boris').waitFor()
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
  await keepPicture(page, 'console-card-phone')
  await page.reload()
  await page.locator('#card').waitFor()
  await page.getByRole('link', { name: 'Back to the conversation' }).click()
  await page.locator('#conversation').waitFor()
  expect(await page.locator('#card').isVisible()).toBe(false)
  await page.goBack()
  await page.locator('#card').waitFor()
})

test.each(['light', 'dark'] as const)(
  'the card has no fault that axe knows, full and in every state, in the %s',
  async (colorScheme) => {
    const { id, visitorId, page: shop } = await visitorWrites()
    const long = 'Анатолий Константинопольский-Верхнеудинский, ООО «Ромашка», отдел закупок'
    const person = { field: 'name', value: long, was: null }
    const contact = await editPerson(anna, visitorId, person)
    await editPerson(pavel, visitorId, {
      field: 'email',
      value: `${'very.long.'.repeat(6)}address@mail.example`,
      was: null,
    })
    const about = { visitorId, contactId: contact?.id ?? '' }
    await addNote(pavel, about, 'Звонить за полчаса, шлагбаум **по пропуску**.\n- вода\n- тара')
    await addNote(anna, about, `${'word'.repeat(60)} https://shop.example/${'a'.repeat(200)}`)
    await shop.evaluate(
      "kontuar('setAttributes', { plan: 'gold', 'loyalty card': '4815162342'.repeat(8), club: true })",
    )
    const page = await consoleOf(anna, id, { colorScheme })
    await page.locator('#card-attributes').waitFor()
    await page.locator('#card-more').click()
    await page.locator('#card-notes .note').first().waitFor()
    await page.getByRole('button', { name: 'Who changed what' }).click()
    await page.locator('#card-history li').first().waitFor()
    await keepPicture(page, `console-card-${colorScheme}`)
    expect(await faults(page, { within: '#card' })).toEqual([])
    expect(await page.locator('#card').evaluate((card) => card.scrollWidth <= card.clientWidth)).toBe(true)
    await edit(page, 'phone')
    await page.keyboard.type('call me')
    await page.keyboard.press('Enter')
    await page.locator('#card-phone .error p').waitFor()
    await page.keyboard.press('Escape')
    await edit(page, 'phone')
    await page.keyboard.type('call me')
    await page.keyboard.press('Enter')
    await page.locator('#card-phone .error p').waitFor()
    await keepPicture(page, `console-card-refused-${colorScheme}`)
    expect(await faults(page, { within: '#card' })).toEqual([])
  },
)
