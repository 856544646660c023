import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { AgentClient } from '../support/agent-client.ts'
import { freshFolder, builtProgram, run, type Serving, startServing } from '../support/program.ts'
import { newClientId, sendOverHttp, session, VisitorSocket } from '../support/visitor-client.ts'
import { clientFrame, openWire, rawRequest, statusOf, upgradeRequest } from './support.ts'

setDefaultTimeout(30_000)

const shop = { name: 'Olga', email: 'olga@shop.test', password: 'SecretPassword-4711', shop: 'Water' }
const words = {
  message: 'SecretMessage my door code is 1234#',
  typing: 'SecretTyping half a thought',
  answer: 'SecretAnswer the driver is on his way',
  wrongPassword: 'SecretWrongPassword',
  title: 'SecretTitle',
}

let folder: AsyncDisposable & { path: string }
let data: string
let served: Serving
let log = ''
let printed = ''
const secrets: Record<string, string> = { ...words, password: shop.password }
const pages: Record<string, string> = {}
const locations: string[] = []

beforeAll(async () => {
  folder = await freshFolder()
  data = join(folder.path, 'data')
  // As an image or an installer would leave it: open to everybody.
  await mkdir(data, { mode: 0o755 })
  served = await startServing(builtProgram, ['--data', data, '--log-level', 'debug', '--demo'])
  await live(served.url)
  pages.demo = await (await fetch(`${served.url}/demo`)).text()
})
afterAll(async () => {
  await rm(data, { recursive: true, force: true })
  await folder[Symbol.asyncDispose]()
})

/** A day in the life of the house, mistakes and attacks included, with a secret in whatever can hold one. */
async function live(url: string): Promise<void> {
  const token = new URL(/http\S+\/setup\?token=\S+/.exec(served.stdout)?.[0] ?? '').searchParams.get('token') ?? ''
  secrets.setupToken = token
  const owner = new AgentClient(url)
  await owner.request('POST', '/setup', { ...shop, token: `${token}x` })
  await owner.request('POST', '/setup', { ...shop, token, email: 'nonsense' }, { accept: 'text/html' })
  pages.setup = (await owner.get(`/setup?token=${token}`)).text
  const done = await owner.request('POST', '/setup', { ...shop, token })
  expect(done.status).toBe(200)
  for (const [name, value] of owner.cookies) secrets[`cookie ${name}`] = value
  const agent = new AgentClient(url)
  await agent.request('POST', '/sign-in', { email: shop.email, password: words.wrongPassword }, { accept: 'text/html' })
  await agent.request('POST', `/sign-in?password=${shop.password}`, { email: shop.email, password: shop.password })
  for (const [name, value] of agent.cookies) secrets[`second cookie ${name}`] = value
  const siteId = String(done.json.siteId)
  const { visitorToken } = await session(url, siteId)
  secrets.visitorToken = visitorToken.slice(3)
  const visitor = await VisitorSocket.connect(url, { token: visitorToken, since: 0 })
  const page = { url: `https://shop.example/?token=${token}`, title: words.title }
  const sent = await visitor.send({ clientId: newClientId(), body: words.message, page })
  const conversationId = sent.outcome === 'ok' ? sent.conversationId : ''
  visitor.typing(words.typing)
  await sendOverHttp(url, visitorToken, { clientId: 'a b', body: words.message })
  visitor.say({ type: words.message })
  visitor.raw(`{${words.message}`)
  await visitor.ping()
  await owner.send(conversationId, { clientId: newClientId(), body: words.answer })
  const { json: made } = await owner.request('POST', '/settings/api-keys', { name: 'Program' })
  const key = String(made.key)
  // Its beginning is shown, so that people know it.
  secrets.apiKey = key.slice(12)
  const program = (asked: string, path = 'contacts/K-1', init: RequestInit = {}) =>
    fetch(`${url}/api/v1/${path}`, { ...init, headers: { authorization: `Bearer ${asked}` } })
  await program(key, `contacts/K-1?key=${key}`, { method: 'PUT', body: '{' })
  await program(`${key}x`)
  await program(key, `contacts/${key}`)
  for (const path of [
    '/inbox',
    '/settings/installation',
    '/settings/changes?page=installation',
    '/settings/api-keys',
    `/c/${conversationId}`,
    '/settings/sites',
    '/account',
    `/nowhere?token=${visitorToken}`,
  ]) {
    const { text, location } = await owner.get(path)
    pages[path] = text
    if (location) locations.push(location)
  }
  const strange = await new AgentClient(url).get(`/c/${conversationId}?token=${token}`)
  locations.push(strange.location ?? '')
  await fetch(`${url}/api/widget/v1/entries?token=${visitorToken}`, {
    headers: { authorization: `Bearer ${visitorToken}x` },
  })
  await fetch(`${url}/api/widget/v1/messages`, {
    method: 'POST',
    body: words.message,
    headers: { cookie: owner.cookieHeader() },
  })
  const wire = await openWire(url)
  wire.write(upgradeRequest(url, `/api/widget/v1/socket?token=${visitorToken}`))
  await wire.answer(/101/)
  wire.write(clientFrame(new TextEncoder().encode(words.message), 2))
  wire.socket.destroy()
  await owner.signOut()
  await visitor.close()
}

