import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { eq } from 'drizzle-orm'
import { type AgentActor, conversations } from '../../src/features/conversations/index.ts'
import { sendMessage } from '../../src/features/messages/index.ts'
import { orders } from '../../src/features/orders/index.ts'
import { sites } from '../../src/features/sites/index.ts'
import { contactsOf, type VisitorActor } from '../../src/features/visitors/index.ts'
import { zones } from '../../src/features/zones/index.ts'
import { db } from '../../src/platform/db/open.ts'
import { write } from '../../src/platform/db/write.ts'
import { outbox } from '../../src/platform/jobs/schema.ts'
import { newId } from '../../src/platform/lib/id.ts'
import { on } from '../../src/platform/live/bus.ts'
import { shortCorpus } from '../attacks/corpus.ts'
import { hire, newVisitor } from '../support/cast.ts'
import { openHouse, type TestHouse } from '../support/house.ts'
import { copyTo, mailThrough, settled } from '../support/mail-house.ts'
import { until } from '../support/program.ts'
import { MailServer } from '../support/smtp.ts'
import { letClockRun, pass, stopClock, ticking } from '../support/tick.ts'
import { eventually } from '../support/waiting.ts'

setDefaultTimeout(30_000)

const [office, depot] = ['office@shop.test', 'depot@shop.test']
const minute = 60_000
const hour = 60 * minute

let house: TestHouse
let anna: AgentActor
let server: MailServer
let boris: VisitorActor

beforeAll(async () => {
  server = await MailServer.start()
  house = await openHouse({}, { extraFeatures: [ticking] })
  anna = await hire('Anna', 'owner')
  await mailThrough(anna, server.port)
})
afterAll(async () => {
  await house.close()
  await server.stop()
})
beforeEach(async () => {
  await server.behave({})
  await copyTo(house.site.id, { addresses: [office] })
  boris = newVisitor(house.site.id)
  server.forget()
})
afterEach(async () => {
  letClockRun()
  await write((tx) => tx.delete(outbox))
})

let made = 0
const say = (body: string) => ({ clientId: `m${++made}`, body })
const bodies = async (count: number) => (await server.mails(count)).map(({ text }) => text?.split('\n')[5])

