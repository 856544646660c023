import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { eq } from 'drizzle-orm'
import { initials } from '../../views/ui/face.ts'
import { keepContact, type NewContact } from '../../src/features/contacts/index.ts'
import { findConversation } from '../../src/features/conversations/index.ts'
import { contactsOf, knowVisitor } from '../../src/features/visitors/index.ts'
import { visitors } from '../../src/features/visitors/schema.ts'
import { db } from '../../src/platform/db/open.ts'
import { write } from '../../src/platform/db/write.ts'
import { atConsole, visitorWrites } from '../inbox/stage.ts'
import type { AgentClient } from '../support/agent-client.ts'
import { openHouse, type TestHouse } from '../support/house.ts'

let house: TestHouse
let anna: AgentClient
let id: string

beforeAll(async () => {
  house = await openHouse({ 'no-limits': true })
  anna = await atConsole(house, 'Anna')
})
afterAll(() => house.close())
beforeEach(async () => {
  id = (await visitorWrites(house, 'Hello')).conversationId
})

const visitorOf = async (conversationId: string) => (await findConversation(conversationId))?.visitorId ?? ''

async function becomesKnown(conversationId: string, known: NewContact): Promise<void> {
  const visitorId = await visitorOf(conversationId)
  await write(async (tx) => knowVisitor(tx, visitorId, await keepContact(tx, known)))
}

const rowOf = (html: string, conversationId: string) =>
  new RegExp(`<li id="row-${conversationId}".*?</li>`, 's').exec(html)?.[0] ?? ''
const nameIn = (row: string) => /<span class="who cut"[^>]*><bdi>(.*?)<\/bdi>/.exec(row)?.[1]
const headIn = (html: string) => /<h1 class="cut" id="who">(.*?)<\/h1>/s.exec(html)?.[1]
const waiting = () => anna.get('/inbox/rows?folder=waiting&limit=200')

describe('a visitor who is known', () => {
  test.each([
    [{ name: 'Мария Соколова', email: 'm.sokolova@mail.example', phone: '+7 921 000-01-48' }, 'Мария Соколова'],
    [{ email: 'm.sokolova@mail.example', phone: '+7 921 000-01-48' }, 'm.sokolova@mail.example'],
    [{ phone: '+7 921 000-01-48' }, '+7 921 000-01-48'],
  ])('by %j is called %s, in the list and over the conversation', async (known, name) => {
    await becomesKnown(id, known)
    expect(nameIn(rowOf((await waiting()).text, id))).toBe(name)
    expect(headIn((await anna.get(`/c/${id}`)).text)).toBe(`<bdi title="${name}">${name}</bdi>`)
  })

  test('by a number of the shop alone, or by nobody, is called by a colour and a thing still', async () => {
    const stranger = await visitorWrites(house, 'Hello')
    await becomesKnown(id, { externalId: '4711' })
    const { text } = await waiting()
    expect(nameIn(rowOf(text, id))).toMatch(/^(Amber|Golden|Green|Turquoise|Azure|Blue|Violet|Pink) [A-Z][a-z]+$/)
    expect(nameIn(rowOf(text, stranger.conversationId))).toMatch(
      /^(Amber|Golden|Green|Turquoise|Azure|Blue|Violet|Pink) [A-Z][a-z]+$/,
    )
    expect(headIn((await anna.get(`/c/${stranger.conversationId}`)).text)).toMatch(/>[A-Z][a-z]+ [A-Z][a-z]+<\/bdi>$/)
  })

  test('lends the name to nobody else of the list', async () => {
    const other = await visitorWrites(house, 'Hello')
    await becomesKnown(id, { name: 'Zofia Lis' })
    const { text } = await waiting()
    expect(rowOf(text, id)).toContain('Zofia Lis')
    expect(rowOf(text, other.conversationId)).not.toContain('Zofia Lis')
  })
})

test('a list that was answered before a visitor became known is not the answer after its poke', async () => {
  const live = await anna.live()
  const asConsole = { accept: 'text/html', 'hx-request': 'true' }
  const list = async () =>
    (await anna.request('GET', '/inbox/rows?folder=waiting&limit=200', undefined, asConsole)).text
  expect(nameIn(rowOf(await list(), id))).toMatch(/^[A-Z][a-z]+ [A-Z][a-z]+$/)
  const poked = live.nextMessage((text) => text.includes('inbox-changed'))
  await becomesKnown(id, { name: 'Élodie Fournier' })
  await poked
  expect(nameIn(rowOf(await list(), id))).toBe('Élodie Fournier')
  await live.close()
})

test('a window that has the conversation open is poked, and gets the head of the page byte for byte', async () => {
  const other = await visitorWrites(house, 'Hello')
  const [here, there] = [await anna.live(), await anna.live()]
  here.watch(id)
  there.watch(other.conversationId)
  for (const live of [here, there]) await live.message((text) => text.includes('"watching"'))
  await becomesKnown(id, { name: 'Jan & Anna <Nowak>' })
  await here.message((text) => text.includes('conversation-changed'))
  const { text } = await anna.get(`/c/${id}/actions`)
  const pushed = /<hx-partial hx-target="[^"]*#who" hx-swap="innerHTML">(.*?)<\/hx-partial>/s.exec(text)?.[1]
  expect(pushed).toContain('Jan &amp; Anna &lt;Nowak')
  expect(headIn((await anna.get(`/c/${id}`)).text)).toBe(pushed ?? 'no head was pushed')
  await there.ping()
  expect(there.messages.some((message) => message.includes('conversation-changed'))).toBe(false)
  await Promise.all([here.close(), there.close()])
})

test('somebody of whom nothing is known is no contact', async () => {
  for (const known of [{}, { name: '', email: null }, { locale: 'ru' }]) {
    await expect(write((tx) => keepContact(tx, known))).rejects.toMatchObject({ code: 'bad_request' })
  }
})

test('addresses are kept as given, and folded to be compared by', async () => {
  const contact = await write((tx) => keepContact(tx, { email: ' M.Sokolova@Mail.example' }))
  expect(contact).toMatchObject({ email: ' M.Sokolova@Mail.example', emailFolded: 'm.sokolova@mail.example' })
})

test('who the visitors of a page are is asked once, through the primary keys', async () => {
  const other = await visitorWrites(house, 'Hello')
  const [known, unknown] = [await visitorOf(id), await visitorOf(other.conversationId)]
  await becomesKnown(id, { name: 'Jan Kot' })
  const found = await contactsOf([known, unknown, known])
  expect([...found.keys()]).toEqual([known])
  expect(found.get(known)?.name).toBe('Jan Kot')
  expect((await contactsOf([])).size).toBe(0)
  expect((await db.select().from(visitors).where(eq(visitors.id, unknown)))[0]?.contactId).toBeNull()
})

test.each([
  ['Мария Соколова', 'МС'],
  ['ООО «Ромашка», Игорь', 'ОР'],
  ['élodie', 'É'],
  ['Jean-Marc d’Arvor Petit', 'JD'],
  ['+7 921', ''],
  ['🙂', ''],
])('the initials of %s are %s', (name, letters) => {
  expect(initials(name)).toBe(letters)
})
