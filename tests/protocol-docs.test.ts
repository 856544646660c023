import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { Glob } from 'bun'
import { eq } from 'drizzle-orm'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Limits, readConfig } from '../src/config.ts'
import { agents } from '../src/features/agents/schema.ts'
import { finishConversation } from '../src/features/conversations/index.ts'
import { readUpTo, sendMessage } from '../src/features/messages/index.ts'
import {
  changeWidget,
  createSite,
  deactivateSite,
  type NewSite,
  type SiteRow,
  switchChat,
} from '../src/features/sites/index.ts'
import { blockVisitor, readVisitorToken } from '../src/features/visitors/index.ts'
import { visitors } from '../src/features/visitors/schema.ts'
import { closeStore } from '../src/platform/db/open.ts'
import { setStoreMode, unanswered } from '../src/platform/db/state.ts'
import { write } from '../src/platform/db/write.ts'
import { setUpLog } from '../src/platform/lib/log.ts'
import { type RefusalCode, refusals } from '../src/platform/lib/refuse.ts'
import { publish, reactInside } from '../src/platform/live/bus.ts'
import { enter } from '../src/platform/live/presence.ts'
import { openHouse, type TestHouse } from './support/house.ts'
import { anchorOf, below, fences, quoted, type Row, sections, tables } from './support/markdown.ts'
import { newClientId, session, type ServerFrame, VisitorSocket } from './support/visitor-client.ts'

const root = join(import.meta.dir, '..')
const source = (path: string): Promise<string> => Bun.file(join(root, path)).text()
const page = await source('docs/protocol.md')
const all = sections(page)
const section = (heading: string) => {
  const found = all.find((one) => one.heading === heading)
  if (!found) throw new Error(`no section is called ${heading}`)
  return found
}
const rowsOf = (heading: string): Row[] => tables(section(heading).body).flat()
const name = (cell = ''): string => quoted(cell)[0] ?? ''

const api = '/api/widget/v1'
const example = {
  site: '0192f0c1-7a3e-7c55-9d2b-5f7f0e6a1b2c',
  conversation: '0192f0c4-1b7d-7e11-8a44-2c9e5d3f6071',
  token: 'k1.AZLwwXo-fFWdK19_DmobLAGS8MQbfX4RikQsnl0_YHE',
}

const clientFrames = below(all, 'Client frames')
const serverFrameSections = below(all, 'Server frames').filter(
  ({ level, heading }) => level === 3 && heading !== 'Objects',
)
const frameName = (heading: string): string => heading.split(' ')[0] ?? ''

// --- what the code says

const visitorFiles = [
  'src/features/widget/{api,feature,frames,gate,live,own-conversation,visitor-socket}.ts',
  'src/features/{messages,visitors}/*.ts',
  'src/features/sites/index.ts',
  'src/features/conversations/{find,log,open,reopen}.ts',
  'src/platform/db/{write,state}.ts',
  'src/platform/http/{body.ts,problem.tsx}',
  'src/platform/lib/text.ts',
].flatMap((pattern) => [...new Glob(pattern).scanSync(root)])

// Refused in those files to agents alone.
const toAgentsOnly = ['conversation_finished', 'forbidden', 'placeholder_unfilled']

async function found(pattern: RegExp, files = visitorFiles): Promise<Set<string>> {
  const texts = await Promise.all(files.map(source))
  return new Set(texts.flatMap((text) => [...text.matchAll(pattern)].map(([, inside = '']) => inside)))
}

/** The value of a constant that only its own file needs. */
async function constant(path: string, of: string): Promise<number> {
  const written = new RegExp(`const ${of} = ([\\d_* ]+)`).exec(await source(path))?.[1]
  if (!written) throw new Error(`${path} has no ${of}`)
  return written.split('*').reduce((product, factor) => product * Number(factor.replaceAll('_', '')), 1)
}

const digits = (cell = ''): number => Number((/\d[\d,]*/.exec(cell)?.[0] ?? '').replaceAll(',', ''))