describe('copies', () => {
  test('go to each address, each message in a mail of its own, in the order in which they were written', async () => {
    await copyTo(house.site.id, { addresses: [office, depot] })
    const { conversationId } = await sendMessage(boris, say('one'))
    await sendMessage(boris, say('two'))
    await sendMessage(anna, { ...say('three'), conversationId })
    await sendMessage(boris, say('four'))
    const mails = await server.mails(8)
    await settled()
    expect(server.letters).toHaveLength(8)
    for (const address of [office, depot]) {
      const theirs = mails.filter(({ envelope }) => envelope.to[0] === address)
      expect(theirs.map(({ text }) => text?.split('\n')[5])).toEqual(['one', 'two', 'three', 'four'])
      expect(theirs.every(({ to }) => to?.length === 1)).toBe(true)
    }
  })

  test('of one conversation are one thread, of another another', async () => {
    const { conversationId } = await sendMessage(boris, say('one'))
    await sendMessage(boris, say('two'))
    await sendMessage(boris, say('three'))
    await server.mails(3)
    await sendMessage(newVisitor(house.site.id), say('other'))
    const [first, second, third, other] = await server.mails(4)
    expect(first!.messageId).toBe(`<c.${conversationId}.1@shop.test>`)
    expect([first!.inReplyTo, first!.references]).toEqual([undefined, undefined])
    for (const later of [second!, third!])
      expect([later.inReplyTo, later.references]).toEqual([first!.messageId, first!.messageId])
    expect(new Set([first, second, third, other].map((mail) => mail!.messageId)).size).toBe(4)
    expect(other!.references).toBeUndefined()
    expect(new Set([first, second, third].map((mail) => mail!.subject)).size).toBe(1)
  })

  test('say who wrote on which site, from which zone and with which last order, and where to answer', async () => {
    const { conversationId } = await sendMessage(boris, {
      ...say('Where is my water?'),
      kind: 'feedback',
      form: { name: 'Борис Ключ', email: 'boris@home.test', topic: 'Доставка', consent: true },
    })
    await server.mails(1)
    const contactId = (await contactsOf([boris.visitorId])).get(boris.visitorId)!.id
    const [zoneId, at] = [newId(), Date.now()]
    await write(async (tx) => {
      const zone = { id: zoneId, name: 'North', districts: [], colour: 'blue', position: 1, days: [], createdAt: at }
      await tx.insert(zones).values({ ...zone, changedAt: at } as never)
      await tx.update(conversations).set({ zoneId }).where(eq(conversations.id, conversationId))
      const order = { id: newId(), contactId, number: '10482', numberFolded: '10482', placedAt: at, currency: 'RUB' }
      const state = { sumMinor: 100, status: 'On the way', statusColour: 'blue', lines: [] }
      await tx.insert(orders).values({ ...order, ...state, createdAt: at, changedAt: at })
    })
    await sendMessage(boris, say('Hello?'))
    const [form, mail] = await server.mails(2)
    expect(mail).toMatchObject({
      subject: 'Борис Ключ · Water',
      from: { name: 'Spring Water', address: 'chat@shop.test' },
    })
    expect(form!.text).toContain('Topic: Доставка')
    for (const said of [mail!.text, mail!.html]) {
      expect(said).toContain('North')
      expect(said).toContain('10482')
      expect(said).toContain('On the way')
      expect(said).toContain('boris@home.test')
      expect(said).toContain(`https://chat.shop.test/c/${conversationId}`)
      expect(said).toContain('Hello?')
    }
    const header = (key: string) => mail!.headers.find((one) => one.key === key)?.value
    expect(header('auto-submitted')).toBe('auto-generated')
    expect(header('x-auto-response-suppress')).toBe('All')
  })

  test.each([
    ['en', 'Open the conversation'],
    ['ru', 'Открыть диалог'],
    ['pl', 'Otwórz rozmowę'],
    ['fr', 'Ouvrir la conversation'],
  ])('are written in the language that was chosen for them: %s', async (locale, open) => {
    await mailThrough(anna, server.port, { locale })
    await sendMessage(newVisitor(house.site.id), say('hello'))
    const [mail] = await server.mails(1)
    expect(mail!.html).toContain(`<html lang="${locale}"`)
    for (const said of [mail!.text, mail!.html]) expect(said).toContain(open)
    await mailThrough(anna, server.port)
  })

  test('leave out what nobody asked for: answers, forms', async () => {
    await copyTo(house.site.id, { addresses: [office], withAnswers: false, withFeedback: false })
    const { conversationId } = await sendMessage(boris, say('one'))
    await sendMessage(anna, { ...say('answer'), conversationId })
    await sendMessage(boris, {
      ...say('form'),
      kind: 'feedback',
      form: { name: 'B', email: 'b@home.test', topic: '', consent: true },
    })
    await sendMessage(boris, say('two'))
    expect(await bodies(2)).toEqual(['one', 'two'])
    await settled()
    expect(server.letters).toHaveLength(2)
  })

  test('that wait stay unsent once copies are switched off, the address is gone or the site is out of use', async () => {
    const changes = [
      () => copyTo(house.site.id, { addresses: [office], on: false }),
      () => copyTo(house.site.id, { addresses: [depot] }),
      () => write((tx) => tx.update(sites).set({ deactivatedAt: 1 }).where(eq(sites.id, house.site.id))),
    ]
    for (const change of changes) {
      await copyTo(house.site.id, { addresses: [office] })
      await server.behave({ recipients: { '*': [451, 'later'] } })
      stopClock()
      await sendMessage(newVisitor(house.site.id), say('held'))
      await until(async () => ((await db.select().from(outbox))[0]?.attempts === 1 ? true : null))
      await server.behave({})
      await change()
      await pass(hour)
      await settled()
      expect((await db.select().from(outbox)).filter(({ job }) => job === 'mail.copy')).toMatchObject([
        { deadAt: null },
      ])
      letClockRun()
      await write((tx) => tx.delete(outbox))
    }
    await write((tx) => tx.update(sites).set({ deactivatedAt: null }).where(eq(sites.id, house.site.id)))
    expect(server.letters).toEqual([])
  })
})

