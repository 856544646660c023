import { expect, test } from 'bun:test'
import { catalogues } from '../../src/catalogues/catalogues.ts'
import { locales } from '../../src/catalogues/locales.ts'
import { FakeServer, nobodyThere, SharedStorage, site } from './stage.ts'
import { button, happen, lendDocument, openWindow, write } from './window-stage.tsx'

lendDocument()

type Opened = Awaited<ReturnType<typeof openWindow>>

const off = { ...site, chatEnabled: false }
const registeredOnly = { ...site, audience: 'registered' as const }

function serverWith(change: Partial<FakeServer>) {
  return Object.assign(new FakeServer(), change)
}

const fieldOf = ({ root }: Opened, name: string) => root.querySelector<HTMLInputElement>(`#form-${name}`)

async function openForm(change: Partial<FakeServer> = { site: off }, shared = new SharedStorage()) {
  const opened = await openWindow({ server: serverWith(change), shared })
  await opened.until(() => fieldOf(opened, 'name'))
  return opened
}

async function fillIn(opened: Opened, fields: Record<string, string>) {
  for (const [name, value] of Object.entries(fields)) write(fieldOf(opened, name), value)
  opened.draw()
}

async function consent(opened: Opened) {
  const box = fieldOf(opened, 'consent')
  if (box) box.checked = true
  happen(box, 'change')
  opened.draw()
}

const whole = { name: 'Boris', contact: 'boris@mail.test', topic: 'A cap', text: 'The bottle came without a cap.' }

async function handIn(opened: Opened) {
  happen(opened.root.querySelector('form.form'), 'submit')
  opened.draw()
}

test.each([
  ['the chat is on for anyone and somebody is there', {}, 'chat', null],
  ['the chat is on for anyone and nobody is there', { availability: nobodyThere }, 'chat', 'leave your e-mail'],
  ['the chat is off', { site: off }, 'form', null],
  ['the chat is off and nobody is there', { site: off, availability: nobodyThere }, 'form', null],
  ['only registered people may chat and the visitor is anonymous', { site: registeredOnly }, 'form', null],
  [
    'only registered people may chat and the visitor is one',
    { site: registeredOnly, visitor: { verified: true, blocked: false, email: null } },
    'chat',
    null,
  ],
  [
    'only registered people may chat, the visitor is one, and nobody is there',
    {
      site: registeredOnly,
      visitor: { verified: true, blocked: false, email: null },
      availability: nobodyThere,
    },
    'chat',
    'leave your e-mail',
  ],
  [
    'the chat is off for registered people as well',
    { site: { ...registeredOnly, chatEnabled: false }, visitor: { verified: true, blocked: false, email: null } },
    'form',
    null,
  ],
  [
    'the visitor is blocked',
    { visitor: { verified: false, blocked: true, email: null } },
    'nothing',
    'no more messages',
  ],
])('when %s, the window offers the %s', async (_when, change, offered, bar) => {
  const opened = await openWindow({ server: serverWith(change as Partial<FakeServer>) })
  const { root, text, until } = opened
  if (offered === 'form') await until(() => fieldOf(opened, 'name'))
  expect(root.querySelector('form.write') !== null).toBe(offered === 'chat')
  expect(root.querySelector('form.form') !== null).toBe(offered === 'form')
  if (bar) expect(text('.bar')).toContain(bar)
  else expect(text('.bar')).toBeNull()
})

test('who may not chat is never told that somebody is online', async () => {
  const { text } = await openForm({ site: registeredOnly })
  expect(text('header p')).toBeNull()
  expect(text('.lead')).toContain('registered customers')
})

test('the form goes out with what was filled in, becomes an entry of the log, and thanks', async () => {
  const opened = await openForm()
  const { server, text, pass, toLoader, root } = opened
  await fillIn(opened, whole)
  await consent(opened)
  await handIn(opened)
  expect(text('.lead')).toBe('Your message is kept and goes out by itself.')
  await pass(2000)
  expect(server.wire.of('send')).toMatchObject([
    {
      kind: 'feedback',
      body: 'The bottle came without a cap.',
      form: { name: 'Boris', email: 'boris@mail.test', topic: 'A cap', consent: true },
    },
  ])
  expect(text('.lead')).toContain('Thank you')
  expect(text('blockquote')).toBe('The bottle came without a cap.')
  expect(toLoader).toContainEqual({ type: 'event', name: 'form', detail: { form: 'feedback' } })
  button(root, 'Show the conversation')?.click()
  await opened.until(() => text('.face')?.includes('A cap'))
  expect(text('.face')).toContain('boris@mail.test')
  button(root, 'Leave a message')?.click()
  await opened.until(() => button(root, 'Send another message'))
  button(root, 'Send another message')?.click()
  await opened.until(() => fieldOf(opened, 'name'))
  expect(['name', 'contact', 'topic', 'text'].map((name) => fieldOf(opened, name)?.value)).toEqual([
    'Boris',
    'boris@mail.test',
    '',
    '',
  ])
})

