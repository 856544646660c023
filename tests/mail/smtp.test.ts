import { afterEach, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { join } from 'node:path'
import type { TroubleKind } from '../../src/providers/mail/trouble.ts'
import { type Letter, type MailServer as Server, sendLetter } from '../../src/providers/mail/smtp.ts'
import { addressesOf } from '../../src/providers/mail/addresses-of.ts'
import { MailTrouble, readTrouble, troubles } from '../../src/providers/mail/trouble.ts'
import { type Behaviour, MailServer, ownCertificate } from '../support/smtp.ts'

setDefaultTimeout(30_000)

const letter: Letter = {
  from: { name: 'Вода', address: 'chat@shop.test' },
  to: 'boris@home.test',
  subject: 'Hello',
  text: 'Hello',
  html: '<p>Hello</p>',
  messageId: 'one@shop.test',
  headers: {},
  at: 0,
}
const login = { user: 'shop', password: 'hunter2 is not it' }

let server: MailServer | null = null
afterEach(async () => {
  await server?.stop()
  server = null
})

async function sent(behaviour: Behaviour, settings: Partial<Server> = {}): Promise<string | MailTrouble> {
  server = await MailServer.start(behaviour)
  const where: Server = { host: 'localhost', port: server.port, security: 'none', login: null, ...settings }
  const patience = behaviour.says === '' ? 1000 : 25_000
  return sendLetter(where, letter, AbortSignal.timeout(patience)).catch((error: unknown) => {
    if (error instanceof MailTrouble) return error
    throw error
  })
}

test('a mail that is taken is answered for in the words of the server', async () => {
  expect(await sent({ ok: '2.0.0 Ok: queued as 4F2A' })).toBe('250 2.0.0 Ok: queued as 4F2A')
  await server!.mails(1)
  expect(server!.letters).toMatchObject([{ from: 'chat@shop.test', to: ['boris@home.test'], secure: false }])
})

test('a server that takes its time is waited for', async () => {
  expect(await sent({ slowMs: 1500 })).toStartWith('250 ')
})

test('three speak to a server at once, and who gives up waiting holds up nobody behind them', async () => {
  server = await MailServer.start({ slowMs: 1000 })
  const where: Server = { host: 'localhost', port: server.port, security: 'none', login: null }
  const send = (patience: number) =>
    sendLetter(where, letter, AbortSignal.timeout(patience)).catch((error: unknown) => (error as MailTrouble).kind)
  const patient = [20_000, 20_000, 20_000].map(send)
  const impatient = [200, 200, 200].map(send)
  const behind = send(20_000)
  expect(await Promise.all(impatient)).toEqual(['silent', 'silent', 'silent'])
  for (const answer of await Promise.all([...patient, behind])) expect(answer).toStartWith('250 ')
})

test('the password is shown to the server that asks for it', async () => {
  expect(await sent({ login }, { login })).toStartWith('250 ')
  await server!.mails(1)
  expect(server!.letters).toMatchObject([{ user: 'shop' }])
})

const cases: [string, Behaviour, Partial<Server>, TroubleKind, line: string | null, lasting?: boolean][] = [
  ['that nobody knows by name', {}, { host: 'mail.invalid' }, 'name_unknown', null],
  ['that refuses the connection', {}, { port: 1 }, 'connection_refused', 'ECONNREFUSED'],
  ['that says nothing', { says: '' }, {}, 'silent', null],
  ['that is none', { says: 'HTTP/1.1 400 Bad Request\r\n\r\n' }, {}, 'not_mail', 'HTTP/1.1 400 Bad Request'],
  ['that takes nothing from us', { greeting: [554, 'No service for you'] }, {}, 'server_refused', '554 No service'],
  ['that is busy', { greeting: [421, 'Too busy'] }, {}, 'for_now', '421 Too busy'],
  ['without STARTTLS, where it is demanded', { login }, { security: 'starttls', login }, 'starttls_missing', '500'],
  ['that does not speak TLS on this port', {}, { security: 'tls' }, 'tls_missing', 'WRONG_VERSION'],
  ['with a certificate of its own', own('starttls'), { security: 'starttls' }, 'tls_self_signed', 'self signed'],
  ['with a certificate of its own', own('at once'), { security: 'tls' }, 'tls_self_signed', 'self signed'],
  ['with a certificate of strangers', of('trusted'), { security: 'tls' }, 'tls_untrusted', 'unable to verify'],
  ['that refuses the password', { login }, { login: { ...login, password: 'no' } }, 'login_refused', '535 5.7.8'],
  ['that wants a password', { sender: { '*': [530, '5.7.0 Authenticate'] } }, {}, 'login_needed', '530 5.7.0'],
  ['that refuses the sender', { sender: { '*': [550, '5.7.1 Not yours'] } }, {}, 'sender_refused', '550 5.7.1'],
  [
    'that refuses the recipient',
    { recipients: { '*': [550, '5.1.1 Who?'] } },
    {},
    'recipient_refused',
    '550 5.1.1',
    true,
  ],
  ['that greylists', { recipients: { '*': [451, '4.7.1 Greylisted'] } }, {}, 'greylisted', '451 4.7.1 Greylisted'],
  ['that takes it for spam', { data: [554, '5.6.0 Spam'] }, {}, 'message_refused', '554 5.6.0 Spam', true],
  ['whose disk is full', { data: [452, '4.2.2 Full'] }, {}, 'for_now', '452 4.2.2 Full'],
  ['that breaks off', { loseAnswer: true }, {}, 'hung_up', 'closed'],
]

function own(tls: 'starttls' | 'at once'): Behaviour {
  return { tls, certificate: ownCertificate }
}

function of(name: string): Behaviour {
  const folder = join(import.meta.dir, '../support/tls')
  return { tls: 'at once', certificate: { cert: join(folder, `${name}.pem`), key: join(folder, `${name}.key.pem`) } }
}

for (const [name, behaviour, settings, kind, line, lasting = false] of cases) {
  test(`a server ${name} is told apart, with its own line (${kind})`, async () => {
    const trouble = await sent(behaviour, settings)
    if (!(trouble instanceof MailTrouble)) return expect(trouble).toBeInstanceOf(MailTrouble)
    expect([trouble.kind, trouble.lasting]).toEqual([kind, lasting])
    if (line !== null) expect(trouble.line).toContain(line)
    expect(trouble.line ?? '').not.toMatch(/[\r\n]/)
    expect(`${trouble.message} ${trouble.line}`).not.toContain(login.password)
    if (kind === 'hung_up') await server!.mails(1)
    expect(server!.letters.map(({ secure }) => secure)).toEqual(kind === 'hung_up' ? [false] : [])
  })
}

test.each([
  ['trusted', 'starttls', null],
  ['trusted', 'at once', null],
  ['expired', 'at once', 'tls_expired'],
  ['expired', 'starttls', 'tls_expired'],
  ['other', 'at once', 'tls_name'],
] as const)(
  'where the authority is trusted, a certificate that is %s (%s) is judged by itself',
  async (name, tls, kind) => {
    const behaviour = { ...of(name), tls }
    server = await MailServer.start(behaviour)
    const settings = {
      host: 'localhost',
      port: server.port,
      security: tls === 'starttls' ? 'starttls' : 'tls',
      login: null,
    }
    const script = join(import.meta.dir, '../support/send-letter.ts')
    const trying = Bun.spawn([process.execPath, script, JSON.stringify(settings), JSON.stringify(letter)], {
      env: { ...process.env, NODE_EXTRA_CA_CERTS: join(import.meta.dir, '../support/tls/ca.pem') },
      stdout: 'pipe',
    })
    const said = JSON.parse(await new Response(trying.stdout).text()) as { kind: string | null }
    expect(said.kind).toBe(kind)
    if (kind === null) await server.mails(1)
    expect(server.letters.map(({ secure }) => secure)).toEqual(kind === null ? [true] : [])
  },
)

describe('an address', () => {
  test.each([
    '169.254.169.254',
    '::ffff:169.254.169.254',
    '::ffff:a9fe:a9fe',
    'fe80::1',
    '0.0.0.0',
    '224.0.0.1',
    'fd00:ec2::254',
  ])('at which no mail server can be is not spoken to: %s', async (host) => {
    const refused = await addressesOf(host).catch((error: unknown) => error)
    expect(refused).toMatchObject({ kind: 'address_forbidden' })
  })

  test.each(['127.0.0.1', '10.0.0.5', '192.168.1.2', 'fd12::5'])('of the own network is right: %s', async (host) => {
    expect(await addressesOf(host)).toEqual([host])
  })
})

test('a trouble is read again from what the outbox kept of it', () => {
  for (const kind of troubles) {
    for (const line of [null, '550 5.1.1 <a@b.c>: no']) {
      expect(readTrouble(String(new MailTrouble(kind, line)))).toEqual({ kind, line })
      expect(readTrouble(new MailTrouble(kind, line).message)).toEqual({ kind, line })
    }
  }
  expect(readTrouble('TypeError: x is not a function')).toBeNull()
})