describe('docs/protocol.md names', () => {
  test('every refusal that a visitor can get, with its status and whether it is retryable, and no other', async () => {
    const thrown = await found(/\brefused?\('(\w+)'/g)
    const documented = rowsOf('Refusals').map((row) => name(row.code))
    expect(documented.toSorted()).toEqual([...thrown].filter((code) => !toAgentsOnly.includes(code)).toSorted())
    for (const row of rowsOf('Refusals')) {
      const { status, retryable } = refusals[name(row.code) as RefusalCode]
      expect([row.code, row.status, row.retryable]).toEqual([row.code, `${status}`, retryable ? 'yes' : 'no'])
    }
  })

  test('only refusals that it explains', () => {
    const explained = rowsOf('Refusals').map((row) => name(row.code))
    const mentioned = all.flatMap(({ body }) => body.match(/^Refuses [\s\S]*?(?=\n\n|\n*$)/gm) ?? []).flatMap(quoted)
    expect(mentioned.length).toBeGreaterThan(20)
    const codes = mentioned.filter((word) => word in refusals)
    expect(codes.filter((code) => !explained.includes(code))).toEqual([])
    const odd = ['hello', 'since', 'send', 'read', 'conversationId']
    expect(mentioned.filter((word) => !codes.includes(word) && !odd.includes(word))).toEqual([])
  })

  test('every frame that a client may send, and no other', async () => {
    const handled = await found(/case '(\w+)':/g, ['src/features/widget/visitor-socket.ts'])
    expect(clientFrames.map(({ heading }) => heading).toSorted()).toEqual([...handled, 'hello'].toSorted())
  })

  test('every frame that the server sends, and no other', async () => {
    const sent = await found(
      /\btype: '(\w+)'/g,
      visitorFiles.filter((path) => path.includes('/widget/')),
    )
    expect(serverFrameSections.map(({ heading }) => frameName(heading)).toSorted()).toEqual([...sent].toSorted())
  })

  test('every reason for a bye, and every close code', async () => {
    const reasons = await found(/\.bye\('(\w+)'/g)
    expect(rowsOf('bye').flatMap((row) => quoted(row.bye ?? ''))).toEqual(expect.arrayContaining([...reasons]))
    expect(rowsOf('bye').filter((row) => row.bye)).toHaveLength(reasons.size)
    const text = await source('src/features/widget/visitor-socket.ts')
    const codes = /closeCode: ([\d |]+)/.exec(text)?.[1]?.split(' | ') ?? []
    expect(codes.length).toBeGreaterThan(2)
    const listed = new Set(rowsOf('Keeping a connection').map((row) => row['close code']))
    expect(codes.filter((code) => !listed.has(code.trim()))).toEqual([])
  })

  test('only sections that exist', () => {
    const anchors = new Set(all.map(({ heading }) => anchorOf(heading)))
    const links = [...page.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor = '']) => anchor)
    expect(links.filter((anchor) => !anchors.has(anchor))).toEqual([])
  })
})

