import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { eq } from 'drizzle-orm'
import type { AgentActor } from '../../src/features/conversations/index.ts'
import { openLink } from '../../src/features/mail/index.ts'
import { gatherAnswers, seenFromNow } from '../../src/features/mail/gather-answers.ts'
import { signLink } from '../../src/features/mail/links.ts'
import { refuseMail } from '../../src/features/mail/refuse-mail.ts'
import { mailRefusals } from '../../src/features/mail/schema.ts'
import { readUpTo, sendMessage } from '../../src/features/messages/index.ts'
import { deactivateSite, sites } from '../../src/features/sites/index.ts'
import { editPerson, readVisitorToken, type VisitorActor } from '../../src/features/visitors/index.ts'
import { setGrace } from '../../src/features/visitors/who-is-here.ts'
import { write } from '../../src/platform/db/write.ts'
import { outbox } from '../../src/platform/jobs/schema.ts'
import { NotYet } from '../../src/platform/jobs/worker.ts'
import { AgentClient } from '../support/agent-client.ts'
import { hire, newVisitor, password } from '../support/cast.ts'
import { openHouse, type TestHouse } from '../support/house.ts'
import { copyTo, mailThrough, settled } from '../support/mail-house.ts'
import { until } from '../support/program.ts'
import { refusalOf } from '../support/refusal.ts'
import { MailServer } from '../support/smtp.ts'
import { letClockRun, pass, setForward, stopClock, ticking } from '../support/tick.ts'
import { entriesOverHttp, session, VisitorSocket } from '../support/visitor-client.ts'

setDefaultTimeout(30_000)

const minute = 60_000
const day = 24 * 60 * minute

let house: TestHouse
let anna: AgentActor
let console_: AgentClient
let server: MailServer
let boris: VisitorActor

beforeAll(async () => {
  setGrace(0)
  server = await MailServer.start()
  house = await openHouse({}, { extraFeatures: [ticking] })
  anna = await hire('Anna', 'owner')
  await mailThrough(anna, server.port)
  console_ = new AgentClient(house.url)
  await console_.signIn('anna@shop.test', password)
})
afterAll(async () => {
  setGrace(5000)
  await house.close()
  await server.stop()
})
beforeEach(() => {
  boris = newVisitor(house.site.id)
  server.forget()
})
afterEach(async () => {
  letClockRun()
  await write(async (tx) => {
    await tx.delete(outbox)
    await tx.delete(mailRefusals)
  })
})

let made = 0
const say = (body: string) => ({ clientId: `m${++made}`, body })
const answer = (conversationId: string, body: string) => sendMessage(anna, { ...say(body), conversationId })

/** Boris writes, and leaves his address unless he does not. */
async function asked(email: string | null = 'boris@home.test', visitor = boris): Promise<string> {
  const { conversationId } = await sendMessage(visitor, say('Do you deliver today?'))
  if (email !== null) await sendMessage(visitor, { ...say(email), kind: 'email' })
  return conversationId
}

const linkIn = (text: string | undefined) =>
  /https:\/\/chat\.shop\.test\/conversation\?site=[\w-]+#(\S+)/.exec(text ?? '')?.[1] ?? ''
const hintOf = async (conversationId: string) =>
  /id="reply-hint"[^>]*>([\s\S]*?)<\/p>/
    .exec((await console_.get(`/c/${conversationId}`)).text)?.[1]
    ?.replaceAll(/<[^>]+>/g, '')

