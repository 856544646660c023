import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { sendMessage } from '../../src/features/messages/index.ts'
import { findSite } from '../../src/features/sites/index.ts'
import { AgentClient } from '../support/agent-client.ts'
import { hire, newVisitor, password } from '../support/cast.ts'
import { openHouse, type TestHouse } from '../support/house.ts'
import { newClientId, session } from '../support/visitor-client.ts'
import { honestTurn, keepLog, openWire, rawRequest, statusOf } from './support.ts'

setDefaultTimeout(60_000)

let house: TestHouse
let olga: AgentClient
let token: string
let conversationId: string

beforeAll(async () => {
  house = await openHouse({ 'no-limits': true, demo: true })
  const { email } = await hire('Olga', 'owner')
  olga = new AgentClient(house.url)
  await olga.signIn(email, password)
  token = (await session(house.url, house.site.id)).visitorToken
  conversationId = (await sendMessage(newVisitor(house.site.id), { clientId: newClientId(), body: 'hello' }))
    .conversationId
})
afterAll(() => house.close())

const paths = () => [
  '/',
  '/setup',
  '/sign-in',
  '/account',
  '/account/locale',
  '/account/theme',
  '/palette',
  '/search',
  '/search/more',
  '/system',
  '/dialogs/keys',
  '/dialogs/__proto__',
  '/manifest.webmanifest',
  '/sw.js',
  '/offline',
  '/styleguide',
  '/session',
  '/inbox',
  '/inbox/rows',
  `/c/${conversationId}`,
  `/c/${conversationId}/entries`,
  `/c/${conversationId}/messages`,
  `/c/${conversationId}/take`,
  `/c/${conversationId}/read`,
  '/c/__proto__',
  '/settings/sites',
  `/settings/sites/${house.site.id}/chat`,
  '/settings/sites/constructor/chat',
  '/live',
  '/widget.js',
  '/widget/frame',
  '/demo',
  '/healthz',
  '/assets/x',
  '/api/widget/v1/sessions',
  '/api/widget/v1/messages',
  '/api/widget/v1/entries',
  '/api/widget/v1/socket',
  '/api/widget/v1/constructor',
]

const queries = [
  '',
  '?before=1&before=2&after=1&after=2&folder=waiting&folder=active&limit=1&limit=2&token=a&token=b&next=/a&next=/b&site=a&site=b&since=1&since=2&conversation=a&conversation=b',
  '?before[]=1&before[x]=2&after[]=1&__proto__[x]=1&constructor[prototype][x]=1&__proto__=1&hasOwnProperty=1',
  '?before=%00&after=%ff%fe&folder=%ed%a0%80&limit=-1&token=%&next=%2e&since=1e9&conversation=null',
  `?before=${'9'.repeat(400)}&after=9007199254740993&limit=Infinity&since=00000000000000000001`,
]

const bodies: [type: string, body: BodyInit][] = [
  ['application/json', '{}'],
  ['application/json', '[]'],
  ['application/json', 'null'],
  ['application/json', '"text"'],
  [
    'application/json',
    '{"__proto__":{"clientId":"a"},"constructor":1,"clientId":{"a":1},"body":["x"],"seq":{},"locale":[],"email":[],"password":{},"token":[],"siteId":{},"visitorToken":[]}',
  ],
  ['application/json', `{"body":${'['.repeat(50_000)}${']'.repeat(50_000)}}`],
  ['application/json; charset=utf-16', '{"body":"x"}'],
  [
    'application/x-www-form-urlencoded',
    'clientId=a&clientId=b&body=%00&body=%ff&seq=NaN&seq=1e999&locale=__proto__&__proto__=x&email=%ed%a0%80',
  ],
  [
    'multipart/form-data; boundary=x',
    '--x\r\nContent-Disposition: form-data; name="body"; filename="../x"\r\n\r\nx\r\n--x--',
  ],
  ['text/plain', '{"clientId":"a","body":"x"}'],
  ['application/xml', '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'],
  ['', 'x'],
]

test('no route answers any method, query or body with an error of ours', async () => {
  const kept = keepLog()
  const failed: string[] = []
  for (const path of paths()) {
    const tries = ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE'].flatMap((method) => {
      const withBody = method !== 'GET' && method !== 'HEAD' && method !== 'OPTIONS'
      const all: ([string, BodyInit] | null)[] = withBody ? [null, ...bodies] : [null]
      return all.flatMap((body) => (body ? [queries[1] ?? ''] : queries).map((query) => ({ method, body, query })))
    })
    await Promise.all(
      tries.map(async ({ method, body, query }) => {
        const response = await fetch(house.url + path + query, {
          method,
          redirect: 'manual',
          headers: {
            cookie: olga.cookieHeader(),
            authorization: `Bearer ${token}`,
            accept: 'application/json',
            ...(body?.[0] ? { 'content-type': body[0] } : {}),
          },
          ...(body ? { body: body[1] } : {}),
        })
        const text = await response.text()
        const told = /node_modules|\.tsx?:\d|SQLITE|TypeError|drizzle|root:x/.test(text)
        if (response.status >= 500 || told)
          failed.push(`${method} ${path}${query} ${body?.[0]}: ${response.status} ${text}`.slice(0, 300))
      }),
    )
  }
  kept.stop()
  expect(failed).toEqual([])
  expect(kept.lines.filter((line) => /"level":"error"/.test(line)).slice(0, 5)).toEqual([])
  expect(({} as { x?: unknown }).x).toBeUndefined()
  // A program with the owner's cookie that asks for it may switch the chat off; asked for nicely, it comes on again.
  expect((await olga.switchChat(house.site.id, true)).status).toBe(200)
  await honestTurn(house.url, house.site.id)
})