describe('a digest', () => {
  test('loses nothing and repeats nothing when the shop wants each message instead before it is due', async () => {
    await copyTo(house.site.id, { addresses: [office], digestMinutes: 10 })
    stopClock()
    await sendMessage(boris, say('one'))
    await copyTo(house.site.id, { addresses: [office] })
    await sendMessage(boris, say('two'))
    await sendMessage(boris, say('three'))
    await pass(10 * minute)
    const [first, second] = await server.mails(2)
    await settled()
    expect(server.letters).toHaveLength(2)
    const wordsOf = (text = '') => ['one', 'two', 'three'].filter((word) => text.split('\n').includes(word))
    expect([wordsOf(first!.text), wordsOf(second!.text)]).toEqual([['one', 'two'], ['three']])
    expect(second!.inReplyTo).toBe(first!.messageId!)
  })

  test('is one mail of all that was written in its minutes, and the next one begins with what follows', async () => {
    await copyTo(house.site.id, { addresses: [office], digestMinutes: 10 })
    stopClock()
    const { conversationId } = await sendMessage(boris, say('one'))
    await sendMessage(anna, { ...say('two'), conversationId })
    await pass(9 * minute)
    await sendMessage(boris, say('three'))
    await settled()
    expect(server.letters).toEqual([])
    await pass(minute)
    const [digest] = await server.mails(1)
    await settled()
    expect(['one', 'two', 'three'].map((word) => digest!.text!.split('\n').includes(word))).toEqual([true, true, true])
    await sendMessage(boris, say('four'))
    await pass(10 * minute)
    const [, next] = await server.mails(2)
    await settled()
    expect(server.letters).toHaveLength(2)
    expect(next!.text).toContain('four')
    expect(next!.text).not.toContain('three')
    expect(next!.inReplyTo).toBe(digest!.messageId!)
  })

  test('does not come when copies were switched off meanwhile, and none of it comes later', async () => {
    await copyTo(house.site.id, { addresses: [office], digestMinutes: 10 })
    stopClock()
    await sendMessage(boris, say('unwanted'))
    await copyTo(house.site.id, { addresses: [office], digestMinutes: 10, on: false })
    await pass(10 * minute)
    await settled()
    await copyTo(house.site.id, { addresses: [office], digestMinutes: 10 })
    await sendMessage(boris, say('wanted'))
    await pass(10 * minute)
    const [mail] = await server.mails(1)
    expect(mail!.text).toContain('wanted')
    expect(mail!.text).not.toContain('unwanted')
  })
})

describe('a mail server that', () => {
  test('refuses one recipient for good does not keep the others from theirs, and it is told', async () => {
    const dead: string[] = []
    on('job.dead', ({ error }) => void dead.push(error))
    await copyTo(house.site.id, { addresses: [depot, office] })
    await server.behave({ recipients: { [depot]: [550, '5.1.1 User unknown'] } })
    await sendMessage(boris, say('one'))
    await sendMessage(boris, say('two'))
    const mails = await server.mails(2)
    await settled()
    expect(mails.map(({ envelope }) => envelope.to)).toEqual([[office], [office]])
    await eventually(() => dead, Array(2).fill('recipient_refused: 550 5.1.1 User unknown'))
    const gone = (await db.select().from(outbox)).filter(({ deadAt }) => deadAt !== null)
    expect(gone.map(({ attempts }) => attempts)).toEqual([1, 1])
  })

  test('asks to come again later gets it later, under the same Message-ID, and what follows waits behind it', async () => {
    await server.behave({ recipients: { '*': [451, '4.7.1 Greylisted'] } })
    stopClock()
    await sendMessage(boris, say('one'))
    await until(async () => ((await db.select().from(outbox))[0]?.attempts === 1 ? true : null))
    await server.behave({})
    await sendMessage(boris, say('two'))
    await settled()
    expect(server.letters).toEqual([])
    await pass(hour)
    expect(await bodies(2)).toEqual(['one', 'two'])
  })

  test('is lost before it answers gets the same mail again, under the same Message-ID', async () => {
    await server.behave({ loseAnswer: true })
    stopClock()
    await sendMessage(boris, say('one'))
    await until(async () => ((await db.select().from(outbox))[0]?.attempts === 1 ? true : null))
    await server.behave({})
    await pass(hour)
    const [first, again] = await server.mails(2)
    expect(again!.messageId).toBe(first!.messageId!)
    expect([again!.text, again!.html, again!.subject]).toEqual([first!.text, first!.html, first!.subject])
  })

  test('is down for a day gets all of it, once and in order, when it is back', async () => {
    await server.stop()
    stopClock()
    const { conversationId } = await sendMessage(boris, say('m1'))
    await sendMessage(boris, say('m2'))
    for (let hours = 0; hours < 24; hours++) {
      await pass(hour)
      await settled()
    }
    await sendMessage(anna, { ...say('m3'), conversationId })
    const waiting = (await db.select().from(outbox).orderBy(outbox.place)).filter(({ job }) => job === 'mail.copy')
    expect(waiting).toHaveLength(3)
    expect(waiting.map(({ deadAt, doneAt }) => deadAt ?? doneAt)).toEqual([null, null, null])
    expect(waiting[0]!.lastError).toContain('connection_refused')
    await server.start()
    await pass(hour)
    expect(await bodies(3)).toEqual(['m1', 'm2', 'm3'])
    await settled()
    expect(server.letters).toHaveLength(3)
  })

  test('lets us not in is not asked again by every mail that waits', async () => {
    await server.stop()
    await server.start({ login: { user: 'shop', password: 'right' } })
    await mailThrough(anna, server.port, { user: 'shop', password: 'wrong' })
    stopClock()
    for (let n = 0; n < 20; n++) await sendMessage(newVisitor(house.site.id), say(`m${n}`))
    const tried = async () => (await db.select().from(outbox)).filter(({ attempts }) => attempts > 0)
    await until(async () => ((await tried()).length === 20 ? true : null))
    expect((await tried()).every(({ lastError }) => lastError?.includes('login_refused: 535'))).toBe(true)
    // Eight are begun at once; whoever comes after the first refusal need not ask.
    expect(server.heard.length).toBeLessThanOrEqual(8)
    await mailThrough(anna, server.port, { user: 'shop', password: 'right' })
    expect(await server.mails(20)).toHaveLength(20)
    await server.stop()
    await server.start()
    await mailThrough(anna, server.port)
  })

  test('is down for more than 72 hours gets it no more, and everybody is told', async () => {
    const dead: { job: string; error: string }[] = []
    on('job.dead', (told) => void dead.push(told))
    await server.stop()
    stopClock()
    await sendMessage(boris, say('late'))
    for (let hours = 0; hours < 74 && dead.length === 0; hours++) {
      await pass(hour)
      await settled()
    }
    expect(dead).toMatchObject([{ job: 'mail.copy', error: expect.stringContaining('connection_refused') }])
    await server.start()
    await pass(hour)
    await settled()
    expect(server.letters).toEqual([])
  })
})