describe('over HTTP', () => {
  const names = [
    'secret.key',
    'kontuar.db',
    'kontuar.db-wal',
    'kontuar.lock',
    'kontuar.sock',
    'kontuar.toml',
    'data/secret.key',
    'package.json',
    'src/main.ts',
    'etc/passwd',
  ]
  const ways = [
    (name: string) => `/${name}`,
    (name: string) => `/assets/${name}`,
    (name: string) => `/assets/../${name}`,
    (name: string) => `/assets/../../${name}`,
    (name: string) => `/assets/../../../../../../../../..${name.startsWith('etc') ? '' : data}/${name}`,
    (name: string) => `/assets/%2e%2e/%2e%2e/${name}`,
    (name: string) => `/assets/..%2f..%2f${name.replaceAll('/', '%2f')}`,
    (name: string) => `/assets/..%252f..%252f${name}`,
    (name: string) => `/assets/..\\..\\${name}`,
    (name: string) => `/assets/..%5c..%5c${name}`,
    (name: string) => `/assets/%c0%ae%c0%ae/%c0%ae%c0%ae/${name}`,
    (name: string) => `/assets/....//....//${name}`,
    (name: string) => `/assets//${data}/${name}`,
    (name: string) => `/assets/${name}%00.js`,
    (name: string) => `/assets/${name}%00`,
    (name: string) => `/%2e%2e/${name}`,
    (name: string) => `//${data}/${name}`,
    (name: string) => `/c/..%2f..%2f${name}`,
    (name: string) => `/widget/../${name}`,
    (name: string) => `file://${data}/${name}`,
    (name: string) => `http://x/../../${name}`,
  ]

  test('neither key nor database nor source is to be had, however it is asked for', async () => {
    const key = (await readFile(join(data, 'secret.key'), 'utf8')).trim()
    const refused = await Promise.all(
      ways.flatMap((way) =>
        names.map(
          async (name) =>
            [
              way(name),
              await rawRequest(served.url, `GET ${way(name)} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`),
            ] as const,
        ),
      ),
    )
    expect(refused.length).toBeGreaterThan(150)
    for (const [path, answer] of refused) {
      expect(answer).not.toContain(key)
      for (const sign of ['SQLite format', 'root:x:0', 'import { ', '"devDependencies"', words.message])
        expect(answer).not.toContain(sign)
      const status = statusOf(answer)
      if (answer !== '') expect([path, status === 303 || (status >= 400 && status < 500)]).toEqual([path, true])
    }
  })

  test('the honest files are served', async () => {
    const [style] = /\/assets\/[\w.-]+\.css/.exec(pages.demo ?? '') ?? []
    expect((await fetch(`${served.url}${style}`)).status).toBe(200)
    expect((await fetch(`${served.url}/widget.js`)).status).toBe(200)
  })

  test('no page, and no address that a page leads to, holds a secret', () => {
    for (const [path, html] of Object.entries(pages)) {
      for (const [name, secret] of Object.entries(secrets)) {
        // What agents write and read stands in the console, and the link's token in the form of the page it opens.
        if (name in words || (path === 'setup' && name === 'setupToken')) continue
        // The page where a message was written is shown as its visitor's browser named it.
        if (path.startsWith('/c/') && name === 'setupToken') continue
        expect([path, name, html.includes(secret)]).toEqual([path, name, false])
      }
    }
    const addresses = Object.values(pages).flatMap((html) =>
      [...html.matchAll(/(?:href|src|action)="([^"]*)"/g)].map((match) => match[1]),
    )
    expect(addresses.length).toBeGreaterThan(20)
    for (const [name, secret] of Object.entries(secrets)) {
      const told = [
        ...addresses.filter((one) => !one?.startsWith('https://shop.example/')),
        ...locations.filter((one) => !one.includes('next=')),
      ]
      expect([name, told.some((one) => one?.includes(secret))]).toEqual([name, false])
    }
  })
})

