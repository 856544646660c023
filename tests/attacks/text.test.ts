import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { parseSync } from 'oxc-parser'
import { createAgent } from '../../src/features/agents/index.ts'
import { findConversation } from '../../src/features/conversations/index.ts'
import { listEntries } from '../../src/features/messages/index.ts'
import { createSite } from '../../src/features/sites/index.ts'
import { sites } from '../../src/features/sites/schema.ts'
import { db } from '../../src/platform/db/open.ts'
import { write } from '../../src/platform/db/write.ts'
import { AgentClient } from '../support/agent-client.ts'
import { hire, password } from '../support/cast.ts'
import { openHouse, type TestHouse } from '../support/house.ts'
import { entriesOverHttp, newClientId, sendOverHttp } from '../support/visitor-client.ts'
import { leastWorkMs } from '../support/work.ts'
import { enterVisitor, rawRequest, statusOf, type Visitor } from './support.ts'

setDefaultTimeout(30_000)

let house: TestHouse
let visitor: Visitor
let anna: AgentClient
let conversationId: string

beforeAll(async () => {
  house = await openHouse()
  const { email } = await hire('Anna')
  anna = new AgentClient(house.url)
  await anna.signIn(email, password)
  visitor = await enterVisitor(house.url, house.site.id)
  conversationId = await kept(await visitor.socket.send({ clientId: newClientId(), body: 'hello' }))
})
afterAll(() => house.close())

async function kept(outcome: unknown): Promise<string> {
  expect(outcome).toMatchObject({ outcome: 'ok' })
  return (outcome as { conversationId: string }).conversationId
}

/** Said over the socket, over HTTP and by an agent: the outcomes in that order. */
const sayEverywhere = (body: unknown) =>
  Promise.all([
    visitor.socket.send({ clientId: newClientId(), body: body as string }),
    sendOverHttp(house.url, visitor.token, { clientId: newClientId(), body: body as string }),
    anna.send(conversationId, { clientId: newClientId(), body: body as string }),
  ])

const keptTexts: [string, string][] = [
  ['an override from right to left', 'invoice\u202Egpj.exe'],
  ['isolates that are never closed', '\u2066\u2067\u2068open'],
  ['marks piled on one letter', `Z${'\u0300\u0301\u0489'.repeat(500)}`],
  ['SQL that would end a string', `'; DROP TABLE messages; --`],
  ['SQL that would match anything', `%' OR '1'='1' /* */ UNION SELECT * FROM agents --`],
  ['operators of a full-text search', `NEAR("a" "b", 10) AND NOT c* ^d -e "`],
  ['headers of a mail', 'Sunday\r\nBcc: everybody@shop.example\r\n\r\nbody'],
  ['a formula', '=HYPERLINK("https://evil.example";"total")'],
  ['placeholders', '{name} {{name}} ${name} <%= name %> {count, plural, other {#}}'],
  ['control characters but NUL', '\u0001\u0007\b\t\u000b\u001b[31mred\u007f\u0085\u2028\u2029'],
  ['JSON', '{"type":"bye","code":"stopping"}'],
  ['characters beyond the first plane', '𝒲🏳️‍🌈👩‍👩‍👧‍👦'],
  ['as much as may be', 'x'.repeat(8000)],
  ['as much as may be, of three bytes each', '€'.repeat(8000)],
]

test.each(keptTexts)('%s: is kept and given back as it was sent, to everybody', async (_, body) => {
  const before = (await findConversation(conversationId))?.lastSeq ?? 0
  for (const outcome of await sayEverywhere(body)) await kept(outcome)
  // An agent's form sends line ends its own way; the log holds what was typed.
  const typed = (texts: string[]) => texts.map((one) => one.replaceAll('\r\n', '\n'))
  const log = (await listEntries(conversationId, { after: before, limit: 10 })).filter(({ kind }) => kind === 'text')
  expect(typed(log.map((entry) => entry.body))).toEqual(typed([body, body, body]))
  const overSocket = (await visitor.socket.since(before)).items
  const overHttp = (await entriesOverHttp(house.url, visitor.token, { since: before })).items
  expect(typed(overSocket.map((entry) => entry.body))).toEqual(typed([body, body, body]))
  expect(overHttp).toEqual(overSocket)
})