describe('an answer', () => {
  test('that nobody has read after a minute goes to who has left, several in one mail', async () => {
    const conversationId = await asked()
    stopClock()
    await answer(conversationId, 'Until eight.')
    await pass(30_000)
    await answer(conversationId, 'With **ice**?')
    await pass(40_000)
    await settled()
    expect(server.letters).toEqual([])
    await pass(20_000)
    const [mail] = await server.mails(1)
    await pass(10 * minute)
    await settled()
    expect(server.letters).toHaveLength(1)
    expect(mail!.envelope).toMatchObject({ from: 'chat@shop.test', to: ['boris@home.test'] })
    expect(mail).toMatchObject({ subject: 'Reply from Water', from: { name: 'Water', address: 'chat@shop.test' } })
    for (const words of ['Do you deliver today?', 'Until eight.']) {
      expect(mail!.text).toContain(words)
      expect(mail!.html).toContain(words)
    }
    expect(mail!.html).toContain('With <strong>ice</strong>?')
    const header = (key: string) => mail!.headers.find((one) => one.key === key)?.value
    expect(header('auto-submitted')).toBe('auto-generated')
    expect(header('list-unsubscribe-post')).toBe('List-Unsubscribe=One-Click')
    expect(header('list-unsubscribe')).toMatch(/^<https:\/\/chat\.shop\.test\/mail\/unsubscribe\?u=[\w.-]+>$/)
  })

  test('and the next are one thread', async () => {
    const conversationId = await asked()
    stopClock()
    await answer(conversationId, 'one')
    await pass(minute)
    await server.mails(1)
    await answer(conversationId, 'two')
    await pass(minute)
    const [first, second] = await server.mails(2)
    expect(second).toMatchObject({ inReplyTo: first!.messageId!, references: first!.messageId! })
    expect(second!.text).not.toContain('\none\n')
  })

  test('that was read in the window goes nowhere else', async () => {
    const conversationId = await asked()
    stopClock()
    const { seq } = await answer(conversationId, 'one')
    await readUpTo(boris, { conversationId, seq })
    await pass(minute)
    await settled()
    expect(server.letters).toEqual([])
    await answer(conversationId, 'two')
    await pass(minute)
    const [mail] = await server.mails(1)
    expect(mail!.text).toContain('two')
    expect(mail!.text).not.toContain('\none\n')
  })

  test('waits while its reader is there, and goes once they have left without reading it', async () => {
    const { visitorToken } = await session(house.url, house.site.id)
    const visitor = readVisitorToken(visitorToken)
    const socket = await VisitorSocket.connect(house.url, { token: visitorToken })
    const conversationId = await asked('vera@home.test', visitor)
    stopClock()
    await answer(conversationId, 'Are you there?')
    await pass(minute)
    await settled()
    expect(server.letters).toEqual([])
    await socket.close()
    await until(async () => ((await hintOf(conversationId)) ? true : null))
    await pass(minute)
    expect((await server.mails(1))[0]!.envelope.to).toEqual(['vera@home.test'])
  })

  test('goes nowhere where there is no address, it is refused, our own, or the site is out of use', async () => {
    stopClock()
    const silent = async (conversationId: string) => {
      await answer(conversationId, 'anybody?')
      await pass(minute)
      await settled()
      expect(server.letters).toEqual([])
    }
    await silent(await asked(null))
    await silent(await asked('Chat@shop.test', newVisitor(house.site.id)))
    await write((tx) => tx.insert(mailRefusals).values({ emailFolded: 'no@home.test', at: 1 }))
    await silent(await asked('No@home.test', newVisitor(house.site.id)))
    const conversationId = await asked('late@home.test', newVisitor(house.site.id))
    await write((tx) => tx.update(sites).set({ deactivatedAt: 1 }).where(eq(sites.id, house.site.id)))
    await silent(conversationId)
    await write((tx) => tx.update(sites).set({ deactivatedAt: null }).where(eq(sites.id, house.site.id)))
  })

  test('waits after a start until who is there has connected anew', async () => {
    const conversationId = await asked()
    stopClock()
    await answer(conversationId, 'Are you there?')
    await write((tx) => tx.delete(outbox))
    setForward(10 * minute)
    seenFromNow()
    const look = () =>
      gatherAnswers({ conversationId, since: 0 }).then(
        () => 'looked',
        (error: unknown) => error,
      )
    expect(await look()).toBeInstanceOf(NotYet)
    setForward(minute)
    expect(await look()).toBe('looked')
    expect((await server.mails(1))[0]!.envelope.to).toEqual(['boris@home.test'])
  })

  test('that was read while the mail server was away is not sent any more', async () => {
    const conversationId = await asked()
    await server.behave({ recipients: { '*': [451, 'later'] } })
    stopClock()
    const { seq } = await answer(conversationId, 'one')
    await pass(minute)
    await until(() => (server.heard.length > 0 ? true : null))
    await settled()
    await readUpTo(boris, { conversationId, seq })
    await server.behave({})
    await pass(60 * minute)
    await settled()
    expect(server.letters).toEqual([])
  })

  test('speaks the language of its reader', async () => {
    const { visitorToken } = await session(house.url, house.site.id)
    const socket = await VisitorSocket.connect(house.url, {
      token: visitorToken,
      hello: { visit: { language: 'ru-RU' } },
    })
    const conversationId = await asked('boris@home.test', readVisitorToken(visitorToken))
    await socket.close()
    await until(async () => ((await hintOf(conversationId)) ? true : null))
    stopClock()
    await answer(conversationId, 'До восьми.')
    await pass(minute)
    const [mail] = await server.mails(1)
    expect(mail!.subject).toBe('Ответ от Water')
    expect(mail!.html).toContain('lang="ru"')
  })

  test('is copied to the shop without a mail of ours being answered: no machine makes a loop', async () => {
    await copyTo(house.site.id, { addresses: ['boris@home.test'] })
    stopClock()
    const conversationId = await asked()
    await answer(conversationId, 'one')
    await pass(minute)
    await server.mails(3)
    for (let minutes = 0; minutes < 20; minutes++) {
      await pass(minute)
      await settled()
    }
    expect(server.letters).toHaveLength(3)
    await write((tx) => tx.update(sites).set({ copies: null }).where(eq(sites.id, house.site.id)))
  })
})