describe('docs/protocol.md gives the limits of the code', () => {
  test('sizes and times', async () => {
    const socket = 'src/features/widget/visitor-socket.ts'
    const frames = 'src/features/widget/frames.ts'
    const visit = 'src/features/widget/visit.ts'
    const wire = 'src/platform/http/socket.ts'
    const list = 'src/features/messages/list-entries.ts'
    const expected: Record<string, number> = {
      'a frame, or a request body': await constant(frames, 'maxFrameBytes'),
      'a message that cuts the connection': await constant(wire, 'longestMessageBytes'),
      'nesting of a frame': await constant(frames, 'maxDepth'),
      '`body`, `typing.text`': await constant('src/platform/lib/text.ts', 'maxBodyLength'),
      '`clientId`': digits(/\{1,(\d+)\}\$\//.exec(await source(socket))?.[1]),
      '`page.url`': await constant(frames, 'maxUrl'),
      '`page.title`': await constant(frames, 'maxTitle'),
      '`visit.language`': await constant(visit, 'maxLanguage'),
      '`visit.timeZone`': await constant(visit, 'maxTimeZone'),
      '`visit.attributes`': await constant(visit, 'maxAttributes'),
      'the name of an attribute': await constant(visit, 'maxAttributeName'),
      'the text of an attribute': await constant(visit, 'maxAttributeValue'),
      'visitor token': digits(/length > (\d+)/.exec(await source('src/features/visitors/visitor-token.ts'))?.[1]),
      'items in a page': await constant(list, 'pageItems'),
      'bytes in a page': await constant(list, 'pageBytes'),
      'bytes waiting for a reader': await constant(wire, 'readerFullBytes'),
      'conversations in `welcome`': digits(
        /\.limit\(fixedLimit\((\d+)\)\)/.exec(await source('src/features/conversations/find.ts'))?.[1],
      ),
      'agents in `welcome`': digits(/slice\(0, (\d+)\)/.exec(await source(frames))?.[1]),
      '`hello` after connecting': await constant(socket, 'helloWithinMs'),
      'silence before the server closes': (await constant(wire, 'silenceSeconds')) * 1000,
      'a request body to arrive': await constant('src/platform/http/body.ts', 'bodyWithinMs'),
    }
    const documented = rowsOf('Limits').filter((row) => row['size or time'])
    expect(Object.fromEntries(documented.map((row) => [row['size or time'], digits(row.limit)]))).toEqual(expected)
    expect(page).toContain(`1 to ${expected['`body`, `typing.text`']} UTF-16`)
    expect(page).toContain(`at most ${expected['items in a page']} items`)
  })

  test('rates, under the names of their settings', async () => {
    const { limits } = readConfig({ data: join(tmpdir(), 'kontuar-nowhere') }, {})
    const gate = 'src/features/widget/gate.ts'
    const framesBurst = await constant(gate, 'framesBurst')
    const framesPerSecond = await constant(gate, 'framesPerSecond')
    const crowd = await constant(gate, 'crowd')
    const rates = rowsOf('Limits').filter((row) => row.rate)
    for (const row of rates) {
      for (const setting of quoted(row.setting ?? '')) {
        const value = limits[setting.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()) as keyof Limits]
        const cell = setting.endsWith('_per_second') ? row.then : row['at once']
        expect([setting, digits(cell)]).toEqual([setting, value])
      }
    }
    expect(rates.flatMap((row) => quoted(row.setting ?? ''))).toHaveLength(Object.keys(limits).length)
    const fixed = rates.filter((row) => !row.setting).map((row) => [digits(row['at once']), digits(row.then)])
    expect(fixed).toEqual([
      [await constant(gate, 'bytesBurst'), await constant(gate, 'bytesPerSecond')],
      [await constant(gate, 'bytesBurstOfAddress'), await constant(gate, 'bytesPerSecondOfAddress')],
      [await constant(gate, 'socketsPerVisitor'), 0],
      [await constant(gate, 'askBurst'), await constant(gate, 'askPerSecond')],
      [await constant(gate, 'movesBurst'), await constant(gate, 'movesPerSecond')],
      [framesBurst, framesPerSecond],
      [framesBurst * crowd, framesPerSecond * crowd],
    ])
    const socket = 'src/features/widget/visitor-socket.ts'
    expect(page).toContain('1,000 frames or 2 MB (2,097,152 bytes) waiting')
    expect(await constant(socket, 'longestInbox')).toBe(1000)
    expect(await constant(socket, 'fullestInbox')).toBe(2_097_152)
  })
})

// --- what the running server says

let house: TestHouse
let site: SiteRow
const anna = {
  kind: 'agent',
  agentId: '0192f0c0-55aa-7b21-b1f0-6a1d2c3e4f50',
  name: 'Anna',
  title: 'Delivery',
} as const
const sockets: VisitorSocket[] = []

beforeAll(async () => {
  house = await openHouse()
  site = await addSite({ name: 'Spring water', greeting: 'Hello! How can we help?' })
  const row = { id: anna.agentId, email: 'anna@example.org', emailFolded: 'anna@example.org', name: anna.name }
  const { title } = anna
  await write((tx) => tx.insert(agents).values({ ...row, title, role: 'agent', passwordHash: '-', createdAt: 1 }))
})

