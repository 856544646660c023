import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { eq } from 'drizzle-orm'
import { contacts } from '../../src/features/contacts/index.ts'
import {
  type AgentActor,
  conversationsOf,
  findConversation,
  finishConversation,
  takeConversation,
} from '../../src/features/conversations/index.ts'
import { keepContact } from '../../src/features/contacts/index.ts'
import { findAck, listEntries, type NewMessage, publicPage, sendMessage } from '../../src/features/messages/index.ts'
import { createSite, type SiteRow } from '../../src/features/sites/index.ts'
import {
  contactsOf,
  keepVisitor,
  knowVisitor,
  standingOf,
  type VisitorActor,
} from '../../src/features/visitors/index.ts'
import { visitors } from '../../src/features/visitors/schema.ts'
import { db } from '../../src/platform/db/open.ts'
import { write } from '../../src/platform/db/write.ts'
import { hire, newVisitor } from '../support/cast.ts'
import { openHouse, type TestHouse } from '../support/house.ts'

let house: TestHouse
let site: SiteRow
let anna: AgentActor
let boris: VisitorActor

beforeAll(async () => {
  house = await openHouse()
  anna = await hire('Anna')
})
beforeEach(async () => {
  site = await write((tx) => createSite(tx, { name: 'Water', greeting: 'Hello' }))
  boris = newVisitor(site.id)
})
afterAll(() => house.close())

let made = 0
const text = (body: string): NewMessage => ({ clientId: `m${++made}`, body })
const filled = {
  name: 'Boris',
  email: 'Boris@mail.example',
  phone: '+48 600 100 200',
  topic: 'Delivery',
  consent: true,
}
const form = (change: object = {}): NewMessage => ({
  clientId: `m${++made}`,
  kind: 'feedback',
  body: 'No cap on the bottle.',
  form: { ...filled, ...change },
})
const email = (body: string): NewMessage => ({ clientId: `m${++made}`, kind: 'email', body })
const refusalOf = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: { code?: string; values?: { field?: string } }) => [error.code, ...Object.values(error.values ?? {})],
  )
const log = async (id: string) => (await listEntries(id, { limit: 100 })).map(({ kind, body }) => `${kind} ${body}`)
const contactOf = async ({ visitorId }: VisitorActor) => (await contactsOf([visitorId])).get(visitorId)

/** A visitor for whose contact the shop vouches. */
async function vouchFor(visitor: VisitorActor, known: { name?: string; email?: string }): Promise<void> {
  await write(async (tx) => {
    await keepVisitor(tx, visitor)
    const contact = await keepContact(tx, known)
    await tx.update(contacts).set({ verifiedAt: 1 }).where(eq(contacts.id, contact.id))
    await knowVisitor(tx, visitor.visitorId, contact)
    await tx.update(visitors).set({ verifiedAt: 1 }).where(eq(visitors.id, visitor.visitorId))
  })
}