describe('before an answer is written, the console says', () => {
  test('where it goes', async () => {
    const known = await asked()
    expect(await hintOf(known)).toBe('Left: the reply goes to boris@home.test')
    const unknown = await asked(null, newVisitor(house.site.id))
    expect(await hintOf(unknown)).toBe('Left, no e-mail: the reply waits in the widget')
    await write((tx) => tx.insert(mailRefusals).values({ emailFolded: 'boris@home.test', at: 1 }))
    expect(await hintOf(known)).toContain('gets no mail from us')
  })

  test('nothing while the visitor is there, and it changes by itself when they go', async () => {
    const { visitorToken } = await session(house.url, house.site.id)
    const socket = await VisitorSocket.connect(house.url, { token: visitorToken })
    const conversationId = await asked('vera@home.test', readVisitorToken(visitorToken))
    expect(await hintOf(conversationId)).toBe('')
    const live = await console_.live()
    live.watch(conversationId)
    await live.ping()
    const poked = live.nextMessage((text) => text.includes('conversation-changed'))
    await socket.close()
    await poked
    const actions = await until(async () => {
      const { text } = await console_.request('GET', `/c/${conversationId}/actions`, undefined, {
        'hx-request': 'true',
        accept: 'text/html',
      })
      return text.includes('vera@home.test') ? text : null
    })
    expect(actions).toContain('#reply-hint')
    await live.close()
  })

  test('something else by itself once they want no mail, or the shop can send none', async () => {
    const conversationId = await asked()
    const live = await console_.live()
    live.watch(conversationId)
    await live.ping()
    const changes = [
      [() => refuseMail('boris@home.test', true), 'gets no mail from us'],
      [() => refuseMail('boris@home.test', false), 'the reply goes to boris@home.test'],
      [() => deactivateSite({ role: 'owner' }, house.site.id, true), 'gets no mail from us'],
      [() => deactivateSite({ role: 'owner' }, house.site.id, false), 'the reply goes to boris@home.test'],
      [() => mailThrough(anna, server.port), 'the reply goes to boris@home.test'],
    ] as const
    for (const [change, said] of changes) {
      const poked = live.nextMessage((text) => text.includes('conversation-changed'))
      await change()
      await poked
      expect(await hintOf(conversationId)).toContain(said)
    }
    await live.close()
  })
})