afterAll(async () => {
  setStoreMode('ok')
  for (const socket of sockets) socket.terminate()
  await house.close()
})

const addSite = (fields: NewSite): Promise<SiteRow> => write((tx) => createSite(tx, fields))

async function connect(token: string, options: { headers?: Record<string, string>; since?: number } = {}) {
  const socket = await VisitorSocket.connect(house.url, { token, ...options })
  sockets.push(socket)
  return socket
}

type Json = Record<string, unknown>
const request = (path: string, init: RequestInit = {}): Promise<Response> => fetch(`${house.url}${path}`, init)
const post = (path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
  request(`${api}/${path}`, {
    method: 'POST',
    headers,
    body: typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body),
  } as RequestInit)
const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

/** Tries until it is refused: once a second the store finds that it can write after all, and then it is told anew. */
async function whileStoreIs(mode: 'full' | 'failed' | 'damaged', isRefused: () => Promise<boolean>): Promise<void> {
  try {
    do setStoreMode(mode)
    while (!(await isRefused()))
  } finally {
    setStoreMode('ok')
  }
}

/** Whether an example has the shape of something real: the same properties, with values of the same types. */
function sameShape(one: unknown, other: unknown): boolean {
  if (Array.isArray(one) && Array.isArray(other))
    return one.every((item) => other.some((real) => sameShape(item, real))) && (one.length > 0 || other.length === 0)
  if (!isObject(one) || !isObject(other)) return typeof one === typeof other && (one === null) === (other === null)
  const keys = Object.keys(one)
  return (
    keys.length === Object.keys(other).length && keys.every((key) => key in other && sameShape(one[key], other[key]))
  )
}

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

const examplesIn = (text: string, kind: string): Json[] =>
  fences(text)
    .filter(({ info }) => info === `json ${kind}`)
    .map((block) => JSON.parse(block.text) as Json)

const fieldsOf = (body: string): { field: string; optional: boolean }[] =>
  tables(body)
    .flat()
    .filter((row) => row.field)
    .map((row) => ({ field: name(row.field), optional: row.type?.includes('optional') ?? false }))
const topLevel = (body: string) => fieldsOf(body).filter(({ field }) => !field.includes('['))

test('every example is JSON of a kind that is checked below', () => {
  for (const { info, text } of fences(page)) {
    expect(['json client', 'json server', 'json request', 'json answer', 'json refusal', 'http']).toContain(info)
    if (info !== 'http') JSON.parse(text)
  }
})