test('no header of whatever shape makes an error of ours', async () => {
  const odd = [
    '',
    ' ',
    ',',
    ';',
    '=',
    '%',
    '%00',
    '\u00ff\u00fe',
    '"',
    "'",
    '../',
    '__proto__',
    'null',
    '-1',
    '1e999',
    'a'.repeat(7000),
    '=;=;=',
    ',,,,',
    'q=;q=',
    '*/*;q=x',
  ]
  const names = [
    'accept',
    'accept-language',
    'accept-encoding',
    'authorization',
    'content-length',
    'content-type',
    'cookie',
    'if-none-match',
    'origin',
    'range',
    'sec-fetch-site',
    'x-forwarded-for',
    'x-forwarded-proto',
    'hx-request',
    'hx-current-url',
    'te',
    'expect',
  ]
  const failed: string[] = []
  for (const path of ['/inbox', '/widget.js', '/api/widget/v1/entries']) {
    await Promise.all(
      names.flatMap((name) =>
        odd.map(async (value) => {
          const cookie = name === 'cookie' ? '' : `Cookie: ${olga.cookieHeader()}\r\n`
          const answer = await rawRequest(
            house.url,
            `GET ${path} HTTP/1.1\r\nHost: ${new URL(house.url).host}\r\nConnection: close\r\n${cookie}${name}: ${value}\r\n\r\n`,
          )
          if (statusOf(answer) >= 500) failed.push(`${path} ${name}: ${value.slice(0, 50)}`)
        }),
      ),
    )
  }
  expect(failed).toEqual([])
})

test('a request within a request is not carried out', async () => {
  const inner = `DELETE /settings/sites/${house.site.id}/chat HTTP/1.1\r\nHost: ${new URL(house.url).host}\r\nCookie: ${olga.cookieHeader()}\r\n\r\n`
  const host = `Host: ${new URL(house.url).host}\r\n`
  const smuggled = [
    `POST /sign-out HTTP/1.1\r\n${host}Content-Length: ${inner.length + 5}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${inner}`,
    `POST /sign-out HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n${inner}`,
    `POST /sign-out HTTP/1.1\r\n${host}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n${inner}`,
    `POST /sign-out HTTP/1.1\r\n${host}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n${inner}`,
    `POST /sign-out HTTP/1.1\r\n${host}Content-Length: 0\r\nContent-Length: ${inner.length}\r\n\r\n${inner}`,
    `POST /sign-out HTTP/1.1\r\n${host}Content-Length: +${inner.length}\r\n\r\n${inner}`,
    `GET /healthz HTTP/1.1\r\n${host}Content-Length: ${inner.length}\r\n\r\n${inner}`,
  ]
  for (const request of smuggled) {
    const wire = await openWire(house.url)
    wire.write(request)
    await Bun.sleep(150)
    wire.socket.destroy()
    expect([request.split('\r\n\r\n')[0], (await findSite(house.site.id))?.chatEnabled]).toEqual([
      request.split('\r\n\r\n')[0],
      true,
    ])
  }
  // The control: on its own it is a request like any other.
  expect(statusOf(await rawRequest(house.url, inner, 15_000))).toBe(200)
  expect((await findSite(house.site.id))?.chatEnabled).toBe(false)
  await olga.switchChat(house.site.id, true)
})

test('a body of gigabytes is refused when it is announced, and cut off when it is not', async () => {
  const head = (path: string, length: string) =>
    `POST ${path} HTTP/1.1\r\nHost: ${new URL(house.url).host}\r\nContent-Type: application/json\r\n${length}\r\n\r\n`
  for (const path of ['/api/widget/v1/sessions', '/sign-in', `/c/${conversationId}/messages`, '/nothing']) {
    const announced = await rawRequest(house.url, head(path, 'Content-Length: 5000000000'), 15_000)
    expect([path, statusOf(announced) >= 400 && statusOf(announced) < 500]).toEqual([path, true])
    const wire = await openWire(house.url)
    wire.write(head(path, 'Transfer-Encoding: chunked'))
    let sent = 0
    let open = true
    void wire.closed.then(() => (open = false))
    for (; open && sent < 64 && statusOf(wire.received()) === 0; sent++) {
      wire.write(`100000\r\n${' '.repeat(0x100000)}\r\n`)
      // What waits to be sent is nothing that the house has taken.
      const waits = () => open && wire.socket.writableLength > 0 && statusOf(wire.received()) === 0
      do await Bun.sleep(10)
      while (waits())
    }
    wire.socket.destroy()
    expect([path, sent < 64]).toEqual([path, true])
  }
  await honestTurn(house.url, house.site.id)
})