const refusedTexts: [string, unknown, string][] = [
  ['a NUL', 'a\0b', 'text_invalid'],
  ['the first half of a pair', 'a\ud83d', 'text_invalid'],
  ['the second half of a pair', '\udc00a', 'text_invalid'],
  ['the halves the wrong way round', '\udc00\ud83d', 'text_invalid'],
  ['one character too many', 'x'.repeat(8001), 'text_too_long'],
  ['a pair across the end', `${'x'.repeat(7999)}😀`, 'text_too_long'],
  ['nothing', '', 'text_missing'],
  ['white space of every kind', ' \t\r\n\u00a0\u2003\u3000\ufeff', 'text_missing'],
]

test.each(refusedTexts)('%s: is refused with a code, and the next message is heard', async (_, body, code) => {
  const overSocket = visitor.socket.send({ clientId: newClientId(), body: body as string })
  const overHttp = sendOverHttp(house.url, visitor.token, { clientId: newClientId(), body: body as string })
  for (const outcome of await Promise.all([overSocket, overHttp])) {
    expect(outcome).toMatchObject({ outcome: 'refused', code, retryable: false })
    expect(JSON.stringify(outcome)).not.toContain('xxxx')
  }
  const asJson = await anna.request('POST', `/c/${conversationId}/messages`, undefined, {})
  expect(asJson.status).toBe(400)
  for (const outcome of await sayEverywhere('and now?')) await kept(outcome)
})

test.each([[null], [7], [true], [['text']], [{ toString: 'text' }], [undefined]])(
  'a body that is no text (%j) is refused',
  async (body) => {
    const [overSocket, overHttp] = await sayEverywhere(body)
    expect(overSocket).toMatchObject({ outcome: 'refused', code: 'text_missing' })
    expect(overHttp).toMatchObject({ outcome: 'refused', code: 'text_missing' })
  },
)

