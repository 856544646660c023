import { afterAll, afterEach, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type AgentActor } from '../../src/features/conversations/index.ts'
import { readMail, serverOf } from '../../src/features/mail/mail-settings.ts'
import { sendMessage } from '../../src/features/messages/index.ts'
import { listChanges } from '../../src/features/settings/index.ts'
import { db } from '../../src/platform/db/open.ts'
import { write } from '../../src/platform/db/write.ts'
import { outbox } from '../../src/platform/jobs/schema.ts'
import { seal, unseal } from '../../src/platform/lib/sealed.ts'
import { AgentClient } from '../support/agent-client.ts'
import { hire, newVisitor, password } from '../support/cast.ts'
import { openHouse, type TestHouse } from '../support/house.ts'
import { copyTo, mailThrough, settled } from '../support/mail-house.ts'
import { until } from '../support/program.ts'
import { MailServer } from '../support/smtp.ts'
import { letClockRun, pass, stopClock, ticking } from '../support/tick.ts'

setDefaultTimeout(30_000)

const secret = 'Zebra-9 is the password'
let house: TestHouse
let olga: AgentActor
let owner: AgentClient
let server: MailServer

beforeAll(async () => {
  server = await MailServer.start({ login: { user: 'shop', password: secret } })
  house = await openHouse({}, { extraFeatures: [ticking] })
  olga = await hire('Olga', 'owner')
  await hire('Mallory')
  owner = await signedIn('olga')
})
afterAll(async () => {
  await house.close()
  await server.stop()
})
afterEach(async () => {
  letClockRun()
  server.forget()
  await write((tx) => tx.delete(outbox))
})

async function signedIn(name: string): Promise<AgentClient> {
  const agent = new AgentClient(house.url)
  await agent.signIn(`${name}@shop.test`, password)
  return agent
}

const fields = () => ({
  ...{ host: '127.0.0.1', port: `${server.port}`, security: 'none', user: 'shop', password: secret },
  ...{ senderName: 'Spring Water', senderAddress: 'chat@shop.test', locale: 'ru' },
})
const save = (more: Record<string, string> = {}, html = false) =>
  owner.request(
    'PUT',
    '/settings/mail',
    { ...fields(), ...more },
    html ? { accept: 'text/html', 'hx-request': 'true' } : {},
  )

test('mail is set up, tried, and what the server answered stands there in plain words and in its own', async () => {
  expect((await save()).status).toBe(200)
  const tried = await owner.request('POST', '/settings/mail/test', { to: 'olga@home.test' })
  expect(tried.json).toEqual({ to: 'olga@home.test', trouble: null, line: '250 2.0.0 Ok: queued as 4F2A' })
  const [mail] = await server.mails(1)
  expect(mail).toMatchObject({ from: { name: 'Spring Water', address: 'chat@shop.test' }, envelope: { user: 'shop' } })

  await server.behave({ recipients: { '*': [550, '5.1.1 Unknown <b>user</b>'] } })
  const told = await owner.request(
    'POST',
    '/settings/mail/test',
    { to: 'x@y.test' },
    { accept: 'text/html', 'hx-request': 'true' },
  )
  expect(told.text).toContain('The server refused this recipient')
  expect(told.text).toContain('550 5.1.1 Unknown &lt;b>user&lt;/b>')
  await server.behave({})
  const wrong = await owner.request(
    'POST',
    '/settings/mail/test',
    { to: 'nobody' },
    { accept: 'text/html', 'hx-request': 'true' },
  )
  expect([wrong.status, wrong.text.includes('aria-invalid')]).toEqual([422, true])
})

test('the password is kept sealed, and shown to nobody: page, JSON, log of changes, store', async () => {
  expect((await save()).status).toBe(200)
  const shown = [
    (await owner.get('/settings/mail')).text,
    (await save({ password: '' }, true)).text,
    (await owner.get('/settings/changes?page=mail')).text,
    JSON.stringify(await listChanges('mail', null, 100)),
    JSON.stringify(await readMail()),
    ...readdirSync(house.folder)
      .filter((name) => name.startsWith('kontuar.db'))
      .map((name) => readFileSync(join(house.folder, name), 'latin1')),
  ]
  expect(shown.length).toBeGreaterThan(4)
  for (const text of shown) expect(text).not.toContain(secret)
  const mail = (await readMail())!
  expect(mail.password).toStartWith('s1.')
  expect(serverOf(mail).login).toEqual({ user: 'shop', password: secret })
  expect(() => serverOf({ ...mail, password: seal('another purpose', secret) })).toThrow('password_lost')
  expect((await listChanges('mail', null, 100)).some(({ fields }) => fields.password?.after === true)).toBe(true)
})