describe('the link in a mail', () => {
  const open = (link: string, headers: Record<string, string> = {}) =>
    fetch(`${house.url}/conversation`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json', ...headers },
      body: JSON.stringify({ link }),
    })

  async function mailed(): Promise<{ conversationId: string; link: string; text: string }> {
    const conversationId = await asked()
    stopClock()
    await answer(conversationId, 'Until eight.')
    await pass(minute)
    const [mail] = await server.mails(1)
    return { conversationId, link: linkIn(mail!.text), text: mail!.text ?? '' }
  }

  test('opens that conversation in another browser, with a token of its own', async () => {
    const { conversationId, link } = await mailed()
    const answered = await open(link)
    expect(answered.status).toBe(200)
    const { siteId, visitorToken } = (await answered.json()) as { siteId: string; visitorToken: string }
    expect(siteId).toBe(house.site.id)
    expect(readVisitorToken(visitorToken)).toMatchObject({ visitorId: boris.visitorId, siteId })
    expect(readVisitorToken(visitorToken).tokenHash).not.toBe(boris.tokenHash)
    const seen = await entriesOverHttp(house.url, visitorToken)
    expect(seen.conversationId).toBe(conversationId)
    expect(seen.items.map(({ body }) => body)).toContain('Until eight.')
  })

  test('is spent by nobody who looks at the page, and by the first who opens it', async () => {
    const { link } = await mailed()
    for (const method of ['GET', 'HEAD']) {
      const page = await fetch(`${house.url}/conversation?site=${house.site.id}`, { method })
      expect(page.status).toBe(200)
      expect(page.headers.get('referrer-policy')).toBe('no-referrer')
      expect(page.headers.get('content-security-policy')).not.toContain('unsafe')
    }
    const both = await Promise.all([open(link), open(link), open(link)])
    expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 410, 410])
    expect(await (await open(link)).json()).toMatchObject({ code: 'link_used', retryable: false })
  })

  test('stands where no server hears of it: after the #, and in no header', async () => {
    const { link, text } = await mailed()
    expect(text).toContain(`/conversation?site=${house.site.id}#${link}`)
    expect(link).toMatch(/^m1\.[\w-]{99,}$/)
  })

  test('ends: after two weeks, when the address is theirs no longer, and with the site', async () => {
    const { conversationId, link } = await mailed()
    const codeNow = () => refusalOf(openLink(link))
    const correct = (was: string, value: string) => editPerson(anna, boris.visitorId, { field: 'email', value, was })
    await write((tx) => tx.update(sites).set({ deactivatedAt: 1 }).where(eq(sites.id, house.site.id)))
    expect(await codeNow()).toBe('link_expired')
    await write((tx) => tx.update(sites).set({ deactivatedAt: null }).where(eq(sites.id, house.site.id)))
    const ofStranger = { conversationId, seq: 9, email: 'stranger@home.test', expiresAt: Date.now() + day }
    expect(await refusalOf(openLink(signLink(ofStranger)))).toBe('link_expired')
    await correct('boris@home.test', 'other@home.test')
    expect(await codeNow()).toBe('link_expired')
    await correct('other@home.test', 'boris@home.test')
    await pass(14 * day)
    expect(await codeNow()).toBe('link_expired')
    await pass(-14 * day)
    expect(await codeNow()).toBeNull()
  })

  test('cannot be made by anybody else, nor changed', async () => {
    const { link } = await mailed()
    const bytes = Buffer.from(link.slice(3), 'base64url')
    for (const at of [0, 16, 20, 26, 41, 42, bytes.length - 1]) {
      const other = Buffer.from(bytes)
      other[at] = (other[at] ?? 0) ^ 1
      expect(await refusalOf(openLink(`m1.${other.toString('base64url')}`))).toBe('link_invalid')
    }
    for (const wrong of [
      '',
      'm1.',
      link.slice(0, -1),
      `${link}=`,
      link.replace('m1', 'k1'),
      null,
      7,
      {},
      'x'.repeat(10_000),
    ])
      expect(await refusalOf(openLink(wrong))).toBe('link_invalid')
    expect((await open(link, { origin: 'https://evil.test', 'sec-fetch-site': 'cross-site' })).status).toBe(403)
    expect((await open(link)).status).toBe(200)
  })
})

describe('the way out', () => {
  async function unsubscribing(): Promise<string> {
    const conversationId = await asked()
    stopClock()
    await answer(conversationId, 'one')
    await pass(minute)
    const [mail] = await server.mails(1)
    const header = mail!.headers.find(({ key }) => key === 'list-unsubscribe')!.value
    return header.slice(1, -1).replace('https://chat.shop.test', house.url)
  }

  const isRefused = async () =>
    (await hintOf(await asked('boris@home.test', newVisitor(house.site.id))))?.includes('gets no mail')

  test('is one press in the mail program, as RFC 8058 has it, with no cookie and from any origin', async () => {
    const address = await unsubscribing()
    expect(address).not.toContain('boris')
    const pressed = await fetch(address, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'List-Unsubscribe=One-Click',
    })
    expect(pressed.status).toBe(200)
    expect(await isRefused()).toBe(true)
  })

  test('is not gone by looking at its page, and can be gone back', async () => {
    const address = await unsubscribing()
    const page = await (await fetch(address)).text()
    expect(page).toContain('boris@home.test')
    expect(await isRefused()).toBe(false)
    const body = new FormData()
    body.set('List-Unsubscribe', 'One-Click')
    expect((await fetch(address, { method: 'POST', body })).status).toBe(200)
    expect(await isRefused()).toBe(true)
    await fetch(address, { method: 'POST', body: new URLSearchParams({ again: '1' }) })
    expect(await isRefused()).toBe(false)
    expect((await fetch(`${address}x`, { method: 'POST' })).status).toBe(403)
  })
})