test('bytes that are no UTF-8 are refused as a body, and a byte order mark is no crash', async () => {
  for (const bytes of [
    [0xff, 0xfe],
    [0xc0, 0xae],
    [0xed, 0xa0, 0x80],
    [0xef, 0xbb, 0xbf],
    [0xf8, 0x88, 0x80, 0x80, 0x80],
  ]) {
    for (const path of [
      '/api/widget/v1/messages',
      '/api/widget/v1/sessions',
      '/sign-in',
      `/c/${conversationId}/messages`,
    ]) {
      const { status } = await fetch(house.url + path, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${visitor.token}`,
          cookie: anna.cookieHeader(),
          accept: 'application/json',
        },
        body: new Uint8Array(bytes),
      })
      expect([path, status]).toEqual([path, 400])
    }
  }
})

describe('what a visitor says they type', () => {
  test.each([
    ['\0', 'text_invalid'],
    ['\ud83d', 'text_invalid'],
    ['x'.repeat(8001), 'text_too_long'],
  ])('is refused when it could not be kept either (%#)', async (text, code) => {
    const refused = visitor.socket.nextFrame('refuse')
    visitor.socket.typing(text)
    expect(await refused).toMatchObject({ code })
  })

  test.each([[null], [7], [{}], [[]]])('and is no text (%j) empties the box and nothing more', async (text) => {
    visitor.socket.say({ type: 'typing', text })
    await visitor.socket.ping()
  })
})

describe('the page a message is written on', () => {
  const pages: [string, unknown, object | null][] = [
    [
      'an honest one',
      { url: 'https://shop.example/water?id=1', title: 'Water' },
      { url: 'https://shop.example/water?id=1', title: 'Water' },
    ],
    ['a script', { url: 'javascript:alert(1)', title: 'x' }, null],
    ['a script in disguise', { url: ' \u0001java\nscript:alert(1)', title: 'x' }, null],
    ['data', { url: 'data:text/html,<script>alert(1)</script>' }, null],
    ['a file', { url: 'file:///etc/passwd' }, null],
    ['a password in it', { url: 'https://anna:secret@shop.example/' }, { url: 'https://shop.example/' }],
    ['a NUL', { url: 'https://shop.example/\0' }, null],
    ['half a pair in its title', { url: 'https://shop.example/', title: 'a\ud83d' }, { url: 'https://shop.example/' }],
    ['too long an address', { url: `https://shop.example/${'x'.repeat(2000)}` }, null],
    [
      'a title cut within a pair',
      { url: 'https://shop.example/', title: `${'x'.repeat(199)}😀` },
      { url: 'https://shop.example/', title: `${'x'.repeat(199)}\ufffd` },
    ],
    [
      'quotes and angles',
      { url: 'https://shop.example/"><script>' },
      { url: 'https://shop.example/%22%3E%3Cscript%3E' },
    ],
    ['no text', { url: ['https://shop.example/'], title: {} }, null],
    ['no page', 'https://shop.example/', null],
  ]

  test.each(pages)('%s', async (_, page, expected) => {
    const sent = await visitor.socket.send({ clientId: newClientId(), body: 'here', page })
    await kept(sent)
    const [entry] = (await listEntries(conversationId, { limit: 200 })).slice(-1)
    expect(entry?.page ?? null).toEqual(expected as never)
  })
})

describe('an identifier that is SQL', () => {
  const injections = [
    `' OR '1'='1`,
    `1; DROP TABLE sites`,
    `") OR 1=1 --`,
    `' UNION SELECT token_hash FROM visitors --`,
    `\\' OR 1 --`,
    `%`,
    `*`,
    `"`,
    `NULL`,
  ]

  test.each(injections.map((one) => [one]))('%s finds nothing and breaks nothing', async (sql) => {
    const q = encodeURIComponent(sql)
    const authorization = `Bearer ${visitor.token}`
    const asked = await Promise.all([
      fetch(`${house.url}/api/widget/v1/entries?conversation=${q}`, { headers: { authorization } }),
      fetch(`${house.url}/api/widget/v1/entries?since=${q}`, { headers: { authorization } }),
      fetch(`${house.url}/api/widget/v1/sessions`, { method: 'POST', body: JSON.stringify({ siteId: sql }) }),
      fetch(`${house.url}/widget/frame?site=${q}`),
    ])
    for (const { status } of asked) expect([400, 404]).toContain(status)
    for (const path of [
      `/c/${q}`,
      `/c/${q}/entries`,
      `/inbox?folder=${q}`,
      `/inbox/rows?folder=waiting&before=${q}`,
      `/inbox/rows?before=${q}.${q}`,
      `/c/${conversationId}/entries?after=${q}`,
      `/c/${conversationId}/entries?before=${q}`,
    ]) {
      const { status, text } = await anna.get(path, 'application/json')
      expect([path, status >= 400 && status < 500]).toEqual([path, true])
      expect(text).not.toContain('hello')
    }
    const signIn = await new AgentClient(house.url).request('POST', '/sign-in', {
      email: `${sql}@shop.test`,
      password: sql,
    })
    expect([401, 429]).toContain(signIn.status)
    expect((await db.select().from(sites)).length).toBe(1)
  })
})

describe('a line break', () => {
  const breaks = [
    '\r\nSet-Cookie: kontuar=evil',
    '%0d%0aSet-Cookie:%20kontuar=evil',
    '\u560d\u560aSet-Cookie: kontuar=evil',
    '\nX-Evil: 1',
    '\rX-Evil: 1',
  ]

  test('in the address to go to after sign-in reaches no header', async () => {
    for (const one of breaks) {
      const agent = new AgentClient(house.url)
      const form = { email: 'anna@shop.test', password, next: `/inbox${one}` }
      const answer = await agent.request('POST', '/sign-in', form, { accept: 'text/html' })
      expect(answer.status).toBe(303)
      expect(agent.cookies.get('kontuar')).not.toBe('evil')
      expect(answer.location).not.toMatch(/[\r\n]/)
    }
  })

  test('in a query, a cookie, a path or an Origin reaches no header', async () => {
    for (const one of breaks.filter((text) => !/[\r\n]/.test(text))) {
      for (const request of [
        `GET /sign-in?next=${encodeURI(one)} HTTP/1.1\r\nHost: x\r\n\r\n`,
        `GET /c/${encodeURI(one)} HTTP/1.1\r\nHost: x\r\n\r\n`,
        `GET /inbox HTTP/1.1\r\nHost: x\r\nCookie: kontuar=${encodeURI(one)}\r\n\r\n`,
        `OPTIONS /api/widget/v1/messages HTTP/1.1\r\nHost: x\r\nOrigin: https://x${encodeURI(one)}\r\n\r\n`,
      ]) {
        const [head = ''] = (await rawRequest(house.url, request)).split('\r\n\r\n')
        expect(head).not.toMatch(/^(set-cookie: kontuar=evil|x-evil)/im)
      }
    }
  })

  test('in an account’s name becomes a space, other control characters and those of an e-mail address are refused', async () => {
    const account = { email: 'bea@shop.test', name: 'Bea\r\nBcc: all@shop.test', role: 'agent', password }
    expect((await createAgent(account)).name).toBe('Bea Bcc: all@shop.test')
    for (const name of ['Bea\u001b[2J', 'Bea\u0007', '\0Bea', 'Bea\u009b31m', 'Bea\ud83d', '\u200b'.repeat(101)]) {
      await expect(createAgent({ ...account, email: 'b@shop.test', name })).rejects.toThrow('name_missing')
    }
    for (const email of [
      'a@shop.test\r\nBcc: all@shop.test',
      'a\n@shop.test',
      'a@shop.test,b@shop.test',
      '<a@shop.test>',
      'a\0@shop.test',
    ]) {
      await expect(createAgent({ ...account, email })).rejects.toThrow('email_invalid')
    }
  })
})

test('a strange Host or request line gets an answer, not a crash', async () => {
  const { hostname } = new URL(house.url)
  const requests = [
    'GET / HTTP/1.1\r\n\r\n',
    'GET / HTTP/1.1\r\nHost:\r\n\r\n',
    'GET /inbox HTTP/1.1\r\nHost: a b\r\n\r\n',
    'GET /inbox HTTP/1.1\r\nHost: [::1\r\n\r\n',
    'GET /inbox HTTP/1.1\r\nHost: x:99999\r\n\r\n',
    'GET /inbox HTTP/1.1\r\nHost: "><script>alert(1)</script>\r\n\r\n',
    'GET //evil.example/inbox HTTP/1.1\r\nHost: x\r\n\r\n',
    'GET http://evil.example/inbox HTTP/1.1\r\nHost: x\r\n\r\n',
    'GET /inbox?%ff=%zz&&&=== HTTP/1.1\r\nHost: x\r\n\r\n',
    'GET /c/%zz HTTP/1.1\r\nHost: x\r\n\r\n',
    'GET /assets/%zz HTTP/1.1\r\nHost: x\r\n\r\n',
    'POST /sign-in HTTP/1.1\r\nHost: a b\r\nContent-Length: 0\r\n\r\n',
    'POST /api/widget/v1/messages HTTP/1.1\r\nHost: [::1\r\nContent-Length: 2\r\n\r\n{}',
    'GET /api/widget/v1/entries HTTP/1.1\r\nHost: a b\r\n\r\n',
    upgradeTo('a b'),
  ]
  for (const request of requests) {
    const answer = await rawRequest(house.url, request)
    // Nothing at all is an answer too: the server hung up on what is no HTTP.
    if (answer !== '') expect([request, statusOf(answer) < 500]).toEqual([request, true])
    expect(answer).not.toContain('<script>alert(1)')
    expect(answer).not.toMatch(/^location: (http:)?\/\/evil/im)
  }
  expect((await fetch(`http://${hostname}:${new URL(house.url).port}/healthz`)).status).toBe(200)
})

const upgradeTo = (host: string) =>
  `GET /live HTTP/1.1\r\nHost: ${host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nOrigin: http://${host}\r\n\r\n`

test('a way back after sign-in leads nowhere else', async () => {
  const elsewhere = [
    'https://evil.example/',
    '//evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/\t/evil.example',
    '/.//evil.example',
    '/..//evil.example',
    '/%2e//evil.example',
    '/x/..//evil.example',
    '/./\\evil.example',
    '/%09//evil.example',
    'javascript:alert(1)',
    ' //evil.example',
    '/%2F/evil.example',
    'inbox',
  ]
  for (const next of elsewhere) {
    const agent = new AgentClient(house.url)
    const { location } = await agent.request(
      'POST',
      '/sign-in',
      { email: 'anna@shop.test', password, next },
      { accept: 'text/html' },
    )
    const signedIn = await agent.get(`/sign-in?next=${encodeURIComponent(next)}`)
    for (const to of [location, signedIn.location]) {
      const reached = new URL(to ?? '', house.url)
      expect([next, reached.origin]).toEqual([next, new URL(house.url).origin])
    }
  }
  const honest = await new AgentClient(house.url).request(
    'POST',
    '/sign-in',
    { email: 'anna@shop.test', password, next: `/c/${conversationId}?folder=active` },
    { accept: 'text/html' },
  )
  expect(honest.location).toBe(`/c/${conversationId}?folder=active`)
})

test('a shop’s name and greeting that are hostile reach visitors as text and nothing else', async () => {
  const name = `"><img src=x onerror=alert(1)> \u202E {{7*7}}`
  const site = await write((tx) => createSite(tx, { name, greeting: name }))
  const answer = await fetch(`${house.url}/api/widget/v1/sessions`, {
    method: 'POST',
    body: JSON.stringify({ siteId: site.id }),
  })
  expect(answer.headers.get('content-type')).toStartWith('application/json')
  expect(((await answer.json()) as { site: object }).site).toMatchObject({ name, greeting: name })
  const frame = await (await fetch(`${house.url}/widget/frame?site=${site.id}`)).text()
  expect(frame).not.toContain('<img')
})

describe('every regular expression of the server and the browser', () => {
  const longest = 32_768
  const slowMs = 120

  test('answers in time, whatever stands before it', async () => {
    const slow: string[] = []
    for (const { file, source, flags } of await everyRegExp()) {
      const worst = worstCase(new RegExp(source, flags.replace('y', '')), source)
      if (worst) slow.push(`${file}: /${source}/${flags} on ${worst}`)
    }
    expect(slow).toEqual([])
  }, 120_000)

  test('is found by this test, and a bad one would be', async () => {
    expect((await everyRegExp()).length).toBeGreaterThan(20)
    expect(worstCase(/^(a+)+$/, '^(a+)+$')).not.toBeNull()
    expect(worstCase(/\s*;\s*/, '\\s*;\\s*')).not.toBeNull()
    expect(worstCase(/^[a-z0-9_-]{1,64}$/, '^[a-z0-9_-]{1,64}$')).toBeNull()
  }, 120_000)

  async function everyRegExp() {
    const found: { file: string; source: string; flags: string }[] = []
    for (const folder of ['src', 'views']) {
      for await (const file of new Bun.Glob('**/*.{ts,tsx}').scan(folder)) {
        // What an operator types at their own machine meets no stranger.
        if (/^(build|cli)\/|^main\.ts$/.test(file)) continue
        const path = `${folder}/${file}`
        const { program } = parseSync(path, await Bun.file(path).text())
        JSON.stringify(program, (_, node: unknown) => {
          const { regex } = (node ?? {}) as { regex?: { pattern: string; flags: string } }
          if (regex) found.push({ file: path, source: regex.pattern, flags: regex.flags })
          return typeof node === 'bigint' ? null : node
        })
      }
    }
    return found
  }

  /** Texts made of what the expression itself speaks of, grown until they are long or it is slow. */
  function worstCase(regexp: RegExp, source: string): string | null {
    const own = [...new Set(source.replaceAll(/\\[a-zA-Z]|[\\^$()[\]{}|?*+]/g, ''))].slice(0, 12)
    const pumps = [...new Set([' ', 'a', '0', '.', '/', 'é', ...own, ...own.slice(0, 4).map((one) => `${one}a`)])]
    const literal = /^\^?((?:[a-z]|\\?[/:.?%])+)/i.exec(source)?.[1]?.replaceAll('\\', '') ?? ''
    for (const pump of pumps) {
      for (const before of new Set(['', literal])) {
        for (const after of ['', '\u0000', '!x']) {
          for (let n = 8; n <= longest; n = n < 32 ? n + 2 : n * 2) {
            const text = before + pump.repeat(n) + after
            const limit = n < 32 ? 20 : slowMs
            let took = timeOf(regexp, text)
            // The machine may have been busy with other things.
            if (took > limit) took = leastWorkMs(() => timeOf(regexp, text))
            if (took > limit)
              return `${n} times ${JSON.stringify(pump)} after ${JSON.stringify(before)}: ${Math.round(took)} ms`
          }
        }
      }
    }
    return null
  }

  function timeOf(regexp: RegExp, text: string): number {
    const from = performance.now()
    regexp.lastIndex = 0
    text.replace(regexp, '')
    return performance.now() - from
  }
})