describe('nobody is let in who was not made', () => {
  test('there are no default credentials, and the folder is made for its owner alone', async () => {
    const other = await freshFolder()
    const fresh = await startServing(builtProgram, ['--data', join(other.path, 'data')])
    for (const email of ['admin@example.com', 'admin', 'root', 'owner@kontuar', 'demo@demo.test', '']) {
      for (const password of ['admin', 'password', 'kontuar', 'demo', '']) {
        const { status } = await new AgentClient(fresh.url).request('POST', '/sign-in', { email, password })
        expect([401, 429]).toContain(status)
      }
    }
    const setup = await new AgentClient(fresh.url).request('POST', '/setup', { ...shop, token: '' })
    expect(setup.status).toBe(403)
    const listed = await run(builtProgram, ['user', 'list', '--json', '--data', join(other.path, 'data')])
    expect(JSON.parse(listed.stdout)).toEqual([])
    expect(((await stat(join(other.path, 'data'))).mode & 0o777).toString(8)).toBe('700')
    await fresh.end('SIGTERM')
    await other[Symbol.asyncDispose]()
  })

  test('the set-up link names the host of the configuration, not what a request says', async () => {
    await fetch(`${served.url}/setup?token=x`, {
      headers: { host: 'evil.example', 'x-forwarded-host': 'evil.example' },
    })
    expect(served.stdout).not.toContain('evil.example')
  })
})

describe('on disk', () => {
  test('what is in the data folder can be read by its owner alone, even where the folder was there before', async () => {
    const names = await readdir(data)
    expect(names).toContain('secret.key')
    expect(names).toContain('kontuar.db')
    for (const name of names)
      expect([name, ((await stat(join(data, name))).mode & 0o077).toString(8)]).toEqual([name, '0'])
  })

  test('a key that others can read is refused at the start, in words', async () => {
    const other = await freshFolder()
    const path = join(other.path, 'data')
    await mkdir(path, { mode: 0o700 })
    await Bun.write(join(path, 'secret.key'), `${'ab'.repeat(32)}\n`)
    await Bun.spawn(['chmod', '644', join(path, 'secret.key')]).exited
    const { code, stderr } = await run(builtProgram, ['serve', '--port', '0', '--data', path])
    expect(code).toBe(1)
    expect(stderr).toContain('chmod 600')
    expect(stderr).not.toContain('abab')
    await other[Symbol.asyncDispose]()
  })
})

describe('after it all', () => {
  beforeAll(async () => {
    const ended = await served.end('SIGTERM')
    log = ended.stderr
    printed = ended.stdout
  })

  test('the log speaks, and tells no secret', () => {
    expect(log.split('\n').length).toBeGreaterThan(3)
    for (const [name, secret] of Object.entries(secrets)) expect([name, log.includes(secret)]).toEqual([name, false])
    expect(log).not.toContain('Secret')
    expect(log).not.toContain(shop.email)
  })

  test('the terminal saw the set-up token once, in its link, and no other secret', () => {
    expect(printed.split(secrets.setupToken ?? '').length).toBe(2)
    for (const [name, secret] of Object.entries(secrets))
      if (name !== 'setupToken') expect([name, printed.includes(secret)]).toEqual([name, false])
  })

  test('the database holds what was said, and of every token and password a hash', async () => {
    const bytes = Buffer.concat(await Promise.all(['kontuar.db'].map((name) => readFile(join(data, name)))))
    for (const said of [words.message, words.answer]) expect(bytes.includes(said)).toBe(true)
    for (const unsaid of [words.typing, words.wrongPassword, shop.password, secrets.visitorToken ?? '-']) {
      expect(bytes.includes(unsaid)).toBe(false)
    }
    for (const [name, secret] of Object.entries(secrets)) {
      if (name.includes('cookie')) expect([name, bytes.includes(secret)]).toEqual([name, false])
    }
    expect(bytes.includes('$argon2id$')).toBe(true)
    expect(bytes.includes((await readFile(join(data, 'secret.key'), 'utf8')).trim())).toBe(false)
  })
})