test('a phone number will do where an address is asked for', async () => {
  const opened = await openForm()
  await fillIn(opened, { ...whole, contact: '+48 600 100 200', topic: '' })
  await consent(opened)
  await handIn(opened)
  await opened.pass(100)
  expect(opened.server.wire.of('send')[0]?.form).toEqual({
    name: 'Boris',
    phone: '+48 600 100 200',
    topic: '',
    consent: true,
  })
})

test('what is missing is said beside each field, and the focus goes to the first', async () => {
  const opened = await openForm()
  const { server, all, root, until, draw } = opened
  await handIn(opened)
  await until(() => all('.error').length > 0)
  expect(all('.error')).toEqual([
    'Write your name.',
    'Write an e-mail address or a phone number to answer to.',
    'Write your message.',
    'Without your consent we may not keep the message.',
  ])
  expect(document.activeElement?.id).toBe('form-name')
  const name = fieldOf(opened, 'name')
  expect(name?.getAttribute('aria-invalid')).toBe('true')
  expect(root.querySelector(`#${name?.getAttribute('aria-describedby')}`)?.textContent).toContain('Write your name.')
  write(name, 'Boris')
  draw()
  expect(all('.error')).toHaveLength(3)
  expect(name?.getAttribute('aria-invalid')).toBeNull()
  expect(server.wire.of('send')).toEqual([])
})

test.each([
  ['k.wojcik@', 'The address ends at @. What comes after it?'],
  ['k.wojcik@mail', 'This does not look like an e-mail address.'],
  ['k wojcik@mail.test', 'This does not look like an e-mail address.'],
  ['k@mail.test, l@mail.test', 'This does not look like an e-mail address.'],
  ['next door', 'This is neither an e-mail address nor a phone number.'],
  ['12', 'This is neither an e-mail address nor a phone number.'],
])('of %p it is said what is wrong with it', async (contact, error) => {
  const opened = await openForm()
  await fillIn(opened, { ...whole, contact })
  await consent(opened)
  await handIn(opened)
  await opened.until(() => opened.text('.error'))
  expect(opened.all('.error')).toEqual([error])
  expect(document.activeElement?.id).toBe('form-contact')
})

test('what was being typed in the chat stands in the form, and in the chat again', async () => {
  const opened = await openWindow()
  const { server, chat, root, until, draw } = opened
  chat.type('The cap of the')
  server.wire.push({ type: 'site', ...off })
  draw()
  const text = await until(() => fieldOf(opened, 'text'))
  expect(text.value).toBe('The cap of the')
  write(text, 'The cap of the bottle')
  server.wire.push({ type: 'site', ...site })
  draw()
  expect(root.querySelector('textarea')?.value).toBe('The cap of the bottle')
})

test('what the shop knows of its visitor stands in the form already, and what was written is not replaced', async () => {
  const opened = await openForm()
  const attributes = { name: 'Marina', email: 'marina@mail.test', phone: '+48600100200', orders: 3 }
  write(fieldOf(opened, 'name'), 'M.')
  opened.chat.take({ type: 'attributes', attributes })
  opened.draw()
  expect([fieldOf(opened, 'name')?.value, fieldOf(opened, 'contact')?.value]).toEqual(['M.', 'marina@mail.test'])
})

test('without a network the form waits, survives a reload, and goes out once', async () => {
  const shared = new SharedStorage()
  const first = await openForm({ site: off }, shared)
  first.server.socketsWork = first.server.httpWorks = false
  first.server.wire.break()
  await fillIn(first, whole)
  await consent(first)
  await handIn(first)
  await first.pass(5000)
  expect(first.text('.lead')).toBe('Your message is kept and goes out by itself.')
  expect(first.text('.bar')).toContain('Waiting for connection')

  const server = serverWith({ site: off })
  const second = await openWindow({ server, shared })
  await second.pass(5000)
  expect(server.log).toMatchObject([{ kind: 'feedback', body: whole.text, form: { name: 'Boris' } }])
  await second.until(() => second.text('.lead')?.includes('Thank you'))
  expect([...shared.map.keys()].filter((key) => key.includes('pending'))).toEqual([])
})