describe('what somebody wrote', () => {
  const breaks = [
    'a\r\nBcc: evil@evil.test',
    'b\nX-Evil: 1',
    'c\r\n\r\n<b>body</b>',
    '\u202Egnp.exe',
    '=?UTF-8?Q?=0ABcc:_x?=',
  ]

  test('cannot become a header, whatever the site and the client are called', async () => {
    const name = house.site.name
    for (const hostile of breaks) {
      server.forget()
      await write((tx) => tx.update(sites).set({ name: hostile }).where(eq(sites.id, house.site.id)))
      await sendMessage(
        newVisitor(house.site.id),
        say(`Bcc: evil@evil.test\r\n\r\n.\r\nMAIL FROM:<x@y.z>\r\n${hostile}`),
      )
      const [mail] = await server.mails(1)
      const keys = mail!.headers.map(({ key }) => key).toSorted()
      expect(keys).toEqual([
        ...['auto-submitted', 'content-type', 'date', 'from', 'message-id', 'mime-version', 'subject', 'to'],
        'x-auto-response-suppress',
      ])
      expect(mail!.envelope.to).toEqual([office])
      expect(mail!.subject).not.toMatch(/[\r\n\u202E]/)
      expect(mail!.text).toContain('MAIL FROM:<x@y.z>')
    }
    await write((tx) => tx.update(sites).set({ name }).where(eq(sites.id, house.site.id)))
  })

  test('stays text in the mail', async () => {
    for (const [at, hostile] of shortCorpus.entries()) {
      const visitor = newVisitor(house.site.id)
      const form = { name: hostile, topic: hostile, phone: `${at}`, consent: true }
      await sendMessage(visitor, { ...say(hostile), kind: 'feedback', form })
    }
    const mails = await server.mails(shortCorpus.length)
    const allowed =
      /^<\/?(!doctype|html|head|meta|title|style|body|div|h1|p|bdi|time|table|tr|td|a|strong|em|code|pre|ul|ol|li)\b/i
    for (const { html, text } of mails) {
      expect((html!.match(/<[^>]*>?/g) ?? []).filter((tag) => !allowed.test(tag))).toEqual([])
      expect(html).not.toMatch(/<[^>]*\s(on\w+|hx-\w+|data-hx-\w+|srcdoc)=/i)
      expect(html!.match(/href="(?!https?:|mailto:|tel:)/g)).toBeNull()
      expect(text!.length).toBeGreaterThan(0)
    }
    const words = mails.map(({ text }) => text)
    for (const hostile of shortCorpus) expect(words.some((text) => text!.includes(hostile.trim()))).toBe(true)
  })
})