describe('the running server takes and gives what docs/protocol.md shows', () => {
  let token = ''
  let conversationId = ''
  const real = (text: string): string =>
    text
      .replaceAll(example.site, site.id)
      .replaceAll(example.token, token)
      .replaceAll(example.conversation, conversationId)
  const seen: ServerFrame[] = []

  test('over HTTP', async () => {
    for (const [path, fieldTables] of [
      ['sessions', 2],
      ['messages', 1],
      ['read', 1],
    ] as const) {
      const { body } = section(`POST ${api}/${path}`)
      const [asked = {}] = examplesIn(body, 'request')
      const [shown = {}] = examplesIn(body, 'answer')
      expect(tables(body)).toHaveLength(fieldTables)
      const given = Object.keys(asked)
      const known = tables(body)[0]?.map((row) => name(row.field)) ?? []
      expect(given.filter((field) => !known.includes(field))).toEqual([])
      const response = await post(path, real(JSON.stringify(asked)), path === 'sessions' ? {} : bearer(token))
      expect(response.status).toBe(200)
      const answer = (await response.json()) as Json
      expect(sameShape({ ...shown, availability: null }, { ...answer, availability: null })).toBe(true)
      if (path === 'sessions') token = String(answer.visitorToken)
      if (path === 'messages') conversationId = String(answer.conversationId)
    }
    const { body } = section(`GET ${api}/entries`)
    const line = real(fences(body).find(({ info }) => info === 'http')?.text ?? '')
    const response = await request(/ (\S+)/.exec(line)?.[1] ?? '', { headers: bearer(token) })
    expect(response.status).toBe(200)
    expect(sameShape(examplesIn(body, 'answer')[0], await response.json())).toBe(true)
    const refused = await post('messages', { clientId: 'x', body: ' ' }, bearer(token))
    expect(await refused.json()).toEqual(examplesIn(section('HTTP').body, 'refusal')[0])
  })

  test('each client frame, one after another', async () => {
    let socket: VisitorSocket | null = null
    let sent = 0
    for (const { heading, body } of clientFrames) {
      const fields = fieldsOf(body)
      const shown = examplesIn(body, 'client')
      expect([heading, shown.length > 0]).toEqual([heading, true])
      for (const frame of shown) {
        expect(frame.type).toBe(heading)
        const unknown = Object.keys(frame).filter((key) => key !== 'type' && !fields.some(({ field }) => field === key))
        const missing = fields.filter(({ field, optional }) => !optional && !(field in frame))
        expect([heading, unknown, missing]).toEqual([heading, [], []])
        if (heading === 'hello') {
          socket = await VisitorSocket.connect(house.url, { silent: true, onFrame: (one) => seen.push(one) })
          sockets.push(socket)
        }
        socket?.raw(real(JSON.stringify(frame)))
        // A ping answered in its turn says that the frame before it was handled.
        if (frame.type !== 'hello') await socket?.ping()
        else await socket?.frame('welcome')
        sent++
      }
    }
    expect(sent).toBeGreaterThan(6)
    expect(seen.filter((frame) => frame.type === 'refuse')).toEqual([])
    expect(seen.filter((frame) => frame.type === 'entries')).toHaveLength(2)
  })

  test('each server frame, with the fields that stand in its table', async () => {
    const socket = await VisitorSocket.connect(house.url, { token, since: 2, onFrame: (one) => seen.push(one) })
    sockets.push(socket)
    await sendMessage(anna, { clientId: newClientId(), body: 'Yes, until ten in the evening.', conversationId })
    await readUpTo(anna, { conversationId, seq: 4 })
    publish('agent.typing', {
      conversationId,
      visitorId: readVisitorToken(token).visitorId,
      agentId: anna.agentId,
      name: anna.name,
    })
    await socket.frame('typing')
    await socket.since(2)
    enter(anna.agentId, anna.name, { title: anna.title })
    await socket.frame('presence')
    const late = await VisitorSocket.connect(house.url, { token, onFrame: (one) => seen.push(one) })
    late.terminate()
    await socket.send({ clientId: 'blank', body: ' ' })
    await socket.send({ clientId: 'form', kind: 'feedback', body: 'x', form: {} })
    await whileStoreIs('full', async () => (await socket.send({ clientId: newClientId(), body: 'x' })).outcome !== 'ok')
    // What is shown of a site can be set: the widget's settings are taken as they stand there.
    const [{ audience, widget } = {}] = examplesIn(section('site').body, 'server')
    await changeWidget({ role: 'owner' }, site.id, { audience, widget })
    await socket.frame('site')
    await changeWidget({ role: 'owner' }, site.id, { audience: 'anyone' })
    await blockVisitor(readVisitorToken(token).visitorId, true)
    await socket.frame('visitor')
    await blockVisitor(readVisitorToken(token).visitorId, false)
    for (let n = 0; n < 2000; n++) socket.say({ type: 'ping' })
    await socket.frame('bye')
    for (const { heading, body } of serverFrameSections) {
      const type = frameName(heading)
      const ofType = seen.filter((frame) => frame.type === type) as Json[]
      const keys = new Set(ofType.flatMap((frame) => Object.keys(frame)))
      keys.delete('type')
      expect([type, [...keys].toSorted()]).toEqual([
        type,
        topLevel(body)
          .map(({ field }) => field)
          .toSorted(),
      ])
      const [shown] = examplesIn(body, 'server')
      expect([type, shown?.type]).toEqual([type, type])
      expect([type, ofType.some((frame) => sameShape(shown, frame))]).toEqual([type, true])
      for (const { field, optional } of topLevel(body))
        if (!optional) expect([type, field, ofType.every((frame) => field in frame)]).toEqual([type, field, true])
    }
    const welcomes = seen.filter((frame) => frame.type === 'welcome') as unknown as { conversations: Json[] }[]
    const inside = fieldsOf(section('welcome').body).filter(({ field }) => field.startsWith('conversations['))
    const [one = {}] = welcomes.flatMap(({ conversations }) => conversations)
    expect(inside.map(({ field }) => field).toSorted()).toEqual(
      Object.keys(one)
        .map((key) => `conversations[].${key}`)
        .toSorted(),
    )
  })
})