test('a form that only this page remembers asks to keep the page open', async () => {
  const opened = await openForm()
  opened.server.socketsWork = opened.server.httpWorks = false
  opened.server.wire.break()
  opened.storage.setItem = () => {
    throw new DOMException('full', 'QuotaExceededError')
  }
  await fillIn(opened, whole)
  await consent(opened)
  await handIn(opened)
  await opened.pass(3000)
  expect(opened.text('.lead')).toContain('Keep this page open')
})

test('a form that waits can be taken back, and stands in its fields again', async () => {
  const opened = await openForm()
  const { server, root, until, vault, pass } = opened
  server.socketsWork = server.httpWorks = false
  server.wire.break()
  await fillIn(opened, whole)
  await consent(opened)
  await handIn(opened)
  await pass(3000)
  button(root, 'Take back')?.click()
  await until(() => fieldOf(opened, 'text'))
  for (const [name, value] of Object.entries(whole)) expect(fieldOf(opened, name)?.value).toBe(value)
  expect(vault.items()).toEqual([])
})

test.each([
  ['form_invalid', 'name', 'name', 'This is too long.'],
  ['form_invalid', 'contact', 'contact', 'This is neither an e-mail address nor a phone number.'],
  ['email_invalid', undefined, 'contact', 'This does not look like an e-mail address.'],
])(
  'a form that is refused for its %s (%s) comes back with that said beside the field',
  async (code, field, at, error) => {
    const opened = await openForm()
    const { server, all, until, pass, vault } = opened
    server.onSend = ({ clientId }) => ({ type: 'refuse', clientId, code, message: '', retryable: false, field })
    await fillIn(opened, whole)
    await consent(opened)
    await handIn(opened)
    await pass(100)
    await until(() => fieldOf(opened, 'name'))
    expect(all('.error')).toEqual([error])
    expect(fieldOf(opened, at)?.getAttribute('aria-invalid')).toBe('true')
    for (const [name, value] of Object.entries(whole)) expect(fieldOf(opened, name)?.value).toBe(value)
    const [refused] = vault.items()
    server.onSend = () => undefined
    await fillIn(opened, { name: 'B.', contact: 'b@mail.test' })
    await handIn(opened)
    await pass(100)
    expect(server.log).toMatchObject([{ kind: 'feedback', form: { name: 'B.', email: 'b@mail.test' } }])
    expect(server.log[0]?.clientId).not.toBe(refused?.clientId)
    expect(vault.items()).toEqual([])
  },
)

test('texts that meet a chat that was switched off are offered to the form, and are lost in no case', async () => {
  const opened = await openWindow()
  const { server, chat, text, root, until, pass, vault } = opened
  server.onSend = ({ clientId, kind }) =>
    kind ? undefined : { type: 'refuse', clientId, code: 'chat_disabled', message: '', retryable: false }
  chat.send('one')
  chat.send('two')
  await pass(100)
  chat.type('half a third')
  await until(() => text('.unsent'))
  expect(text('.unsent')).toContain('2 messages of yours were not sent.')
  button(root, 'Put them into the form')?.click()
  await pass(10)
  expect(fieldOf(opened, 'text')?.value).toBe('one\n\ntwo\n\nhalf a third')
  expect(text('.unsent')).toBeNull()
  expect(vault.items()).toEqual([])
  expect(vault.readDraft()).toBe('one\n\ntwo\n\nhalf a third')
})

test('texts that are not put into the form go out when there is a chat again', async () => {
  const { server, chat, pass } = await openWindow()
  let enabled = false
  server.onSend = ({ clientId }) =>
    enabled ? undefined : { type: 'refuse', clientId, code: 'registration_needed', message: '', retryable: false }
  chat.send('one')
  await pass(60_000)
  expect(server.wire.of('send')).toHaveLength(1)
  enabled = true
  server.wire.break()
  await pass(3000)
  expect(server.bodies()).toEqual(['one'])
})

test('a form overtakes the texts that have to wait', async () => {
  const opened = await openWindow()
  const { server, chat, pass } = opened
  server.wire.push({ type: 'site', ...off })
  chat.send('waits for the chat')
  await opened.until(() => fieldOf(opened, 'name'))
  await fillIn(opened, whole)
  await consent(opened)
  await handIn(opened)
  await pass(200)
  expect(server.log).toMatchObject([{ kind: 'feedback' }])
  expect(chat.outbox.items).toMatchObject([{ body: 'waits for the chat' }])
})