test('an empty field keeps the password, but never for another server or user', async () => {
  await save()
  expect((await save({ password: '', senderName: 'Water' })).status).toBe(200)
  expect(serverOf((await readMail())!).login?.password).toBe(secret)
  for (const other of [{ host: 'evil.test' }, { user: 'other' }] as Record<string, string>[]) {
    const refused = await save({ password: '', ...other })
    expect([refused.status, refused.json.code]).toEqual([422, 'mail_password_again'])
  }
  const typed = await save({ password: '', host: 'evil.test' }, true)
  expect(typed.text).toContain('value="evil.test"')
  expect(typed.text).toContain('mail-password-error')
  expect((await readMail())!.host).toBe('127.0.0.1')
  expect((await save({ user: '', password: '' })).status).toBe(200)
  expect((await readMail())!).toMatchObject({ user: null, password: null })
})

test.each([
  ['host', 'http://smtp.test'],
  ['host', 'a b'],
  ['host', ''],
  ['port', '0'],
  ['port', '70000'],
  ['security', 'ssl'],
  ['user', 'a\nb'],
  ['senderName', ''],
  ['senderName', 'a\r\nBcc: x@y.z'],
  ['senderAddress', 'nobody'],
  ['senderAddress', 'a@b.c\r\nBcc: x@y.z'],
  ['locale', 'de'],
])('what cannot be is refused beside its field, and nothing typed is lost: %s = %j', async (field, value) => {
  await save()
  const before = await readMail()
  const refused = await save({ [field]: value, port: field === 'port' ? value : '2525' }, true)
  // Line breaks are tidied away where a line is wanted: no header can come of it.
  if (refused.status === 200) {
    const kept = JSON.stringify(await readMail())
    return expect(kept).not.toMatch(/\\[rn]/)
  }
  expect(refused.status).toBe(422)
  expect(refused.text).toContain(`mail-${field}-error`)
  if (field !== 'port') expect(refused.text).toContain('value="2525"')
  expect(refused.text).not.toContain(secret)
  expect(await readMail()).toEqual(before)
})

test('of two who change it at once the later is told what the other has saved, and may save over it', async () => {
  await save({ senderName: 'Before' })
  const seenIn = (html: string) => /name="seen" value="([^"]*)"/.exec(html)?.[1] ?? 'none'
  const seen = seenIn((await owner.get('/settings/mail')).text)
  expect((await save({ senderName: 'Olga', seen }, true)).status).toBe(200)
  const late = await save({ senderName: 'Pavel', seen }, true)
  expect(late.status).toBe(409)
  expect(late.text).toContain('value="Pavel"')
  expect(late.text).toContain('id="meanwhile"')
  expect((await readMail())!.senderName).toBe('Olga')
  expect((await save({ senderName: 'Pavel', seen: seenIn(late.text) }, true)).status).toBe(200)
  expect((await readMail())!.senderName).toBe('Pavel')
})

test('an agent may neither see nor change nor try any of it', async () => {
  const mallory = await signedIn('mallory')
  for (const [method, path] of [
    ['GET', '/settings/mail'],
    ['PUT', '/settings/mail'],
    ['POST', '/settings/mail/test'],
    ['GET', '/settings/mail/outbox'],
    ['POST', '/settings/mail/outbox/tries'],
    ['POST', '/settings/mail/outbox/01a203ff-d30d-775e-a1c6-acc0c859e86e/tries'],
  ] as const) {
    const form = method === 'GET' ? undefined : fields()
    expect((await mallory.request(method, path, form)).json).toMatchObject({ code: 'forbidden' })
    expect((await new AgentClient(house.url).request(method, path, form)).status).toBe(401)
  }
})