describe('a feedback form', () => {
  test('opens a conversation in Waiting, without the greeting that nobody was shown', async () => {
    const page = { url: 'https://shop.example/water' }
    const ack = await sendMessage(boris, { ...form(), page })
    const [entry, ...more] = await listEntries(ack.conversationId, { limit: 10 })
    expect(more).toEqual([])
    const { consent: _, ...kept } = filled
    expect(entry).toMatchObject({ seq: 1, kind: 'feedback', body: 'No cap on the bottle.', data: { form: kept }, page })
    expect(entry).toMatchObject({ authorKind: 'visitor', authorId: boris.visitorId, public: true })
    expect(await findConversation(ack.conversationId)).toMatchObject({
      state: 'waiting',
      agentId: null,
      lastText: 'Delivery: No cap on the bottle.',
      lastAuthorKind: 'visitor',
    })
  })

  test('tells the agents who it is', async () => {
    await sendMessage(boris, form())
    expect(await contactOf(boris)).toMatchObject({
      name: 'Boris',
      email: 'Boris@mail.example',
      phone: '+48 600 100 200',
    })
    const [row] = await db
      .select()
      .from(contacts)
      .where(eq(contacts.id, (await contactOf(boris))?.id ?? ''))
    expect(row).toMatchObject({ emailFolded: 'boris@mail.example', verifiedAt: null })
    expect(await standingOf(boris.visitorId)).toEqual({ verified: false, blocked: false, email: 'Boris@mail.example' })
  })

  test('comes into the conversation that there is, whoever has it', async () => {
    const { conversationId } = await sendMessage(boris, text('hello'))
    await takeConversation(anna, conversationId)
    expect((await sendMessage(boris, form())).conversationId).toBe(conversationId)
    expect(await findConversation(conversationId)).toMatchObject({ state: 'active', agentId: anna.agentId })
  })

  test('reopens one that is finished', async () => {
    const { conversationId } = await sendMessage(boris, text('hello'))
    await finishConversation(anna, conversationId)
    await sendMessage(boris, form())
    expect(await log(conversationId)).toEqual([
      'text Hello',
      'text hello',
      'event finished',
      'event reopened',
      'feedback No cap on the bottle.',
    ])
    expect(await findConversation(conversationId)).toMatchObject({ state: 'waiting' })
  })

  test('is kept once, also when both copies come at the same moment, and makes one contact', async () => {
    const message = form()
    const [one, two] = await Promise.all([sendMessage(boris, message), sendMessage(boris, message)])
    expect(one).toEqual(two)
    expect(await sendMessage(boris, { ...message, form: { ...filled, name: ' Boris ' } })).toEqual(one)
    expect(await findAck(boris, message)).toEqual(one)
    expect(await log(one.conversationId)).toEqual(['feedback No cap on the bottle.'])
    const name = (await contactOf(boris))?.name ?? ''
    expect(name).toBe('Boris')
  })

  test.each([{ name: 'Vera' }, { email: 'vera@mail.example' }, { phone: '' }, { topic: 'Prices' }])(
    'is another one with %j, and not taken under the same client id',
    async (change) => {
      const message = form()
      const { conversationId } = await sendMessage(boris, message)
      const other = { ...form(change), clientId: message.clientId }
      expect(await refusalOf(sendMessage(boris, other))).toEqual(['client_id_reused'])
      expect(await refusalOf(sendMessage(boris, { ...message, kind: 'text' }))).toEqual(['client_id_reused'])
      expect(await log(conversationId)).toHaveLength(1)
      expect(await contactOf(boris)).toMatchObject({ name: 'Boris', email: 'Boris@mail.example' })
    },
  )

  test('of two first ones at once neither opens a conversation of its own', async () => {
    const [one, two] = await Promise.all([sendMessage(boris, form()), sendMessage(boris, form({ topic: 'Prices' }))])
    expect(one.conversationId).toBe(two.conversationId)
    expect(await conversationsOf(boris.visitorId)).toHaveLength(1)
  })

  test.each<[string, unknown, string[]]>([
    ['no form', undefined, ['form_invalid', 'form']],
    ['a form that is a text', 'name=Boris', ['form_invalid', 'form']],
    ['no name', { ...filled, name: ' ' }, ['form_invalid', 'name']],
    ['a name of two lines that cannot be kept', { ...filled, name: 'a\0b' }, ['form_invalid', 'name']],
    ['a name that is no text', { ...filled, name: { first: 'Boris' } }, ['form_invalid', 'name']],
    ['a long name', { ...filled, name: 'x'.repeat(101) }, ['form_invalid', 'name']],
    ['neither e-mail nor phone', { ...filled, email: '', phone: null }, ['form_invalid', 'contact']],
    ['a phone without a digit', { ...filled, phone: 'call me' }, ['form_invalid', 'phone']],
    ['a long phone', { ...filled, phone: '1'.repeat(41) }, ['form_invalid', 'phone']],
    ['a long topic', { ...filled, topic: 'x'.repeat(201) }, ['form_invalid', 'topic']],
    ['a topic of half a pair', { ...filled, topic: '\ud83d' }, ['form_invalid', 'topic']],
    ['no consent', { ...filled, consent: 'true' }, ['form_invalid', 'consent']],
    ['an address that is none', { ...filled, email: 'boris' }, ['email_invalid']],
    ['an address of two', { ...filled, email: 'a@x.example, b@x.example' }, ['email_invalid']],
  ])('with %s is not taken, and nothing is kept', async (_, given, refused) => {
    expect(await refusalOf(sendMessage(boris, { ...form(), form: given }))).toEqual(refused)
    expect(await conversationsOf(boris.visitorId)).toEqual([])
    expect(await contactOf(boris)).toBeUndefined()
  })

  test('has a text like any message', async () => {
    expect(await refusalOf(sendMessage(boris, { ...form(), body: ' ' }))).toEqual(['text_missing'])
    expect((await refusalOf(sendMessage(boris, { ...form(), body: 'x'.repeat(8001) })))?.[0]).toBe('text_too_long')
  })

  test('may leave out what is not needed, and nothing else is kept of it', async () => {
    const bare = { name: ' Boris \n Kot ', phone: ' 600 ', topic: '', consent: true, role: 'owner', verified: true }
    const { conversationId } = await sendMessage(boris, { ...form(), form: bare })
    const [entry] = await listEntries(conversationId, { limit: 1 })
    expect(entry?.data).toEqual({ form: { name: 'Boris Kot', phone: '600', topic: '' } })
    expect((await findConversation(conversationId))?.lastText).toBe('No cap on the bottle.')
    expect(await standingOf(boris.visitorId)).toEqual({ verified: false, blocked: false, email: null })
  })

  test('is nothing that an agent can send', async () => {
    const { conversationId } = await sendMessage(boris, text('hello'))
    expect(await refusalOf(sendMessage(anna, { ...form(), conversationId }))).toEqual(['kind_unknown'])
    expect(await refusalOf(sendMessage(anna, { ...email('a@b.example'), conversationId }))).toEqual(['kind_unknown'])
  })

  test('counts in a page with what it holds', async () => {
    const topic = '🙂'.repeat(100)
    await sendMessage(boris, text('hello'))
    const all = Array.from({ length: 250 }, () => sendMessage(boris, { ...form({ topic }), body: 'x'.repeat(600) }))
    const [{ conversationId } = { conversationId: '' }] = await Promise.all(all)
    const page = await publicPage(conversationId, 0)
    expect(Buffer.byteLength(JSON.stringify(page.items.map(({ body, data }) => [body, data?.form])))).toBeLessThan(
      128 * 1024,
    )
    expect(page.items.length).toBeLessThan(150)
    expect(page.more).toBe(true)
  }, 120_000)
})