test('the log of "A hole, step by step" is what the server keeps and shows', async () => {
  const { visitorToken } = await session(house.url, site.id)
  const socket = await connect(visitorToken)
  const sent = await socket.send({ clientId: 'one', body: 'Do you deliver to the old town?' })
  if (sent.outcome !== 'ok') throw new Error(JSON.stringify(sent))
  const { conversationId } = sent
  await sendMessage(anna, { clientId: newClientId(), body: 'Yes.', conversationId })
  await sendMessage(anna, { clientId: newClientId(), body: 'Until ten.', conversationId })
  await finishConversation(anna, conversationId)
  await socket.frame((frame) => frame.type === 'entry' && (frame as { seq: number }).seq === 6)
  const documented = rowsOf('A hole, step by step').filter((row) => row['for the visitor'] === 'yes')
  const expected = documented.map((row) => [Number(row.seq), Number(row['`after`'])])
  const live = socket.frames.filter((frame) => frame.type === 'entry') as unknown as { seq: number; after: number }[]
  expect(live.map(({ seq, after }) => [seq, after])).toEqual(expected)
  const { from, to, items } = await socket.since(4)
  expect({ from, to, items: items.map(({ seq }) => seq) }).toEqual({ from: 4, to: 6, items: [5, 6] })
})

// --- each refusal, provoked