test('what has not gone out is listed with its error, tried again one by one or all at once, and gone when it is out', async () => {
  await mailThrough(olga, server.port, { user: 'shop', password: secret })
  await copyTo(house.site.id, { addresses: ['office@shop.test', 'gone@shop.test'] })
  await server.behave({
    recipients: { 'office@shop.test': [451, '4.7.1 Later'], 'gone@shop.test': [550, '5.1.1 Unknown'] },
  })
  stopClock()
  await sendMessage(newVisitor(house.site.id), { clientId: 'one', body: 'hello' })
  await until(async () =>
    (await db.select().from(outbox)).filter(({ attempts }) => attempts === 1).length === 2 ? true : null,
  )
  const page = (await owner.get('/settings/mail')).text
  for (const words of [
    'office@shop.test',
    'Failed once.',
    'comes',
    '451 4.7.1 Later',
    'Given up after one try.',
    '5.1.1 Unknown',
  ])
    expect(page.replace('come again later', 'comes')).toContain(words)
  const listed = await owner.request('GET', '/settings/mail/outbox')
  expect(listed.json.counts).toEqual({ waiting: 0, failed: 1, dead: 1 })
  const mails = listed.json.mails as { id: string; to: string; state: string; trouble: string; nextAt: number | null }[]
  expect(mails.map(({ to, state, trouble }) => `${to} ${state} ${trouble}`).toSorted()).toEqual([
    'gone@shop.test dead recipient_refused',
    'office@shop.test failed greylisted',
  ])
  const only = await owner.request('GET', '/settings/mail/outbox?state=dead')
  expect((only.json.mails as unknown[]).length).toBe(1)

  await server.behave({ recipients: { 'office@shop.test': [451, '4.7.1 Later'] } })
  const dead = mails.find(({ state }) => state === 'dead')!
  expect((await owner.request('POST', `/settings/mail/outbox/${dead.id}/tries`)).status).toBe(200)
  expect((await server.mails(1))[0]!.envelope.to).toEqual(['gone@shop.test'])
  await server.behave({})
  expect((await owner.request('POST', '/settings/mail/outbox/tries')).status).toBe(200)
  await server.mails(2)
  await settled()
  expect((await owner.request('GET', '/settings/mail/outbox')).json.counts).toEqual({ waiting: 0, failed: 0, dead: 0 })
  expect((await owner.get('/settings/mail')).text).toContain('Nothing waits')
  expect((await owner.request('POST', `/settings/mail/outbox/${dead.id}/tries`)).status).toBe(404)
})

test('a long outbox comes in pages, and an open page hears of what moves', async () => {
  await mailThrough(olga, 1)
  await copyTo(house.site.id, { addresses: ['office@shop.test'] })
  const live = await owner.live()
  await live.ping()
  const poked = live.nextMessage((text) => text.includes('mail-changed'))
  for (let n = 0; n < 35; n++) await sendMessage(newVisitor(house.site.id), { clientId: `p${n}`, body: 'hello' })
  await poked
  await live.close()
  const first = await owner.request('GET', '/settings/mail/outbox')
  expect((first.json.mails as unknown[]).length).toBe(30)
  const next = String(first.json.next).replace('/settings/mail?', '/settings/mail/outbox?').replace('#mail-outbox', '')
  const second = await owner.request('GET', next)
  expect((second.json.mails as unknown[]).length).toBe(5)
  expect(second.json.next).toBeNull()
  const ids = [...(first.json.mails as { id: string }[]), ...(second.json.mails as { id: string }[])].map(
    ({ id }) => id,
  )
  expect(new Set(ids).size).toBe(35)
  for (const strange of ['state=x', 'before=x', 'before=1.x'])
    expect((await owner.request('GET', `/settings/mail/outbox?${strange}`)).json.code).toBe('bad_request')
})

test('saving tries at once what had failed', async () => {
  await mailThrough(olga, 1)
  await copyTo(house.site.id, { addresses: ['office@shop.test'] })
  stopClock()
  await sendMessage(newVisitor(house.site.id), { clientId: 'again', body: 'hello' })
  await until(async () => ((await db.select().from(outbox))[0]?.attempts === 1 ? true : null))
  expect((await db.select().from(outbox))[0]!.lastError).toContain('connection_refused')
  await mailThrough(olga, server.port, { user: 'shop', password: secret })
  expect(await server.mails(1)).toHaveLength(1)
})

test('where links lead is said: to where the cabinet was, unless a public address is configured', async () => {
  await save()
  expect((await owner.get('/settings/mail')).text).toContain('--public-url')
  expect((await readMail())!.origin).toBe(house.url)
  await pass(0)
})

test('what is sealed opens for its purpose alone, and not once it was changed', () => {
  const sealed = seal('one', 'ключ')
  expect(unseal('one', sealed)).toBe('ключ')
  expect(seal('one', 'ключ')).not.toBe(sealed)
  const bytes = Buffer.from(sealed.slice(3), 'base64url')
  for (let at = 0; at < bytes.length; at++) {
    const other = Buffer.from(bytes)
    other[at] = (other[at] ?? 0) ^ 1
    expect(unseal('one', `s1.${other.toString('base64url')}`)).toBeNull()
  }
  for (const wrong of ['', 's1.', sealed.slice(0, -1), `${sealed}=`, sealed.replace('s1', 's2'), null, 7])
    expect(unseal('one', wrong)).toBeNull()
  expect(unseal('two', sealed)).toBeNull()
})