describe('an e-mail address', () => {
  test('becomes an event that the visitor sees too, and is who they are from then on', async () => {
    const { conversationId } = await sendMessage(boris, text('hello'))
    const message = email(' Boris@mail.example ')
    const ack = await sendMessage(boris, message)
    expect(await sendMessage(boris, message)).toEqual(ack)
    const [entry] = await listEntries(conversationId, { after: ack.seq - 1, limit: 5 })
    expect(entry).toMatchObject({
      kind: 'event',
      body: 'email_given',
      data: { email: 'Boris@mail.example' },
      public: true,
    })
    expect(await standingOf(boris.visitorId)).toMatchObject({ email: 'Boris@mail.example' })
    expect(await findConversation(conversationId)).toMatchObject({ lastText: 'hello', state: 'waiting' })
  })

  test('may be corrected: the last one counts, and the name stays', async () => {
    const { conversationId } = await sendMessage(boris, form())
    await sendMessage(boris, email('new@mail.example'))
    expect(await contactOf(boris)).toMatchObject({ name: 'Boris', email: 'new@mail.example' })
    expect(await log(conversationId)).toEqual(['feedback No cap on the bottle.', 'event email_given'])
  })

  test('does not reopen what is finished', async () => {
    const { conversationId } = await sendMessage(boris, text('hello'))
    await finishConversation(anna, conversationId)
    await sendMessage(boris, email('boris@mail.example'))
    expect(await findConversation(conversationId)).toMatchObject({ state: 'finished', waitingSince: null })
  })

  test('has nowhere to stand before there is a conversation', async () => {
    expect(await refusalOf(sendMessage(boris, email('boris@mail.example')))).toEqual(['conversation_unknown'])
    expect(await contactOf(boris)).toBeUndefined()
  })

  test.each(['', 'boris', 'boris@', '@mail.example', 'a b@mail.example', 'a@b@c', 'x\u202e@mail.example', 7, null])(
    'is refused when it is %j',
    async (body) => {
      await sendMessage(boris, text('hello'))
      expect(await refusalOf(sendMessage(boris, { clientId: `m${++made}`, kind: 'email', body }))).toEqual([
        'email_invalid',
      ])
    },
  )

  test('of somebody else makes nobody that somebody', async () => {
    const vera = newVisitor(site.id)
    await sendMessage(vera, form({ name: 'Vera', email: 'vera@mail.example' }))
    await sendMessage(boris, text('hello'))
    await sendMessage(boris, email('vera@mail.example'))
    expect((await contactOf(boris))?.id).not.toBe((await contactOf(vera))?.id)
    expect((await contactOf(boris))?.name).toBeNull()
  })
})

describe('for whom the shop vouches', () => {
  test('nobody’s word replaces the shop’s, and agents see what was said', async () => {
    await vouchFor(boris, { name: 'Boris Kot', email: 'kot@shop.example' })
    const { conversationId } = await sendMessage(boris, form())
    await sendMessage(boris, email('other@mail.example'))
    expect(await contactOf(boris)).toMatchObject({ name: 'Boris Kot', email: 'kot@shop.example' })
    const said = (await listEntries(conversationId, { limit: 10 })).map(({ data }) => data?.form?.email ?? data?.email)
    expect(said).toEqual(['Boris@mail.example', 'other@mail.example'])
    expect(await standingOf(boris.visitorId)).toEqual({ verified: true, blocked: false, email: 'kot@shop.example' })
  })

  test('what the shop did not know is filled in', async () => {
    await vouchFor(boris, { name: 'Boris Kot' })
    await sendMessage(boris, form())
    expect(await contactOf(boris)).toMatchObject({
      name: 'Boris Kot',
      email: 'Boris@mail.example',
      phone: '+48 600 100 200',
    })
  })
})