describe('every refusal in docs/protocol.md can be met', () => {
  type Refused = { code: string; status?: number; retryable: boolean }
  const asRefused = async (response: Response): Promise<Refused> => ({
    ...((await response.json()) as Refused),
    status: response.status,
  })
  const newToken = async (of: SiteRow = house.site): Promise<string> => (await session(house.url, of.id)).visitorToken
  const say = async (frame: unknown, options: { silent?: boolean } = {}): Promise<Refused> => {
    const socket = await VisitorSocket.connect(house.url, { token: await newToken(), ...options })
    sockets.push(socket)
    if (typeof frame === 'string' || frame instanceof Uint8Array) socket.raw(frame as string)
    else socket.say(frame)
    const refused = (await socket.frame('refuse')) as unknown as Refused
    socket.terminate()
    return refused
  }
  const send = async (message: Json): Promise<Refused> =>
    asRefused(await post('messages', { clientId: newClientId(), body: 'x', ...message }, bearer(await newToken())))
  const whileStore = async (mode: 'full' | 'failed' | 'damaged'): Promise<Refused> => {
    const headers = bearer(await newToken())
    let response = Response.json({})
    await whileStoreIs(mode, async () => {
      response = await post('messages', { clientId: newClientId(), body: 'x' }, headers)
      return !response.ok
    })
    return asRefused(response)
  }

  const whileSending = async (fault: Error): Promise<Refused> => {
    let armed = true
    reactInside('message.sent', () => (armed ? Promise.reject(fault) : Promise.resolve()))
    setUpLog({ print: () => undefined })
    const refused = await send({})
    armed = false
    setUpLog({ print: (line) => void process.stderr.write(`${line}\n`) })
    return refused
  }

  const ways: Partial<Record<RefusalCode, () => Promise<Refused>>> = {
    bad_request: async () => asRefused(await request(`${api}/socket`)),
    bad_frame: () => say(new Uint8Array([1, 2])),
    unknown_type: () => say({ type: 'dance' }),
    too_large: async () => asRefused(await post('sessions', ' '.repeat(65_537))),
    not_found: async () => asRefused(await request(`${api}/nothing`)),
    hello_first: () => say({ type: 'ping' }, { silent: true }),
    unsupported_protocol: () => say({ type: 'hello', protocol: 2, token: 'x' }, { silent: true }),
    origin_refused: async () => asRefused(await post('sessions', { siteId: house.site.id }, { origin: 'null' })),
    site_unknown: async () => asRefused(await post('sessions', { siteId: example.site })),
    site_inactive: async () => {
      const out = await addSite({ name: 'Out of use' })
      await deactivateSite({ role: 'owner' }, out.id, true)
      return asRefused(await post('sessions', { siteId: out.id }))
    },
    token_invalid: async () => asRefused(await request(`${api}/entries`)),
    conversation_unknown: () => send({ conversationId: example.conversation }),
    client_id_invalid: () => send({ clientId: 'a b' }),
    client_id_reused: async () => {
      const headers = bearer(await newToken())
      await post('messages', { clientId: 'one', body: 'x' }, headers)
      return asRefused(await post('messages', { clientId: 'one', body: 'y' }, headers))
    },
    kind_unknown: () => send({ kind: 'note' }),
    text_missing: () => send({ body: ' \n' }),
    text_too_long: () => send({ body: 'x'.repeat(8001) }),
    text_invalid: () => send({ body: 'half a pair: \ud83d' }),
    form_invalid: () => send({ kind: 'feedback', form: { name: 'Boris' } }),
    email_invalid: () => send({ kind: 'email', body: 'boris' }),
    registration_needed: async () => {
      const closed = await addSite({ name: 'Members' })
      await changeWidget({ role: 'owner' }, closed.id, { audience: 'registered' })
      return asRefused(await post('messages', { clientId: 'x', body: 'x' }, bearer(await newToken(closed))))
    },
    blocked: async () => {
      const token = await newToken()
      await post('messages', { clientId: 'one', body: 'x' }, bearer(token))
      const { visitorId } = readVisitorToken(token)
      await write((tx) => tx.update(visitors).set({ blockedAt: 1 }).where(eq(visitors.id, visitorId)))
      return asRefused(await post('messages', { clientId: 'two', body: 'x' }, bearer(token)))
    },
    chat_disabled: async () => {
      const off = await addSite({ name: 'Off' })
      await switchChat({ role: 'owner' }, off.id, false)
      return asRefused(await post('messages', { clientId: 'x', body: 'x' }, bearer(await newToken(off))))
    },
    rate_limited: async () => {
      const headers = bearer(await newToken())
      const asked = await Promise.all(Array.from({ length: 300 }, () => request(`${api}/entries`, { headers })))
      const limited = asked.find(({ status }) => status === 429)
      expect(Number(limited?.headers.get('retry-after'))).toBeGreaterThan(0)
      return asRefused(limited ?? Response.json({}))
    },
    storage_full: () => whileStore('full'),
    storage_failed: () => whileStore('failed'),
    storage_damaged: () => whileStore('damaged'),
    // As the writer does when PostgreSQL dies in the middle of COMMIT: see db/postgres.test.ts.
    storage_silent: () => whileSending(unanswered()),
    internal_error: () => whileSending(new Error('a bug')),
  }

  for (const [code, provoke] of Object.entries(ways)) {
    test(code, async () => {
      const refused = await provoke()
      const { status, retryable } = refusals[code as RefusalCode]
      expect({ code: refused.code, retryable: refused.retryable }).toEqual({ code, retryable })
      if (refused.status !== undefined) expect(refused.status).toBe(status)
    })
  }

  test('stopping', async () => {
    // Only one store can be open in a process: this closes the house's under a socket, then opens it again.
    const socket = await connect(await newToken())
    await closeStore()
    expect(await socket.send({ clientId: 'late', body: 'x' })).toMatchObject({ code: 'stopping', retryable: true })
    socket.terminate()
    await house.reopen()
  })

  test('and no row of the table was left out here', () => {
    const documented = rowsOf('Refusals').map((row) => name(row.code))
    expect([...Object.keys(ways), 'stopping'].toSorted()).toEqual(documented.toSorted())
  })
})