test('a message of somebody who is blocked is said to be refused, and nothing more is offered', async () => {
  const { server, chat, text, root, pass } = await openWindow()
  server.onSend = ({ clientId }) => ({ type: 'refuse', clientId, code: 'blocked', message: '', retryable: false })
  chat.send('one')
  await pass(100)
  expect(text('.state')).toBe('Not sent: this chat takes no more messages from you.')
  expect(text('.bar')).toBe('This chat takes no more messages from you.')
  expect(root.querySelector('textarea')).toBeNull()
})

// --- the e-mail

const emailField = ({ root }: Opened) => root.querySelector<HTMLInputElement>('#email')

test('an address is asked for once, after the first message, and goes through the same queue', async () => {
  const opened = await openWindow({ server: serverWith({ availability: nobodyThere }) })
  const { server, chat, until, pass, all, text, toLoader } = opened
  await pass(100)
  expect(emailField(opened)).toBeNull()
  chat.send('Hello')
  await pass(100)
  write(await until(() => emailField(opened)), 'boris@mail.test')
  happen(opened.root.querySelector('.card form'), 'submit')
  opened.draw()
  expect(all('.event').at(-1)).toBe('Your e-mail boris@mail.test is not sent yet')
  await pass(2000)
  expect(server.wire.of('send')).toMatchObject([{ body: 'Hello' }, { kind: 'email', body: 'boris@mail.test' }])
  expect(all('.event').at(-1)).toBe('You left your e-mail: boris@mail.test')
  expect(emailField(opened)).toBeNull()
  expect(toLoader).toContainEqual({ type: 'event', name: 'form', detail: { form: 'email' } })
  expect(text('.bar')).toBeNull()
})

test('an address that is none is said to be none, here and by the server', async () => {
  const opened = await openWindow({ server: serverWith({ availability: nobodyThere }) })
  const { server, chat, until, pass, text } = opened
  chat.send('Hello')
  await pass(100)
  const field = await until(() => emailField(opened))
  write(field, 'boris@')
  happen(opened.root.querySelector('.card form'), 'submit')
  await until(() => text('.error'))
  expect(text('.error')).toBe('The address ends at @. What comes after it?')
  expect(document.activeElement?.id).toBe('email')
  server.onSend = ({ clientId }) => ({ type: 'refuse', clientId, code: 'email_invalid', message: '', retryable: false })
  write(field, 'boris@mail.test')
  happen(opened.root.querySelector('.card form'), 'submit')
  await pass(100)
  await until(() => text('.error') === 'this is no e-mail address.')
  server.onSend = () => undefined
  write(emailField(opened), 'boris@letter.test')
  happen(opened.root.querySelector('.card form'), 'submit')
  await pass(2000)
  expect(server.log.map(({ email }) => email)).toEqual([undefined, 'boris@letter.test'])
  expect(opened.vault.items()).toEqual([])
})

test('who does not want to leave an address is not asked again, nor in the next tab or after a reload', async () => {
  const shared = new SharedStorage()
  const server = serverWith({ availability: nobodyThere })
  const first = await openWindow({ server, shared })
  const other = await openWindow({ server, shared })
  first.chat.send('Hello')
  await first.pass(100)
  await first.until(() => emailField(first))
  await other.until(() => emailField(other))
  button(first.root, 'Not now')?.click()
  await first.pass(10)
  await other.pass(10)
  expect([emailField(first), emailField(other)]).toEqual([null, null])
  const second = await openWindow({ server, shared })
  await second.pass(2000)
  expect(second.all('.face')).toEqual(['You: Hello'])
  expect(emailField(second)).toBeNull()
})

test.each([
  ['whose address is known', { visitor: { verified: true, blocked: false, email: 'b@mail.test' } }],
  ['who is being answered', {}],
])('nobody is asked %s', async (_who, change) => {
  const opened = await openWindow({ server: serverWith({ availability: nobodyThere, ...change }) })
  const { server, chat, pass } = opened
  chat.send('Hello')
  await pass(100)
  server.wire.push({ type: 'presence', agents: 1, status: 'online', backAt: null })
  server.say('agent', 'Good morning')
  await pass(100)
  await Bun.sleep(30)
  await pass(0)
  expect(emailField(opened)).toBeNull()
})

test.each([...locales])('every word of the forms is there in %s', async (locale) => {
  const opened = await openWindow({ server: serverWith({ site: off }), locale })
  await opened.until(() => fieldOf(opened, 'name'))
  await handIn(opened)
  await opened.until(() => opened.text('.error'))
  const words = catalogues[locale].widget
  expect(opened.text('.lead')).toBe(words['form.off'])
  expect(opened.all('label')).toContain(words['form.contact'])
  expect(opened.all('.error')).toContain(words['missing.consent'])
})
